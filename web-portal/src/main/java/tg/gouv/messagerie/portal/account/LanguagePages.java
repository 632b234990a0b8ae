package tg.gouv.messagerie.portal.account;

import java.util.List;
import java.util.Locale;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** The language of pages, and in which the program writes to somebody. */
final class LanguagePages {
    private static final String PLACE = "/compte/langue";

    private final Provisioning provisioning;
    private final StaticTemplates templates = new StaticTemplates();

    LanguagePages(Provisioning provisioning) {
        this.provisioning = provisioning;
    }

    List<Route> routes() {
        return List.of(
                Route.get(
                        PLACE,
                        Access.SIGNED_IN,
                        LanguagePages.class,
                        visit -> Reply.page(templates.accountLanguage(visit.shell()))),
                Route.post(PLACE, Access.SIGNED_IN, LanguagePages.class, this::choose));
    }

    private Reply choose(Visit visit) {
        Locale language = switch (visit.form().line("langue")) {
            case "fr" -> Locale.FRENCH;
            case "en" -> Locale.ENGLISH;
            default -> throw new PageRefused(422, "refused.field", visit.form().line("langue"));
        };
        provisioning.ownLanguage(visit.account(), language);
        return Reply.to(PLACE + "?fait=language").withLanguage(language);
    }
}
