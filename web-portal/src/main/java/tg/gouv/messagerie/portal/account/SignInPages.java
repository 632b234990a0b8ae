package tg.gouv.messagerie.portal.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.directory.signin.WebSessions.Outcome;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** To come in, to show the password again, and to go. */
final class SignInPages {
    private final WebSessions sessions;
    private final Register register;
    private final InstantSource clock;
    private final StaticTemplates templates = new StaticTemplates();

    SignInPages(WebSessions sessions, Register register, InstantSource clock) {
        this.sessions = sessions;
        this.register = register;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/entrer", Access.EVERYBODY, SignInPages.class, this::asked),
                Route.post("/entrer", Access.EVERYBODY, SignInPages.class, this::signIn),
                Route.get("/entrer/code", Access.EVERYBODY, SignInPages.class, visit -> codeForm(200, visit, "")),
                Route.post("/entrer/code", Access.EVERYBODY, SignInPages.class, this::code),
                Route.post("/sortir", Access.EVERYBODY, SignInPages.class, this::signOut),
                Route.get("/sorti", Access.EVERYBODY, SignInPages.class, this::gone),
                Route.get(
                        "/langue/{langue}",
                        Access.EVERYBODY,
                        SignInPages.class,
                        visit -> Reply.to(visit.target()).withLanguage(visit.name("langue", SignInPages::spoken))),
                Route.get(
                        "/compte/confirmer", Access.ENROLLING, SignInPages.class, visit -> confirmForm(200, visit, "")),
                Route.post("/compte/confirmer", Access.ENROLLING, SignInPages.class, this::confirm));
    }

    private Reply asked(Visit visit) {
        return visit.visitor().isPresent() ? Reply.to(visit.target()) : form(200, visit, "", "");
    }

    private Reply signIn(Visit visit) {
        String address = visit.form().line("adresse");
        Outcome outcome = sessions.begin(address, visit.form().secret("mot-de-passe"), visit.from(), visit.program());
        return switch (outcome) {
            case Outcome.Begun begun -> entered(visit, begun);
            case Outcome.CodeNeeded(Secret waiting) ->
                Reply.to("/entrer/code?vers=" + visit.target()).withWaiting(waiting);
            case Outcome.Refused() -> form(422, visit, address, visit.shell().text("sign-in.refused"));
            case Outcome.Throttled(Instant until) -> form(429, visit, address, wait(visit, until));
        };
    }

    /** A session of before, whoever's it is, ends: nobody goes on with what somebody else began. */
    private Reply entered(Visit visit, Outcome.Begun begun) {
        visit.session().ifPresent(sessions::end);
        Reply reply = Reply.to(visit.target()).withSession(begun.session());
        return language(visit).map(reply::withLanguage).orElse(reply);
    }

    /** The language of a person, unless this browser has chosen one. */
    private Optional<Locale> language(Visit visit) {
        return visit.form()
                .given("adresse")
                .flatMap(SignInPages::address)
                .flatMap(register::person)
                .map(it -> it.person().language());
    }

    private static Optional<MailAddress> address(String text) {
        try {
            return Optional.of(MailAddress.of(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Reply code(Visit visit) {
        if (visit.waiting().isEmpty()) {
            return Reply.to("/entrer?vers=" + visit.target());
        }
        Outcome outcome = sessions.code(visit.waiting().get(), visit.form().secret("code"), visit.from());
        return switch (outcome) {
            case Outcome.Begun begun -> entered(visit, begun);
            case Outcome.CodeNeeded _ -> codeForm(422, visit, visit.shell().text("code.refused"));
            case Outcome.Refused() -> codeForm(422, visit, visit.shell().text("code.refused"));
            case Outcome.Throttled(Instant until) -> codeForm(429, visit, wait(visit, until));
        };
    }

    private Reply signOut(Visit visit) {
        visit.session().ifPresent(sessions::end);
        return Reply.to("/sorti").withoutSession();
    }

    private Reply gone(Visit visit) {
        return visit.visitor().isPresent() ? Reply.to("/compte") : Reply.page(templates.accountGone(visit.shell()));
    }

    private Reply confirm(Visit visit) {
        Outcome outcome =
                sessions.prove(visit.session().orElseThrow(), visit.form().secret("mot-de-passe"), visit.from());
        return switch (outcome) {
            case Outcome.Begun begun -> Reply.to(visit.target()).withSession(begun.session());
            case Outcome.CodeNeeded _ -> confirmForm(422, visit, visit.shell().text("confirm.refused"));
            case Outcome.Refused() -> confirmForm(422, visit, visit.shell().text("confirm.refused"));
            case Outcome.Throttled(Instant until) -> confirmForm(429, visit, wait(visit, until));
        };
    }

    private Reply form(int status, Visit visit, String address, String wrong) {
        return Reply.page(status, templates.accountSignIn(visit.shell(), address, visit.target(), wrong));
    }

    private Reply codeForm(int status, Visit visit, String wrong) {
        return Reply.page(status, templates.accountCode(visit.shell(), visit.target(), wrong));
    }

    private Reply confirmForm(int status, Visit visit, String wrong) {
        return Reply.page(status, templates.accountConfirm(visit.shell(), visit.target(), wrong));
    }

    private String wait(Visit visit, Instant until) {
        return Waiting.sentence(visit.shell(), Duration.between(clock.instant(), until));
    }

    private static Locale spoken(String tag) {
        return switch (tag) {
            case "fr" -> Locale.FRENCH;
            case "en" -> Locale.ENGLISH;
            default -> throw new IllegalArgumentException(tag);
        };
    }
}
