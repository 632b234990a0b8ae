package tg.gouv.messagerie.mail.postgres;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.james.mailbox.MailboxSession;
import org.jspecify.annotations.Nullable;

/*
 * A client that changes flags knows what became of them: STORE answers, and .SILENT asks for silence. What others change it must be
 * told all the same (RFC 9051 section 6.4.6), so a change is passed over only if nobody else's is hidden below it: the MODSEQ that
 * the message had before was known to the session already.
 */
/** What one session itself changed of flags since it last looked. */
public final class OwnChanges {
    private static final String ATTRIBUTE = OwnChanges.class.getName();

    private record Change(long before, long after) {}

    private record Place(long mailbox, long uid) {}

    private final Map<Place, Change> changes = new HashMap<>();

    /** Notes from now on what is changed through this session. */
    public void through(MailboxSession session) {
        session.getAttributes().put(ATTRIBUTE, this);
    }

    static Optional<OwnChanges> of(@Nullable MailboxSession session) {
        return Optional.ofNullable(session)
                .map(each -> each.getAttributes().get(ATTRIBUTE))
                .map(OwnChanges.class::cast);
    }

    /** Notes that flags were changed and, with them, a MODSEQ. */
    synchronized void changed(long mailbox, long uid, long before, long after) {
        changes.merge(
                new Place(mailbox, uid),
                new Change(before, after),
                (old, next) -> old.after() == next.before() ? new Change(old.before(), next.after()) : next);
    }

    /** Whether nothing but this session's own changes happened to a message between two of its MODSEQs. */
    public synchronized boolean explain(long mailbox, long uid, long seen, long now) {
        Change own = changes.get(new Place(mailbox, uid));
        return own != null && own.after() == now && own.before() <= seen;
    }

    /** Forgets what was noted: the session has looked. */
    public synchronized void looked() {
        changes.clear();
    }
}
