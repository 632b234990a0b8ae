package tg.gouv.messagerie.portal.account;

import java.util.List;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.personal.PersonalFiles;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** Everything that is kept of oneself, in one file (loi 2019-014). */
final class DataPages {
    private final PersonalArchives archives;
    private final StaticTemplates templates = new StaticTemplates();

    DataPages(PersonalArchives archives) {
        this.archives = archives;
    }

    List<Route> routes() {
        return List.of(
                Route.get(
                        "/compte/donnees",
                        Access.PROVED,
                        DataPages.class,
                        visit -> Reply.page(templates.accountData(visit.shell()))),
                Route.post("/compte/donnees", Access.PROVED, DataPages.class, this::archive));
    }

    private Reply archive(Visit visit) {
        PersonalFiles.Content archive = archives.of(visit.account());
        return Reply.file("application/zip", "mes-donnees.zip", archive::write);
    }
}
