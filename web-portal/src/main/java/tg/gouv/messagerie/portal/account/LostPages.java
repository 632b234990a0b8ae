package tg.gouv.messagerie.portal.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.signin.LostPasswords;
import tg.gouv.messagerie.directory.signin.LostPasswords.Outcome;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** What to do who has lost their password: another one with two codes of the second factor, or a new letter. */
final class LostPages {
    private final LostPasswords passwords;
    private final InstantSource clock;
    private final StaticTemplates templates = new StaticTemplates();

    LostPages(LostPasswords passwords, InstantSource clock) {
        this.passwords = passwords;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/oubli", Access.EVERYBODY, LostPages.class, visit -> form(200, visit, "")),
                Route.post("/oubli", Access.EVERYBODY, LostPages.class, this::choose));
    }

    private Reply choose(Visit visit) {
        Secret password = visit.form().secret("mot-de-passe");
        if (!password.equals(visit.form().secret("encore"))) {
            return form(422, visit, visit.shell().text("password.unlike"));
        }
        Outcome outcome;
        try {
            outcome = passwords.choose(
                    visit.form().line("adresse"),
                    visit.form().secret("code"),
                    visit.form().secret("secours"),
                    password,
                    visit.from());
        } catch (ProvisioningRefused refused) {
            return form(422, visit, refused.sentence(visit.language()));
        }
        return switch (outcome) {
            case Outcome.Done _ -> Reply.to("/entrer?fait=password-chosen").withoutSession();
            case Outcome.Refused() -> form(422, visit, visit.shell().text("lost.refused"));
            case Outcome.Throttled(Instant until) ->
                form(429, visit, Waiting.sentence(visit.shell(), Duration.between(clock.instant(), until)));
        };
    }

    private Reply form(int status, Visit visit, String wrong) {
        return Reply.page(
                status, templates.accountLost(visit.shell(), visit.form().line("adresse"), wrong));
    }
}
