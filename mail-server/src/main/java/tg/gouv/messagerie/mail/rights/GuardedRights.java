package tg.gouv.messagerie.mail.rights;

import java.util.Collection;
import java.util.List;
import javax.inject.Inject;
import javax.mail.Flags;
import org.apache.james.events.EventBus;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.acl.MailboxACLResolver;
import org.apache.james.mailbox.exception.InsufficientRightsException;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MailboxACL.Rfc4314Rights;
import org.apache.james.mailbox.model.MailboxACL.Right;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.store.MailboxReactorUtils;
import org.apache.james.mailbox.store.MailboxSessionMapperFactory;
import org.apache.james.mailbox.store.StoreRightManager;
import reactor.core.publisher.Mono;

/** James's rights, of which who may only read a function mailbox has two, though the session is the owner's. */
public final class GuardedRights extends StoreRightManager {
    private static final Rfc4314Rights READING = new Rfc4314Rights(Right.Lookup, Right.Read);

    private final MailboxSessionMapperFactory mappers;
    private final Visits visits;

    /** The rights in these mailboxes. */
    @Inject
    public GuardedRights(
            MailboxSessionMapperFactory mappers, MailboxACLResolver resolver, EventBus events, Visits visits) {
        super(mappers, resolver, events);
        this.mappers = mappers;
        this.visits = visits;
    }

    @Override
    public Rfc4314Rights myRights(Mailbox mailbox, MailboxSession session) {
        visits.met(mailbox, session);
        return MailboxVisit.readsOnly(session) ? READING : super.myRights(mailbox, session);
    }

    @Override
    public Mono<Rfc4314Rights> myRightsReactive(MailboxPath path, MailboxSession session) {
        Mono<Rfc4314Rights> all = super.myRightsReactive(path, session);
        return MailboxVisit.readsOnly(session) ? all.thenReturn(READING) : all;
    }

    @Override
    public boolean isReadWrite(MailboxSession session, Mailbox mailbox, Flags sharedPermanentFlags) {
        return !MailboxVisit.readsOnly(session) && super.isReadWrite(session, mailbox, sharedPermanentFlags);
    }

    @Override
    public Mono<Void> applyRightsCommandReactive(
            MailboxPath path, MailboxACL.ACLCommand command, MailboxSession session) {
        Mono<Void> act = MailboxVisit.readsOnly(session)
                ? Mono.error(new InsufficientRightsException("Rights are given by who has the mailbox"))
                : super.applyRightsCommandReactive(path, command, session);
        return act.onErrorResume(GuardedRights::isRefusal, refusal -> refused(path, session, refusal));
    }

    @Override
    public void setRights(MailboxPath path, MailboxACL acl, MailboxSession session) throws MailboxException {
        try {
            if (MailboxVisit.readsOnly(session)) {
                throw new InsufficientRightsException("Rights are given by who has the mailbox");
            }
            super.setRights(path, acl, session);
        } catch (InsufficientRightsException | MailboxNotFoundException e) {
            MailboxReactorUtils.block(refused(path, session, e));
        }
    }

    /**
     * Passes if the session may change mailboxes of its account.
     *
     * @throws InsufficientRightsException if it may only look; the audit trail is told
     */
    public void demandWriter(MailboxSession session) throws InsufficientRightsException {
        if (MailboxVisit.readsOnly(session)) {
            visits.refused(session.getUser(), session);
            throw new InsufficientRightsException("This function mailbox may only be read");
        }
    }

    /** Passes if the session may write in the mailbox of this path: of annotations RFC 5464 section 3.3 asks it. */
    public Mono<Void> demandWriteReactive(MailboxPath path, MailboxSession session) {
        return mappers.getMailboxMapper(session)
                .findMailboxByPath(path)
                .switchIfEmpty(Mono.error(() -> new MailboxNotFoundException(path)))
                .flatMap(mailbox -> demand(List.of(mailbox), session, Right.Lookup, Right.Write));
    }

    /** The same, when it returns. */
    public void demandWrite(MailboxPath path, MailboxSession session) throws MailboxException {
        MailboxReactorUtils.block(demandWriteReactive(path, session));
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof InsufficientRightsException
                || failure instanceof MailboxNotFoundException
                || (failure.getCause() != null && isRefusal(failure.getCause()));
    }

    private Mono<Void> refused(MailboxPath path, MailboxSession session, Throwable refusal) {
        return mappers.getMailboxMapper(session)
                .findMailboxByPath(path)
                .doOnNext(mailbox -> visits.refused(mailbox, session))
                .then(Mono.error(refusal));
    }

    /**
     * Passes if the session has all these rights in all these mailboxes.
     *
     * @return else an {@link InsufficientRightsException} where the mailbox may be seen, a {@link MailboxNotFoundException}
     *     where it may not (RFC 4314 section 6); the audit trail is told
     */
    Mono<Void> demand(Collection<Mailbox> mailboxes, MailboxSession session, Right... rights) {
        for (Mailbox mailbox : mailboxes) {
            Rfc4314Rights mine = myRights(mailbox, session);
            if (!mine.contains(rights)) {
                visits.refused(mailbox, session);
                return Mono.error(
                        mine.contains(Right.Lookup)
                                ? new InsufficientRightsException("Not permitted in this mailbox (RFC 4314 section 4)")
                                : new MailboxNotFoundException(mailbox.getMailboxId()));
            }
            visits.used(mailbox.getMailboxId(), session);
        }
        return Mono.empty();
    }
}
