package tg.gouv.messagerie.portal.clients;

import java.net.URI;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/** Where calendars or address books are (RFC 6764 section 5); nothing is there until they are served. */
final class WellKnownDav extends ClientDoor {
    static final String CALDAV = "/.well-known/caldav";
    static final String CARDDAV = "/.well-known/carddav";

    private final Optional<URI> where;

    WellKnownDav(Optional<URI> where) {
        this.where = where;
    }

    @Override
    Answer answer(Request request) {
        return where.<Answer>map(it -> new Answer.Moved(it.toString()))
                .orElseGet(() -> new Answer.Status(HttpStatus.NOT_FOUND_404));
    }
}
