package tg.gouv.messagerie.portal.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.directory.signin.WebSessions.Outcome;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** Another main password for oneself: what the one before opened ends, but for the session in which it was changed. */
final class PasswordPages {
    private final Provisioning provisioning;
    private final WebSessions sessions;
    private final InstantSource clock;
    private final StaticTemplates templates = new StaticTemplates();

    PasswordPages(Provisioning provisioning, WebSessions sessions, InstantSource clock) {
        this.provisioning = provisioning;
        this.sessions = sessions;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/compte/mot-de-passe", Access.SIGNED_IN, PasswordPages.class, visit -> form(200, visit, "")),
                Route.post("/compte/mot-de-passe", Access.SIGNED_IN, PasswordPages.class, this::change));
    }

    private Reply change(Visit visit) {
        Secret password = visit.form().secret("mot-de-passe");
        if (!password.equals(visit.form().secret("encore"))) {
            return form(422, visit, visit.shell().text("password.unlike"));
        }
        try {
            provisioning.demandGood(visit.account(), password);
        } catch (ProvisioningRefused refused) {
            return form(422, visit, refused.sentence(visit.language()));
        }
        Outcome shown =
                sessions.prove(visit.session().orElseThrow(), visit.form().secret("actuel"), visit.from());
        return switch (shown) {
            case Outcome.Begun _ -> {
                provisioning.ownPassword(visit.account(), password);
                yield Reply.to("/compte/mot-de-passe?fait=password")
                        .withSession(sessions.renew(visit.signedIn(), visit.from()));
            }
            case Outcome.CodeNeeded _ -> form(422, visit, visit.shell().text("confirm.refused"));
            case Outcome.Refused() -> form(422, visit, visit.shell().text("confirm.refused"));
            case Outcome.Throttled(Instant until) ->
                form(429, visit, Waiting.sentence(visit.shell(), Duration.between(clock.instant(), until)));
        };
    }

    private Reply form(int status, Visit visit, String wrong) {
        return Reply.page(
                status,
                templates.accountPassword(visit.shell(), visit.owner().primary().toString(), wrong));
    }
}
