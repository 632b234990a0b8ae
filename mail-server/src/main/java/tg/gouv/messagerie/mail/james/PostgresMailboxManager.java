package tg.gouv.messagerie.mail.james;

import java.time.Clock;
import java.util.EnumSet;
import javax.inject.Inject;
import org.apache.james.events.EventBus;
import org.apache.james.mailbox.MailboxPathLocker;
import org.apache.james.mailbox.SessionProvider;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.StoreMailboxAnnotationManager;
import org.apache.james.mailbox.store.mail.ThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.apache.james.mailbox.store.quota.QuotaComponents;
import org.apache.james.mailbox.store.search.MessageSearchIndex;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;
import tg.gouv.messagerie.mail.rights.GuardedMailboxes;
import tg.gouv.messagerie.mail.rights.GuardedRights;

/** James's own manager over our mappers, guarded; it only says what the store can do. */
final class PostgresMailboxManager extends GuardedMailboxes {
    @Inject
    PostgresMailboxManager(
            PostgresMappers mappers,
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
                mappers,
                sessions,
                locker,
                parser,
                messageIds,
                events,
                annotations,
                rights,
                quota,
                index,
                hooks,
                threads,
                clock);
    }

    @Override
    public EnumSet<MailboxCapabilities> getSupportedMailboxCapabilities() {
        return EnumSet.of(
                MailboxCapabilities.Move,
                MailboxCapabilities.UserFlag,
                MailboxCapabilities.Namespace,
                MailboxCapabilities.Annotation,
                MailboxCapabilities.ACL,
                MailboxCapabilities.Quota);
    }

    @Override
    public EnumSet<MessageCapabilities> getSupportedMessageCapabilities() {
        return EnumSet.of(MessageCapabilities.UniqueID);
    }
}
