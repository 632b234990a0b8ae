package tg.gouv.messagerie.mail.rights;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.james.mailbox.MailboxSession;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;

/**
 * Who works through a mailbox session, and from where; carried by the session. A session without one is the program's own.
 *
 * @param account whose session it is
 * @param actor who signed in: the account itself, or somebody who may use the function mailbox {@code account}
 * @param protocol in lower case, such as {@code imap}
 * @param readsOnly whether the actor may look and change nothing
 */
public record MailboxVisit(AccountId account, AccountId actor, InetAddress client, String protocol, boolean readsOnly) {
    private static final String ATTRIBUTE = MailboxVisit.class.getName();

    /** Makes the session carry it; from now on the session may do no more than that. */
    public void through(MailboxSession session) {
        session.getAttributes().put(ATTRIBUTE, this);
    }

    /** Who works through a session. */
    public static Optional<MailboxVisit> of(@Nullable MailboxSession session) {
        return Optional.ofNullable(session)
                .map(each -> each.getAttributes().get(ATTRIBUTE))
                .map(MailboxVisit.class::cast);
    }

    /** Whether whoever works through a session may change nothing. */
    static boolean readsOnly(@Nullable MailboxSession session) {
        return of(session).filter(MailboxVisit::readsOnly).isPresent();
    }

    /** The circumstances of what is done now through a session. */
    public static Circumstances circumstances(@Nullable MailboxSession session, InstantSource clock) {
        return of(session).map(visit -> visit.now(clock)).orElseGet(() -> Circumstances.current(clock));
    }

    /** Whether somebody is in a mailbox of another than their own account. */
    boolean isAnothers() {
        return !actor.equals(account);
    }

    private Circumstances now(InstantSource clock) {
        return new Circumstances(
                clock.instant(),
                new Actor.Account(actor.value()),
                isAnothers() ? Optional.of(new Actor.Account(account.value())) : Optional.empty(),
                new tg.gouv.messagerie.platform.audit.Origin.Remote(
                        Origin.of(client).network(), protocol));
    }
}
