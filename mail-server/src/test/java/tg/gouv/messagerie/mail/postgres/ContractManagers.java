package tg.gouv.messagerie.mail.postgres;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import javax.mail.Flags;
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
import org.apache.james.mailbox.store.MailboxManagerConfiguration;
import org.apache.james.mailbox.store.MessageFactory;
import org.apache.james.mailbox.store.MessageIdManagerTestSystem;
import org.apache.james.mailbox.store.MessageStorer;
import org.apache.james.mailbox.store.NoMailboxPathLocker;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.SessionProviderImpl;
import org.apache.james.mailbox.store.StoreAttachmentManager;
import org.apache.james.mailbox.store.StoreMailboxAnnotationManager;
import org.apache.james.mailbox.store.StoreMailboxManager;
import org.apache.james.mailbox.store.StoreMessageIdManager;
import org.apache.james.mailbox.store.StoreMessageManager;
import org.apache.james.mailbox.store.StoreRightManager;
import org.apache.james.mailbox.store.event.MailboxAnnotationListener;
import org.apache.james.mailbox.store.extractor.DefaultTextExtractor;
import org.apache.james.mailbox.store.mail.NaiveThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.apache.james.mailbox.store.quota.DefaultUserQuotaRootResolver;
import org.apache.james.mailbox.store.quota.QuotaComponents;
import org.apache.james.mailbox.store.search.SimpleMessageSearchIndex;
import org.apache.james.metrics.dropwizard.DropWizardMetricFactory;
import tg.gouv.messagerie.platform.database.Uuid7;

/** James's own managers over our mappers, for the contracts that go through them. */
final class ContractManagers {
    final StoreMailboxManager mailboxes;
    final StoreMailboxManager withoutParser;
    private final StoreMessageIdManager messageIds;
    private final PostgresMappers mappers;
    private final MessageId.Factory newMessageId = new PostgresMessageId.Factory(Uuid7.system());

    ContractManagers(ContractStore store) {
        mappers = store.mappers;
        EventBus events = new InVMEventBus(
                new InVmEventDelivery(new DropWizardMetricFactory(new MetricRegistry())),
                RetryBackoffConfiguration.DEFAULT,
                new MemoryEventDeadLetters());
        StoreRightManager rights = new StoreRightManager(mappers, new UnionMailboxACLResolver(), events);
        SessionProviderImpl sessions =
                new SessionProviderImpl(new FakeAuthenticator(), FakeAuthorizator.defaultReject());
        DefaultUserQuotaRootResolver roots = new DefaultUserQuotaRootResolver(sessions, mappers);
        QuotaManager quotas = store.quotas();
        messageIds = new StoreMessageIdManager(
                rights, mappers, events, quotas, roots, PreDeletionHooks.NO_PRE_DELETION_HOOK);
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

    private final class Manager extends StoreMailboxManager {
        private Manager(
                ContractStore store,
                SessionProviderImpl sessions,
                MessageParser parser,
                EventBus events,
                StoreRightManager rights,
                QuotaComponents quota,
                SimpleMessageSearchIndex index) {
            super(
                    store.mappers,
                    sessions,
                    new NoMailboxPathLocker(),
                    parser,
                    newMessageId,
                    new StoreMailboxAnnotationManager(store.mappers, rights),
                    events,
                    rights,
                    quota,
                    index,
                    MailboxManagerConfiguration.DEFAULT,
                    PreDeletionHooks.NO_PRE_DELETION_HOOK,
                    new NaiveThreadIdGuessingAlgorithm(),
                    store.clock);
        }

        @Override
        public EnumSet<MessageCapabilities> getSupportedMessageCapabilities() {
            return EnumSet.of(MessageCapabilities.UniqueID);
        }

        @Override
        protected StoreMessageManager createMessageManager(Mailbox mailbox, MailboxSession session) {
            return new StoreMessageManager(
                    getSupportedMessageCapabilities(),
                    mappers,
                    getMessageSearchIndex(),
                    getEventBus(),
                    getLocker(),
                    mailbox,
                    getQuotaComponents().getQuotaManager(),
                    getQuotaComponents().getQuotaRootResolver(),
                    configuration.getBatchSizes(),
                    getStoreRightManager(),
                    getPreDeletionHooks(),
                    new MessageStorer.WithAttachment(
                            mappers,
                            getMessageIdFactory(),
                            new MessageFactory.StoreMessageFactory(),
                            mappers,
                            getMessageParser(),
                            getThreadIdGuessingAlgorithm(),
                            getClock())) {
                // Clients may make keywords.
                @Override
                public Flags getPermanentFlags(MailboxSession session) {
                    Flags flags = super.getPermanentFlags(session);
                    flags.add(Flags.Flag.USER);
                    return flags;
                }
            };
        }
    }
}
