package tg.gouv.messagerie.mail.rights;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.james.events.EventBus;
import org.apache.james.mailbox.MailboxPathLocker;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.SessionProvider;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxAnnotation;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.store.MailboxManagerConfiguration;
import org.apache.james.mailbox.store.MailboxSessionMapperFactory;
import org.apache.james.mailbox.store.MessageFactory;
import org.apache.james.mailbox.store.MessageStorer;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.StoreMailboxAnnotationManager;
import org.apache.james.mailbox.store.StoreMailboxManager;
import org.apache.james.mailbox.store.StoreMessageManager;
import org.apache.james.mailbox.store.mail.AttachmentMapperFactory;
import org.apache.james.mailbox.store.mail.ThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.apache.james.mailbox.store.quota.QuotaComponents;
import org.apache.james.mailbox.store.search.MessageSearchIndex;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** James's manager of mailboxes, which lets nobody do in them what is not theirs to do. */
public class GuardedMailboxes extends StoreMailboxManager {
    private final MailboxSessionMapperFactory mappers;
    private final AttachmentMapperFactory attachments;
    private final GuardedRights rights;
    private final QuotaManager additions;

    /**
     * A manager over these mappers.
     *
     * @param attachments the same mappers, as they know attachments
     */
    protected GuardedMailboxes(
            MailboxSessionMapperFactory mappers,
            AttachmentMapperFactory attachments,
            SessionProvider sessions,
            MailboxPathLocker locker,
            MessageParser parser,
            MessageId.Factory messageIds,
            EventBus events,
            StoreMailboxAnnotationManager annotations,
            GuardedRights rights,
            QuotaComponents quota,
            MessageSearchIndex index,
            PreDeletionHooks hooks,
            ThreadIdGuessingAlgorithm threads,
            Clock clock) {
        super(
                mappers,
                sessions,
                locker,
                parser,
                messageIds,
                annotations,
                events,
                rights,
                quota,
                index,
                MailboxManagerConfiguration.DEFAULT,
                hooks,
                threads,
                clock);
        this.mappers = mappers;
        this.attachments = attachments;
        this.rights = rights;
        this.additions = new AdditionQuotas(quota.getQuotaManager());
    }

    @Override
    protected StoreMessageManager createMessageManager(Mailbox mailbox, MailboxSession session) {
        return new GuardedMessages(
                getSupportedMessageCapabilities(),
                mappers,
                getMessageSearchIndex(),
                getEventBus(),
                getLocker(),
                mailbox,
                additions,
                getQuotaComponents().getQuotaRootResolver(),
                configuration.getBatchSizes(),
                rights,
                getPreDeletionHooks(),
                new MessageStorer.WithAttachment(
                        mappers,
                        getMessageIdFactory(),
                        new MessageFactory.StoreMessageFactory(),
                        attachments,
                        getMessageParser(),
                        getThreadIdGuessingAlgorithm(),
                        getClock()));
    }

    // Who may only read a function mailbox makes, names and removes none in it.

    @Override
    public Optional<MailboxId> createMailbox(MailboxPath path, CreateOption option, MailboxSession session)
            throws MailboxException {
        rights.demandWriter(session);
        return super.createMailbox(path, option, session);
    }

    @Override
    public Mono<MailboxId> createMailboxReactive(MailboxPath path, CreateOption option, MailboxSession session) {
        return afterwards(session, () -> super.createMailboxReactive(path, option, session));
    }

    @Override
    public void deleteMailbox(MailboxPath path, MailboxSession session) throws MailboxException {
        rights.demandWriter(session);
        super.deleteMailbox(path, session);
    }

    @Override
    public Mailbox deleteMailbox(MailboxId mailbox, MailboxSession session) throws MailboxException {
        rights.demandWriter(session);
        return super.deleteMailbox(mailbox, session);
    }

    @Override
    public Mono<Mailbox> deleteMailboxReactive(MailboxId mailbox, MailboxSession session) {
        return afterwards(session, () -> super.deleteMailboxReactive(mailbox, session));
    }

    @Override
    public Mono<Void> deleteMailboxReactive(MailboxPath path, MailboxSession session) {
        return afterwards(session, () -> super.deleteMailboxReactive(path, session));
    }

    @Override
    public List<MailboxRenamedResult> renameMailbox(
            MailboxPath from, MailboxPath to, RenameOption option, MailboxSession session) throws MailboxException {
        rights.demandWriter(session);
        return super.renameMailbox(from, to, option, session);
    }

    @Override
    public Mono<List<MailboxRenamedResult>> renameMailboxReactive(
            MailboxPath from, MailboxPath to, RenameOption option, MailboxSession session) {
        return afterwards(session, () -> super.renameMailboxReactive(from, to, option, session));
    }

    @Override
    public List<MailboxRenamedResult> renameMailbox(
            MailboxId mailbox, MailboxPath to, RenameOption option, MailboxSession session) throws MailboxException {
        rights.demandWriter(session);
        return super.renameMailbox(mailbox, to, option, session);
    }

    @Override
    public Mono<List<MailboxRenamedResult>> renameMailboxReactive(
            MailboxId mailbox, MailboxPath to, RenameOption option, MailboxSession session) {
        return afterwards(session, () -> super.renameMailboxReactive(mailbox, to, option, session));
    }

    // James lets whoever sees a mailbox write on it.

    @Override
    public void updateAnnotations(MailboxPath path, MailboxSession session, List<MailboxAnnotation> annotations)
            throws MailboxException {
        rights.demandWrite(path, session);
        super.updateAnnotations(path, session, annotations);
    }

    @Override
    public Publisher<Void> updateAnnotationsReactive(
            MailboxPath path, MailboxSession session, List<MailboxAnnotation> annotations) {
        return rights.demandWriteReactive(path, session)
                .then(Mono.defer(() -> Mono.from(super.updateAnnotationsReactive(path, session, annotations))));
    }

    private <T> Mono<T> afterwards(MailboxSession session, Supplier<Mono<T>> act) {
        return Mono.defer(() -> {
            try {
                rights.demandWriter(session);
                return act.get();
            } catch (MailboxException e) {
                return Mono.error(e);
            }
        });
    }
}
