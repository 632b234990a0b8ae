package tg.gouv.messagerie.mail.james;

import java.time.Clock;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;
import java.util.EnumSet;
import javax.inject.Inject;
import javax.mail.Flags;
import org.apache.james.events.EventBus;
import org.apache.james.mailbox.MailboxPathLocker;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.SessionProvider;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.store.MailboxManagerConfiguration;
import org.apache.james.mailbox.store.MessageFactory;
import org.apache.james.mailbox.store.MessageStorer;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.StoreMailboxAnnotationManager;
import org.apache.james.mailbox.store.StoreMailboxManager;
import org.apache.james.mailbox.store.StoreMessageManager;
import org.apache.james.mailbox.store.StoreRightManager;
import org.apache.james.mailbox.store.mail.ThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.apache.james.mailbox.store.quota.QuotaComponents;
import org.apache.james.mailbox.store.search.MessageSearchIndex;

/** James's own manager over our mappers; it only says what the store can do. */
final class PostgresMailboxManager extends StoreMailboxManager {
    private final PostgresMappers mappers;

    @Inject PostgresMailboxManager(PostgresMappers mappers, SessionProvider sessions, MailboxPathLocker locker, MessageParser parser,
            MessageId.Factory messageIds, EventBus events, StoreMailboxAnnotationManager annotations, StoreRightManager rights,
            QuotaComponents quota, MessageSearchIndex index, PreDeletionHooks hooks, ThreadIdGuessingAlgorithm threads, Clock clock) {
        super(mappers, sessions, locker, parser, messageIds, annotations, events, rights, quota, index,
            MailboxManagerConfiguration.DEFAULT, hooks, threads, clock);
        this.mappers = mappers;
    }

    @Override public EnumSet<MailboxCapabilities> getSupportedMailboxCapabilities() {
        return EnumSet.of(MailboxCapabilities.Move, MailboxCapabilities.UserFlag, MailboxCapabilities.Namespace,
            MailboxCapabilities.Annotation, MailboxCapabilities.ACL, MailboxCapabilities.Quota);
    }

    @Override public EnumSet<MessageCapabilities> getSupportedMessageCapabilities() {
        return EnumSet.of(MessageCapabilities.UniqueID);
    }

    @Override protected StoreMessageManager createMessageManager(Mailbox mailbox, MailboxSession session) {
        return new StoreMessageManager(getSupportedMessageCapabilities(), mappers, getMessageSearchIndex(), getEventBus(), getLocker(),
                mailbox, getQuotaComponents().getQuotaManager(), getQuotaComponents().getQuotaRootResolver(), configuration.getBatchSizes(),
                getStoreRightManager(), getPreDeletionHooks(),
                new MessageStorer.WithAttachment(mappers, getMessageIdFactory(), new MessageFactory.StoreMessageFactory(), mappers,
                    getMessageParser(), getThreadIdGuessingAlgorithm(), getClock())) {
            // clients may create keywords
            @Override public Flags getPermanentFlags(MailboxSession session) {
                Flags flags = new Flags(super.getPermanentFlags(session));
                flags.add(Flags.Flag.USER);
                return flags;
            }
        };
    }
}
