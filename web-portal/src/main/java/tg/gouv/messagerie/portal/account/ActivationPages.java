package tg.gouv.messagerie.portal.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Activated;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.directory.signin.WebSessions.Outcome;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** The first password, with the code of a letter. */
final class ActivationPages {
    private final ActivationCodes codes;
    private final WebSessions sessions;
    private final InstantSource clock;
    private final StaticTemplates templates = new StaticTemplates();

    ActivationPages(ActivationCodes codes, WebSessions sessions, InstantSource clock) {
        this.codes = codes;
        this.sessions = sessions;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/activer", Access.EVERYBODY, ActivationPages.class, visit -> form(200, visit, "")),
                Route.post("/activer", Access.EVERYBODY, ActivationPages.class, this::activate));
    }

    private Reply activate(Visit visit) {
        Secret password = visit.form().secret("mot-de-passe");
        if (!password.equals(visit.form().secret("encore"))) {
            return form(422, visit, visit.shell().text("password.unlike"));
        }
        Activated outcome;
        try {
            outcome = codes.activate(visit.form().line("adresse"), visit.form().secret("code"), password, visit.from());
        } catch (ProvisioningRefused refused) {
            return form(422, visit, refused.sentence(visit.language()));
        }
        return switch (outcome) {
            case Activated.Done _ -> entered(visit, password);
            case Activated.Refused() -> form(422, visit, visit.shell().text("activate.refused"));
            case Activated.BadPassword() -> form(422, visit, visit.shell().text("password.bad"));
            case Activated.Throttled(Instant until) ->
                form(429, visit, Waiting.sentence(visit.shell(), Duration.between(clock.instant(), until)));
        };
    }

    /** Who has just chosen a password need not type it again. */
    private Reply entered(Visit visit, Secret password) {
        visit.session().ifPresent(sessions::end);
        Outcome outcome = sessions.begin(visit.form().line("adresse"), password, visit.from(), visit.program());
        return switch (outcome) {
            case Outcome.Begun begun -> Reply.to("/compte?fait=activated").withSession(begun.session());
            case Outcome.CodeNeeded(Secret waiting) ->
                Reply.to("/entrer/code").withoutSession().withWaiting(waiting);
            case Outcome.Refused() -> Reply.to("/entrer?fait=activated").withoutSession();
            case Outcome.Throttled _ -> Reply.to("/entrer?fait=activated").withoutSession();
        };
    }

    private Reply form(int status, Visit visit, String wrong) {
        String address = visit.form().line("adresse");
        String code = status == 200 ? "" : visit.form().line("code");
        return Reply.page(status, templates.accountActivate(visit.shell(), address, code, wrong))
                .withScript();
    }
}
