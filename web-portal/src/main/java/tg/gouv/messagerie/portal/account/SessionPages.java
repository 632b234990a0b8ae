package tg.gouv.messagerie.portal.account;

import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** Where one's account is open now, in browsers and programs, and to end it. */
final class SessionPages {
    private static final String PLACE = "/compte/sessions";

    private final WebSessions sessions;
    private final Sessions live;
    private final StaticTemplates templates = new StaticTemplates();

    SessionPages(WebSessions sessions, Sessions live) {
        this.sessions = sessions;
        this.live = live;
    }

    List<Route> routes() {
        return List.of(
                Route.get(PLACE, Access.SIGNED_IN, SessionPages.class, this::show),
                Route.post(PLACE + "/toutes", Access.SIGNED_IN, SessionPages.class, this::endAll),
                Route.post(PLACE + "/{id}", Access.SIGNED_IN, SessionPages.class, this::end));
    }

    private Reply show(Visit visit) {
        return Reply.page(templates.accountSessions(
                visit.shell(), sessions.of(visit.account()), visit.signedIn().id(), live.of(visit.account())));
    }

    private Reply end(Visit visit) {
        UUID id = visit.name("id", UUID::fromString);
        boolean here = id.equals(visit.signedIn().id());
        sessions.end(visit.account(), id); // two tabs: it may be over already
        return here ? Reply.to("/sorti").withoutSession() : Reply.to(PLACE + "?fait=session");
    }

    private Reply endAll(Visit visit) {
        live.signOut(visit.account());
        return Reply.to("/sorti").withoutSession();
    }
}
