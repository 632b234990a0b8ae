package tg.gouv.messagerie.mail.postgres;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import org.apache.james.events.EventBus;
import org.apache.james.events.InVMEventBus;
import org.apache.james.events.MemoryEventDeadLetters;
import org.apache.james.events.RetryBackoffConfiguration;
import org.apache.james.events.delivery.InVmEventDelivery;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.acl.UnionMailboxACLResolver;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.ParsedAttachment;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.store.CombinationManagerTestSystem;
import org.apache.james.mailbox.store.FakeAuthenticator;
import org.apache.james.mailbox.store.FakeAuthorizator;
import org.apache.james.mailbox.store.MessageIdManagerTestSystem;
import org.apache.james.mailbox.store.NoMailboxPathLocker;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.SessionProviderImpl;
import org.apache.james.mailbox.store.StoreAttachmentManager;
import org.apache.james.mailbox.store.StoreMailboxAnnotationManager;
import org.apache.james.mailbox.store.StoreMailboxManager;
import org.apache.james.mailbox.store.StoreMessageIdManager;
import org.apache.james.mailbox.store.event.MailboxAnnotationListener;
import org.apache.james.mailbox.store.extractor.DefaultTextExtractor;
import org.apache.james.mailbox.store.mail.NaiveThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.apache.james.mailbox.store.quota.DefaultUserQuotaRootResolver;
import org.apache.james.mailbox.store.quota.QuotaComponents;
import org.apache.james.mailbox.store.search.SimpleMessageSearchIndex;
import org.apache.james.metrics.dropwizard.DropWizardMetricFactory;
import tg.gouv.messagerie.mail.rights.GuardedMailboxes;
import tg.gouv.messagerie.mail.rights.GuardedMessageIds;
import tg.gouv.messagerie.mail.rights.GuardedRights;
import tg.gouv.messagerie.mail.rights.Visits;
import tg.gouv.messagerie.platform.database.Uuid7;

/** James's own managers over our mappers, with our guards, for the contracts that go through them. */
final class ContractManagers {
    final StoreMailboxManager mailboxes;
    final StoreMailboxManager withoutParser;
    final StoreMessageIdManager messageIds;
    final GuardedRights rights;
    private final PostgresMappers mappers;
    private final MessageId.Factory newMessageId = new PostgresMessageId.Factory(Uuid7.system());

    ContractManagers(ContractStore store) {
        mappers = store.mappers;
        EventBus events = new InVMEventBus(
                new InVmEventDelivery(new DropWizardMetricFactory(new MetricRegistry())),
                RetryBackoffConfiguration.DEFAULT,
                new MemoryEventDeadLetters());
        Visits visits = new Visits(store.trail, store.owners, store.clock);
        rights = new GuardedRights(mappers, new UnionMailboxACLResolver(), events, visits);
        SessionProviderImpl sessions =
                new SessionProviderImpl(new FakeAuthenticator(), FakeAuthorizator.defaultReject());
        DefaultUserQuotaRootResolver roots = new DefaultUserQuotaRootResolver(sessions, mappers);
        QuotaManager quotas = store.quotas();
        messageIds = new GuardedMessageIds(
                rights, mappers, events, quotas, roots, PreDeletionHooks.NO_PRE_DELETION_HOOK, visits);
        SimpleMessageSearchIndex index = new SimpleMessageSearchIndex(
                mappers, mappers, new DefaultTextExtractor(), new StoreAttachmentManager(mappers, messageIds));
        QuotaComponents quota = new QuotaComponents(store.quotaLimits(), quotas, roots);
        mailboxes = new Manager(store, sessions, new MessageParser(), events, rights, quota, index);
        withoutParser = new Manager(store, sessions, new FailingParser(), events, rights, quota, index);
        events.register(new MailboxAnnotationListener(mappers, sessions));
    }

    MessageIdManagerTestSystem byMessageId() {
        return new MessageIdManagerTestSystem(messageIds, newMessageId, mappers, mailboxes);
    }

    CombinationManagerTestSystem combined() {
        return new CombinationManagerTestSystem(mailboxes, messageIds) {
            @Override
            public Mailbox createMailbox(MailboxPath path, MailboxSession session) throws MailboxException {
                mailboxes.createMailbox(path, session);
                return mailboxes.getMailbox(path, session).getMailboxEntity();
            }

            @Override
            public MessageManager createMessageManager(Mailbox mailbox, MailboxSession session)
                    throws MailboxException {
                return mailboxes.getMailbox(mailbox.getMailboxId(), session);
            }
        };
    }

    private static final class FailingParser extends MessageParser {
        @Override
        public ParsingResult retrieveAttachments(InputStream content) throws IOException {
            throw new IOException("as the contract asks");
        }

        @Override
        public List<ParsedAttachment> retrieveAttachments(org.apache.james.mime4j.dom.Message message)
                throws IOException {
            throw new IOException("as the contract asks");
        }
    }

    private final class Manager extends GuardedMailboxes {
        private Manager(
                ContractStore store,
                SessionProviderImpl sessions,
                MessageParser parser,
                EventBus events,
                GuardedRights rights,
                QuotaComponents quota,
                SimpleMessageSearchIndex index) {
            super(
                    store.mappers,
                    store.mappers,
                    sessions,
                    new NoMailboxPathLocker(),
                    parser,
                    newMessageId,
                    events,
                    new StoreMailboxAnnotationManager(store.mappers, rights),
                    rights,
                    quota,
                    index,
                    PreDeletionHooks.NO_PRE_DELETION_HOOK,
                    new NaiveThreadIdGuessingAlgorithm(),
                    store.clock);
        }

        @Override
        public EnumSet<MessageCapabilities> getSupportedMessageCapabilities() {
            return EnumSet.of(MessageCapabilities.UniqueID);
        }
    }
}
