package tg.gouv.messagerie.portal.pages;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.directory.signin.WebSessions.Visitor;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.http.SegmentDoor;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Route.Method;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/*
 * What a request meets, in order: its route; its session; whether the route is for whoever that is; for an act, that the form is ours
 * (another site's page can neither send our cookies nor write our token); then the page, which acts in the visitor's name. Whatever is
 * refused on the way is a page, too.
 */
/** Every page, by its address. */
public final class Door extends Handler.Abstract implements SegmentDoor {
    /** After this long, an act that a browser left open must not do asks for the main password again. */
    public static final Duration PROVED_FOR = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final int FORM_COOKIE_BYTES = 16;
    private static final int SECRET_MAX = 100;
    private static final int PROGRAM_MAX = 500;

    private final List<Route> routes;
    private final Set<String> roots;
    private final WebSessions sessions;
    private final Predicate<AccountId> manages;
    private final Shell.Site site;
    private final Forms forms;
    private final InstantSource clock;
    private final SecureRandom random;
    private final StaticTemplates templates = new StaticTemplates();

    /**
     * The door to these pages.
     *
     * @param manages whether somebody has something to administer: they are shown the way
     */
    public Door(
            List<Route> routes,
            WebSessions sessions,
            Predicate<AccountId> manages,
            Shell.Site site,
            Forms forms,
            InstantSource clock,
            SecureRandom random) {
        this.routes = List.copyOf(routes);
        this.roots = Set.copyOf(routes.stream()
                .map(it -> "/" + it.path().split("/", -1)[1])
                .filter(it -> it.length() > 1)
                .toList());
        this.sessions = sessions;
        this.manages = manages;
        this.site = site;
        this.forms = forms;
        this.clock = clock;
        this.random = random;
    }

    /** The first segments of the addresses of all pages, for {@link tg.gouv.messagerie.platform.http.HttpServer#start}. */
    public Set<String> prefixes() {
        return roots;
    }

    /** Every page and act behind it. */
    public List<Route> routes() {
        return routes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Writing writing = new Writing(request, response, callback);
        String path = Request.getPathInContext(request);
        Asked asked = new Asked(request, path);
        try {
            Reply reply = reply(asked);
            writing.write(reply, asked.language, () -> asked.formCookie);
        } catch (RuntimeException e) {
            refuse(e, asked, writing);
        }
        return true;
    }

    private void refuse(RuntimeException why, Asked asked, Writing writing) {
        Shell shell = asked.shell(asked.texts);
        switch (why) {
            case PageRefused refused -> tell(refused.status(), shell, refused.sentence(shell), asked, writing);
            case ProvisioningRefused refused ->
                tell(status(refused.reason()), shell, shell.sentence(refused), asked, writing);
            case ImportRefused refused -> tell(422, shell, refused.sentence(asked.language), asked, writing);
            case StoreUnavailable unavailable -> {
                LOG.error("event=page-unavailable path={} reason=\"{}\"", asked.path, unavailable.getMessage());
                tell(503, shell, shell.text("refused.try-later"), asked, writing);
            }
            case HttpException.RuntimeException body ->
                tell(
                        body.getCode(),
                        shell,
                        shell.text(body.getCode() == 413 ? "refused.too-large" : "refused.form"),
                        asked,
                        writing);
            default -> {
                LOG.error("event=page-failed path={}", asked.path, why);
                tell(500, shell, shell.text("refused.failed"), asked, writing);
            }
        }
    }

    private static int status(ProvisioningRefused.Reason reason) {
        return switch (reason) {
            case NO_RIGHT, NO_RIGHT_IN_THE_STATE -> 403;
            case BUSY -> 503;
            default -> 422;
        };
    }

    private void tell(int status, Shell shell, String sentence, Asked asked, Writing writing) {
        String title = shell.text(status == 404 ? "refused.title-404" : "refused.title");
        writing.write(
                Reply.page(status, templates.refused(shell, title, sentence, asked.origin())),
                asked.language,
                () -> asked.formCookie);
    }

    private Reply reply(Asked asked) {
        Route route = route(asked);
        asked.texts = route.texts();
        asked.signIn();
        Optional<Reply> first = detour(route, asked);
        if (first.isPresent()) {
            return first.get();
        }
        Form form = route.method() == Method.POST ? ours(route, asked) : Form.EMPTY;
        try (form) {
            Visit visit = asked.visit(route, form);
            return asked.visitor.isPresent()
                    ? as(asked.visitor.get(), asked, () -> route.doing().reply(visit))
                    : route.doing().reply(visit);
        }
    }

    private Route route(Asked asked) {
        HttpMethod method = HttpMethod.fromString(asked.request.getMethod());
        boolean known = false;
        for (Route route : routes) {
            Optional<Map<String, String>> names = route.match(asked.path);
            if (names.isPresent()) {
                known = true;
                boolean fits = route.method() == Method.GET
                        ? method == HttpMethod.GET || method == HttpMethod.HEAD
                        : method == HttpMethod.POST;
                if (fits) {
                    asked.names = names.get();
                    return route;
                }
            }
        }
        throw known ? new PageRefused(405, "refused.method") : PageRefused.nothingThere();
    }

    /** Where somebody must go first: to sign in, to turn a second factor on, to show the password again. */
    private Optional<Reply> detour(Route route, Asked asked) {
        if (route.access() == Access.EVERYBODY) {
            return Optional.empty();
        }
        if (asked.visitor.isEmpty()) {
            return Optional.of(Reply.to("/entrer?vers=" + encoded(asked.wanted(route))));
        }
        Visitor visitor = asked.visitor.get();
        if (!route.access().isForWhoMustEnrol() && visitor.enrolsOnly()) {
            return Optional.of(Reply.to("/compte/second-facteur"));
        }
        if (route.access().asksForProof()
                && visitor.proved().isBefore(clock.instant().minus(PROVED_FOR))) {
            return Optional.of(Reply.to("/compte/confirmer?vers=" + encoded(asked.wanted(route))));
        }
        return Optional.empty();
    }

    /** The form, if it is one of ours: what another site's page sends is not read. */
    private Form ours(Route route, Asked asked) {
        Request request = asked.request;
        String fetch = request.getHeaders().get("Sec-Fetch-Site"); // W3C Fetch Metadata
        if (fetch != null && !fetch.equals("same-origin") && !fetch.equals("none")) {
            throw new PageRefused(403, "refused.not-our-form");
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN); // RFC 6454 section 7
        if (origin != null && !origin.equals("https://" + request.getHeaders().get(HttpHeader.HOST))) {
            throw new PageRefused(403, "refused.not-our-form");
        }
        Form form = forms.read(request, route.takesFile());
        if (!FormTokens.isOf(asked.formSecret(), form.text("jeton"))) {
            form.close();
            throw new PageRefused(403, "refused.form-is-over");
        }
        return form;
    }

    private Reply as(Visitor visitor, Asked asked, java.util.function.Supplier<Reply> act) {
        AtomicReference<@Nullable Reply> reply = new AtomicReference<>();
        Circumstances circumstances = new Circumstances(
                clock.instant(),
                new Actor.Account(visitor.owner().id().value()),
                Optional.empty(),
                new tg.gouv.messagerie.platform.audit.Origin.Remote(
                        Origin.of(asked.from()).network(), "web"));
        circumstances.run(() -> reply.set(act.get()));
        return Objects.requireNonNull(reply.get()).within(circumstances);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** One request, as far as it is understood. */
    private final class Asked {
        private final Request request;
        private final String path;
        private final Locale language;
        private final Optional<Secret> session;
        private final Form query;
        private Map<String, String> names = Map.of();
        private Class<?> texts = Door.class;
        private Optional<Visitor> visitor = Optional.empty();
        /** Asked once, before the page: the page of a refusal must not need PostgreSQL. */
        private boolean managing;

        private Optional<String> formCookie = Optional.empty();
        private @Nullable Secret form;

        Asked(Request request, String path) {
            this.request = request;
            this.path = path;
            this.language = Languages.of(cookie(Cookies.LANGUAGE).map(Secret::reveal), request);
            this.session = cookie(Cookies.SESSION);
            this.query = Forms.query(request);
        }

        void signIn() {
            visitor = session.flatMap(sessions::visitor);
        }

        Visit visit(Route route, Form filled) {
            managing = visitor.filter(it -> !it.enrolsOnly())
                    .filter(it -> manages.test(it.owner().id()))
                    .isPresent();
            return new Visit(
                    names,
                    query,
                    filled,
                    visitor,
                    session,
                    cookie(Cookies.WAITING),
                    from(),
                    program(),
                    shell(route.texts()));
        }

        Shell shell(Class<?> own) {
            return new Shell(
                    own,
                    language,
                    address(),
                    visitor,
                    managing,
                    site,
                    () -> FormTokens.token(formSecret(), random),
                    query.given("fait"));
        }

        /** The page to come back to: that of a form, if an act was asked for, has the same address or the one above. */
        String wanted(Route route) {
            String behind = request.getHttpURI().getQuery();
            return route.method() == Method.GET && behind != null ? address() + "?" + behind : address();
        }

        /** The path as a link has it. */
        private String address() {
            return Stream.of(path.split("/", -1))
                    .map(it -> Segment.of(Segment.name(it)))
                    .collect(Collectors.joining("/"));
        }

        /** Where a link « back » leads. */
        String origin() {
            return visitor.isPresent() ? "/compte" : "/";
        }

        Secret formSecret() {
            if (form == null) {
                form = visitor.isPresent()
                        ? session.orElseThrow()
                        : cookie(Cookies.FORM).orElseGet(this::newFormSecret);
            }
            return form;
        }

        private Secret newFormSecret() {
            byte[] bytes = new byte[FORM_COOKIE_BYTES];
            random.nextBytes(bytes);
            Secret secret = new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            formCookie = Optional.of(Cookies.form(secret));
            return secret;
        }

        InetAddress from() {
            return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
                    ? socket.getAddress()
                    : InetAddress.getLoopbackAddress();
        }

        private String program() {
            String agent = request.getHeaders().get(HttpHeader.USER_AGENT);
            return agent == null ? "" : agent.substring(0, Math.min(agent.length(), PROGRAM_MAX));
        }

        private Optional<Secret> cookie(String name) {
            return Request.getCookies(request).stream()
                    .filter(it -> it.getName().equals(name))
                    .map(it -> it.getValue())
                    .filter(it -> !it.isEmpty() && it.length() <= SECRET_MAX)
                    .findFirst()
                    .map(Secret::new);
        }
    }
}
