package tg.gouv.messagerie.portal.account;

import java.util.List;
import java.util.OptionalLong;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** « Qui a ouvert mon compte », the newest first. */
final class LedgerPages {
    private static final int PAGE = 25;

    private final AccessLedger ledger;
    private final StaticTemplates templates = new StaticTemplates();

    LedgerPages(AccessLedger ledger) {
        this.ledger = ledger;
    }

    List<Route> routes() {
        return List.of(Route.get("/compte/acces", Access.SIGNED_IN, LedgerPages.class, this::show));
    }

    private Reply show(Visit visit) {
        OptionalLong before = visit.query().given("avant").isPresent()
                ? OptionalLong.of(visit.query().of("avant", Long::valueOf))
                : OptionalLong.empty();
        List<AccessLedger.Entry> rows = ledger.own(visit.account(), before, PAGE);
        return Reply.page(templates.accountLedger(
                visit.shell(),
                rows,
                before.isPresent(),
                rows.size() < PAGE ? "" : String.valueOf(rows.getLast().row().number())));
    }
}
