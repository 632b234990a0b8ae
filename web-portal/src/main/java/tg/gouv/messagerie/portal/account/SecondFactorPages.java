package tg.gouv.messagerie.portal.account;

import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.SecondFactors.Enrolment;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** A code of the telephone beside the main password (RFC 6238): on, with codes for the day on which it is lost, and off. */
final class SecondFactorPages {
    private static final String PLACE = "/compte/second-facteur";

    private final SecondFactors factors;
    private final Sessions live;
    private final WebSessions sessions;
    private final StaticTemplates templates = new StaticTemplates();

    SecondFactorPages(SecondFactors factors, Sessions live, WebSessions sessions) {
        this.factors = factors;
        this.live = live;
        this.sessions = sessions;
    }

    List<Route> routes() {
        return List.of(
                Route.get(PLACE, Access.ENROLLING, SecondFactorPages.class, visit -> status(200, visit, "")),
                Route.get(PLACE + "/activer", Access.ENROLLING, SecondFactorPages.class, _ -> Reply.to(PLACE)),
                Route.post(PLACE, Access.ENROLLING_PROVED, SecondFactorPages.class, this::begin),
                Route.post(PLACE + "/activer", Access.ENROLLING, SecondFactorPages.class, this::confirm),
                Route.post(PLACE + "/retirer", Access.SIGNED_IN, SecondFactorPages.class, this::off));
    }

    private Reply status(int status, Visit visit, String wrong) {
        SecondFactors.Status now = factors.of(visit.account());
        List<String> programs = live.of(visit.account()).stream()
                .filter(it -> it.ground().device().isEmpty())
                .map(it -> it.protocol().name() + ", " + it.network())
                .distinct()
                .toList();
        return Reply.page(
                status,
                templates.accountSecondFactor(
                        visit.shell(),
                        now.since().map(visit.shell()::day).orElse(""),
                        now.recoveryCodes(),
                        programs,
                        visit.signedIn().enrolsOnly(),
                        wrong));
    }

    private Reply begin(Visit visit) {
        Enrolment begun = factors.begin(visit.account());
        return Reply.page(templates.accountEnrol(
                visit.shell(),
                begun.secret().reveal(),
                QrPath.of(begun.uri().toString()),
                begun.uri().toString(),
                ""));
    }

    private Reply confirm(Visit visit) {
        List<Secret> codes;
        try {
            codes = factors.confirm(visit.account(), visit.form().secret("code"));
        } catch (ProvisioningRefused refused) {
            return refused.reason() == ProvisioningRefused.Reason.BAD_CODE
                    ? Reply.page(
                            422,
                            templates.accountEnrol(
                                    visit.shell(), "", QrPath.NONE, "", refused.sentence(visit.language())))
                    : status(422, visit, refused.sentence(visit.language()));
        }
        return Reply.page(templates.accountRecoveryCodes(
                        visit.shell(), codes.stream().map(Secret::reveal).toList()))
                .withSession(sessions.renew(visit.signedIn(), visit.from()));
    }

    private Reply off(Visit visit) {
        try {
            factors.off(visit.account(), Optional.of(visit.form().secret("code")));
        } catch (ProvisioningRefused refused) {
            return status(422, visit, refused.sentence(visit.language()));
        }
        return Reply.to(PLACE + "?fait=factor-off").withSession(sessions.renew(visit.signedIn(), visit.from()));
    }
}
