package tg.gouv.messagerie.mail.rights;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.Owners;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Outcome;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** What the audit trail is told of those who use others' mailboxes, or are refused there; no call waits for it. */
public final class Visits {
    private static final Logger log = LoggerFactory.getLogger(Visits.class);
    private static final String MET = Visits.class.getName();

    private final AuditTrail trail;
    private final Owners owners;
    private final InstantSource clock;

    /** Notes in this trail. */
    public Visits(AuditTrail trail, Owners owners, InstantSource clock) {
        this.trail = trail;
        this.owners = owners;
        this.clock = clock;
    }

    /** Remembers with the session that this mailbox is another's, if it is. */
    void met(Mailbox mailbox, MailboxSession session) {
        if (isAnothers(mailbox, session)) {
            others(session).putIfAbsent(mailbox.getMailboxId(), new Met(mailbox.getUser(), new AtomicBoolean()));
        }
    }

    /** Notes, once for each session and mailbox, that another's mailbox is used. */
    void used(MailboxId mailbox, MailboxSession session) {
        Met met = MailboxVisit.of(session).isEmpty() ? null : others(session).get(mailbox);
        if (met != null && !met.noted().getAndSet(true)) {
            count(met.owner(), session, (now, owner) -> new AuditEvent.Access(now, owner, Outcome.DONE));
        }
    }

    private record Met(Username owner, AtomicBoolean noted) {}

    /** Notes that something was refused in a mailbox. */
    void refused(Mailbox mailbox, MailboxSession session) {
        refused(mailbox.getUser(), session);
    }

    /** Notes that something was refused in the mailboxes of an account. */
    void refused(Username owner, MailboxSession session) {
        count(owner, session, AuditEvent.Refusal::new);
    }

    /** Whether it is another's than of who signed in: of a function they may use, or of who gave them rights. */
    private static boolean isAnothers(Mailbox mailbox, MailboxSession session) {
        return !mailbox.getUser().equals(session.getUser())
                || MailboxVisit.of(session).filter(MailboxVisit::isAnothers).isPresent();
    }

    /** The owner's id may have to be asked of the database, which an event loop must not wait for. */
    private void count(
            Username owner, MailboxSession session, BiFunction<Circumstances, Subject, AuditEvent.Frequent> event) {
        if (MailboxVisit.of(session).isEmpty()) {
            return; // the program itself
        }
        Circumstances now = MailboxVisit.circumstances(session, clock);
        Thread.ofVirtual().name("mailbox-visit").start(() -> {
            try {
                owners.byName(owner.asString())
                        .ifPresent(account ->
                                trail.count(event.apply(now, new Subject(Subject.Kind.ACCOUNT, account.toString()))));
            } catch (StoreUnavailable e) {
                log.error("event=mailbox_visit_not_noted owner={}", owner.asString(), e);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<MailboxId, Met> others(MailboxSession session) {
        return (Map<MailboxId, Met>)
                session.getAttributes().computeIfAbsent(MET, _ -> new ConcurrentHashMap<MailboxId, Met>());
    }
}
