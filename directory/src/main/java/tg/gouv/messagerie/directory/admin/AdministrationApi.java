package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.imports.ImportFiles;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.RememberedRequests;
import tg.gouv.messagerie.directory.provisioning.RememberedRequests.Outcome;
import tg.gouv.messagerie.directory.provisioning.RememberedRequests.Said;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.BearerTokens;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.http.BoundedBody;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * A request is answered on its own virtual thread, so it blocks as it likes. Whom it acts for is said by its bearer token alone (RFC
 * 6750): no cookie and no Basic, so no page of another site can make a browser ask in somebody's name. Whatever it records is theirs.
 */
/** The administration's API, at {@link #PREFIX}. */
public final class AdministrationApi extends Handler.Abstract {
    /** The path below which it is. */
    public static final String PREFIX = "/api/v1";

    private static final Logger LOG = LoggerFactory.getLogger(AdministrationApi.class);
    private static final ByteSize BODY_MAX = ByteSize.parse("64KB");
    private static final List<String> FILES = List.of("text/csv", "text/plain", "application/octet-stream");
    private static final String SCHEME = "Bearer ";
    private static final String DESCRIPTION = "/openapi.json";

    private final List<Operation> operations;
    private final BearerTokens tokens;
    private final RememberedRequests remembered;
    private final InstantSource clock;
    private final JsonNode description;

    /** The API over a directory. */
    public AdministrationApi(
            Register register,
            Provisioning provisioning,
            Rights rights,
            BearerTokens tokens,
            ActivationCodes codes,
            DevicePasswords devices,
            Sessions sessions,
            SecondFactors factors,
            Directory directory,
            SignIns signIns,
            AccessLedger ledger,
            RememberedRequests remembered,
            PersonalArchives archives,
            Imports imports,
            ImportFiles files,
            PeopleIndex people,
            HelpDesk desk,
            PartLedger parts,
            InstantSource clock) {
        this.tokens = tokens;
        this.remembered = remembered;
        this.clock = clock;
        List<Operation> all = new ArrayList<>();
        all.addAll(new GrantOperations(register, provisioning, rights, tokens).all());
        all.addAll(new StructureOperations(register, provisioning).all());
        all.addAll(new PeopleOperations(register, provisioning, rights, codes, people).all());
        all.addAll(new GroupOperations(register, provisioning, rights).all());
        all.addAll(new RoomOperations(register, provisioning).all());
        all.addAll(new SignInOperations(register, provisioning, rights, devices, sessions, factors).all());
        all.addAll(new PasswordOperations(directory, signIns, factors, provisioning).all());
        all.addAll(new AccessOperations(register, rights, ledger, parts).all());
        all.addAll(new HelpOperations(register, desk).all());
        all.addAll(new PersonalOperations(register, archives).all());
        all.addAll(new ImportOperations(imports, files).all());
        all.add(new Operation(
                "GET",
                DESCRIPTION,
                "description",
                "This description.",
                "nothing",
                List.of(),
                List.of(),
                200,
                List.of("openapi"),
                _ -> Answer.of(description())));
        this.operations = List.copyOf(all);
        this.description = OpenApi.document(operations);
    }

    private JsonNode description() {
        return description;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        request.setAttribute(HttpServer.ERRORS_AS_JSON, true);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Answer answer;
        try {
            answer = answer(request, response);
        } catch (Problem problem) {
            return told(problem, request, response, callback);
        } catch (ProvisioningRefused refused) {
            return told(new Problem(refused), request, response, callback);
        } catch (ImportRefused refused) {
            return told(new Problem(refused), request, response, callback);
        } catch (StoreUnavailable e) {
            LOG.error("event=api-unavailable reason=\"{}\"", e.getMessage());
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "5");
            return told(new Problem(503, "try-later"), request, response, callback);
        }
        response.setStatus(answer.status());
        if (answer.file().isPresent()) {
            write(answer.file().get(), response, callback);
            return true;
        }
        answer.tag().ifPresent(tag -> response.getHeaders().put(HttpHeader.ETAG, tag));
        write(answer.body(), "application/json", response, callback);
        return true;
    }

    private Answer answer(Request request, Response response) throws Exception {
        String path = Request.getPathInContext(request).substring(PREFIX.length());
        TreeSet<String> methods = new TreeSet<>();
        for (Operation operation : operations) {
            Optional<Map<String, String>> names = operation.match(path);
            if (names.isPresent()) {
                if (operation.method().equals(request.getMethod())) {
                    return done(operation, names.get(), request);
                }
                methods.add(operation.method());
            }
        }
        if (methods.isEmpty()) {
            throw new Problem(404, "nothing-there");
        }
        response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", methods));
        throw new Problem(405, "method-unknown", String.join(", ", methods));
    }

    private Answer done(Operation operation, Map<String, String> path, Request request) throws Exception {
        Optional<Secret> token = token(request);
        Optional<AccountId> actor =
                operation.needs().equals("nothing") ? Optional.empty() : Optional.of(actor(operation, token));
        Optional<String> ifMatch = Optional.ofNullable(request.getHeaders().get(HttpHeader.IF_MATCH));
        String body = body(operation, request);
        Call call = new Call(
                actor,
                token,
                client(request),
                path,
                query(operation, request),
                ifMatch,
                operation.takesBody() && !operation.takesFile() ? Json.body(body) : new Body(Json.object()),
                file(operation, request));
        if (actor.isEmpty()) {
            return operation.doing().answer(call);
        }
        Optional<RequestKey> key =
                operation.takesKey() ? RequestKey.of(request, ifMatch.orElse(""), body) : Optional.empty();
        AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
        Circumstances asked = new Circumstances(
                clock.instant(),
                new Actor.Account(actor.get().value()),
                Optional.empty(),
                new tg.gouv.messagerie.platform.audit.Origin.Remote(
                        Origin.of(call.client()).network(), "http"));
        asked.run(() -> answer.set(
                key.isPresent()
                        ? once(operation, call, key.get())
                        : operation.doing().answer(call)));
        return Objects.requireNonNull(answer.get()).within(asked);
    }

    /** Does what is asked unless it was done; one that is done already is answered as it was the first time. */
    private Answer once(Operation operation, Call call, RequestKey key) {
        Outcome outcome = remembered.answer(
                call.signedIn(),
                key.value(),
                key.request(),
                () -> said(operation, operation.doing().answer(call)));
        return switch (outcome) {
            case Outcome.Answered(Said said) ->
                new Answer(said.status(), said.body().map(Json::read), said.tag());
            case Outcome.ShownOnce() -> throw new Problem(409, "key-shown-once");
            case Outcome.Running() -> throw new Problem(409, "key-running");
            case Outcome.OfAnother() -> throw new Problem(422, "key-of-another");
            case Outcome.TooMany() ->
                throw new Problem(
                        429,
                        "key-too-many",
                        String.valueOf(RememberedRequests.KEYS_MAX),
                        String.valueOf(RememberedRequests.KEPT.toHours()));
        };
    }

    private static Said said(Operation operation, Answer answer) {
        return new Said(
                answer.status(),
                answer.body().map(json -> new String(Json.bytes(json), StandardCharsets.UTF_8)),
                answer.tag(),
                operation.answersSecret());
    }

    private AccountId actor(Operation operation, Optional<Secret> token) {
        BearerTokens.Holder holder = token.flatMap(tokens::holder).orElseThrow(() -> new Problem(401, "token-needed"));
        if (holder.enrolsOnly() && !SignInOperations.enrols(operation)) {
            throw new Problem(403, "second-factor-demanded");
        }
        return holder.account();
    }

    private static Optional<Secret> token(Request request) {
        List<String> fields = request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION);
        return fields.size() == 1 && fields.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(
                        new Secret(fields.getFirst().substring(SCHEME.length()).strip()))
                : Optional.empty();
    }

    private static Map<String, String> query(Operation operation, Request request) {
        Map<String, String> query = new HashMap<>();
        for (Fields.Field field : Request.extractQueryParameters(request)) {
            if (!operation.parameters().contains(field.getName())
                    || field.getValues().size() != 1) {
                throw new Problem(400, "parameter-malformed", String.join(", ", operation.parameters()));
            }
            query.put(field.getName(), field.getValue());
        }
        return query;
    }

    /** The body as it came; nothing where none is taken, or a file is. */
    private static String body(Operation operation, Request request) throws Exception {
        if (!operation.takesBody() || operation.takesFile()) {
            return "";
        }
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null
                || !type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals("application/json")) {
            throw new Problem(415, "json-wanted");
        }
        if (request.getLength() > BODY_MAX.bytes()) {
            throw new Problem(413, "too-large");
        }
        return Content.Source.asString(new BoundedBody(request, BODY_MAX));
    }

    /** The file that a request brings; who takes it bounds it. */
    private static InputStream file(Operation operation, Request request) {
        if (!operation.takesFile()) {
            return InputStream.nullInputStream();
        }
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null
                || !FILES.contains(
                        type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip())) {
            throw new Problem(415, "file-wanted", String.join(", ", FILES));
        }
        return Content.Source.asInputStream(request);
    }

    private static InetAddress client(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    private static boolean told(Problem problem, Request request, Response response, Callback callback) {
        Locale language = request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_LANGUAGE).stream()
                        .findFirst()
                        .filter(first -> first.toLowerCase(Locale.ROOT).startsWith("en"))
                        .isPresent()
                ? Locale.ENGLISH
                : Locale.FRENCH;
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_LANGUAGE, language.getLanguage());
        if (problem.status() == 401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"gouv.tg\""); // RFC 6750 section 3
        }
        write(Optional.of(problem.json(language)), "application/problem+json", response, callback);
        return true;
    }

    /** A file that fails while it is written ends with the connection, so that nobody takes it for whole. */
    private static void write(Answer.File file, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, file.type());
        response.getHeaders().put(HttpHeader.CONTENT_DISPOSITION, file.disposition());
        OutputStream out = Content.Sink.asOutputStream(response);
        try {
            file.octets().write(out);
            out.close(); // says that this is the end
        } catch (IOException | RuntimeException e) {
            LOG.warn("event=file-cut reason=\"{}\"", e.getMessage());
            callback.failed(e);
            return;
        }
        callback.succeeded();
    }

    private static void write(Optional<? extends JsonNode> body, String type, Response response, Callback callback) {
        if (body.isEmpty()) {
            callback.succeeded();
            return;
        }
        byte[] bytes = Json.bytes(body.get());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }
}
