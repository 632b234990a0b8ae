package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.store.AbstractCombinationManagerTest;
import org.apache.james.mailbox.store.AbstractMailboxManagerAttachmentTest;
import org.apache.james.mailbox.store.AbstractMessageIdManagerStorageTest;
import org.apache.james.mailbox.store.CombinationManagerTestSystem;
import org.apache.james.mailbox.store.MailboxSessionMapperFactory;
import org.apache.james.mailbox.store.MessageIdManagerTestSystem;
import org.apache.james.mailbox.store.mail.AnnotationMapper;
import org.apache.james.mailbox.store.mail.AttachmentMapper;
import org.apache.james.mailbox.store.mail.AttachmentMapperFactory;
import org.apache.james.mailbox.store.mail.MailboxMapper;
import org.apache.james.mailbox.store.mail.model.AnnotationMapperTest;
import org.apache.james.mailbox.store.mail.model.AttachmentMapperTest;
import org.apache.james.mailbox.store.mail.model.MailboxMapperACLTest;
import org.apache.james.mailbox.store.mail.model.MailboxMapperTest;
import org.apache.james.mailbox.store.mail.model.MapperProvider;
import org.apache.james.mailbox.store.mail.model.MessageIdMapperTest;
import org.apache.james.mailbox.store.mail.model.MessageMapperTest;
import org.apache.james.mailbox.store.mail.model.MessageMoveTest;
import org.apache.james.mailbox.store.mail.model.MessageWithAttachmentMapperTest;
import org.apache.james.mailbox.store.user.SubscriptionMapper;
import org.apache.james.mailbox.store.user.SubscriptionMapperTest;
import org.apache.james.utils.UpdatableTickingClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.PostgresBlobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * Skipped, 4 of Messages: getApplicableFlag…ThenComputingApplicableFlagsFromCurrentMailboxState (by replacing, removing and
 * unsetting flags, and by deleting a message) ask that a keyword disappears with its last message. We declare
 * INCREMENTAL_APPLICABLE_FLAGS, so the opposite tests run instead: a mailbox's keywords only grow, and no message is read to
 * know them.
 *
 * Attachments: the contract never stores the message that contains the attachment, and ours are nowhere else:
 * AttachmentsOfMessages stores it.
 */
/** The contracts that James 3.8.1 publishes for every mailbox store, run against ours. */
@ExtendWith(Tally.class)
class MailboxStoreContractsTest {
    /** How many tests of each contract pass: one that vanished with a new release would otherwise not be missed. */
    private static final Map<String, Integer> EXPECTED = Map.ofEntries(
            Map.entry("Mailboxes", 20),
            Map.entry("AccessControl", 24),
            Map.entry("Messages", 104),
            Map.entry("Moves", 5),
            Map.entry("MessagesById", 57),
            Map.entry("Attachments", 8),
            Map.entry("MessagesWithAttachments", 6),
            Map.entry("Annotations", 19),
            Map.entry("Subscriptions", 6),
            Map.entry("ManagersById", 60),
            Map.entry("ManagersTogether", 30),
            Map.entry("AttachmentsThroughManagers", 8));

    private static Database database;
    private static Connections connections;
    private static Blobs blobs;

    @BeforeAll
    static void open() {
        database = TestDatabase.fresh();
        database.migrate("platform");
        database.migrate("mail");
        connections = database.connections("mail", "mail", 16);
        blobs = new PostgresBlobs(database.connections("blobs", "platform", 4), Uuid7.system());
    }

    @AfterAll
    static void everyContractWasRun() {
        database.close();
        assertThat(Tally.passed(MailboxStoreContractsTest.class)).isEqualTo(EXPECTED);
        assertThat(Tally.skipped(MailboxStoreContractsTest.class)).isEqualTo(Map.of("Messages", 4));
    }

    private static ContractStore emptyStore() {
        return new ContractStore(connections, blobs);
    }

    @Nested
    class Mailboxes extends MailboxMapperTest {
        @Override
        protected MailboxMapper createMailboxMapper() {
            return emptyStore().createMailboxMapper();
        }

        @Override
        protected MailboxId generateId() {
            return ContractStore.unknownMailbox();
        }
    }

    @Nested
    class AccessControl extends MailboxMapperACLTest {
        @Override
        protected MailboxMapper createMailboxMapper() {
            return emptyStore().createMailboxMapper();
        }
    }

    @Nested
    class Messages extends MessageMapperTest {
        private final ContractStore store = emptyStore();

        @Override
        protected MapperProvider createMapperProvider() {
            return store;
        }

        @Override
        protected UpdatableTickingClock updatableTickingClock() {
            return store.clock;
        }
    }

    @Nested
    class Moves extends MessageMoveTest {
        @Override
        protected MapperProvider createMapperProvider() {
            return emptyStore();
        }
    }

    @Nested
    class MessagesById extends MessageIdMapperTest {
        private final ContractStore store = emptyStore();

        @Override
        protected MapperProvider provideMapper() {
            return store;
        }

        @Override
        protected UpdatableTickingClock updatableTickingClock() {
            return store.clock;
        }
    }

    @Nested
    class Subscriptions extends SubscriptionMapperTest {
        @Override
        protected SubscriptionMapper createSubscriptionMapper() {
            return emptyStore().mappers.createSubscriptionMapper(null);
        }
    }

    @Nested
    class Attachments extends AttachmentMapperTest {
        private final ContractStore store = emptyStore();

        @Override
        protected AttachmentMapper createAttachmentMapper() {
            return new AttachmentsOfMessages(store);
        }

        @Override
        protected MessageId generateMessageId() {
            return store.generateMessageId();
        }
    }

    @Nested
    class MessagesWithAttachments extends MessageWithAttachmentMapperTest {
        @Override
        protected MapperProvider createMapperProvider() {
            return emptyStore().withMailboxesThatExist();
        }
    }

    @Nested
    class Annotations extends AnnotationMapperTest {
        private final ContractStore store = emptyStore();

        @Override
        protected AnnotationMapper createAnnotationMapper() {
            return store.mappers.createAnnotationMapper(null);
        }

        @Override
        protected MailboxId generateMailboxId() {
            return store.someMailbox();
        }
    }

    @Nested
    class ManagersById extends AbstractMessageIdManagerStorageTest {
        @Override
        protected MessageIdManagerTestSystem createTestingData() {
            return new ContractManagers(emptyStore()).byMessageId();
        }
    }

    @Nested
    class ManagersTogether extends AbstractCombinationManagerTest {
        @Override
        protected CombinationManagerTestSystem createTestingData() {
            return new ContractManagers(emptyStore()).combined();
        }
    }

    @Nested
    class AttachmentsThroughManagers extends AbstractMailboxManagerAttachmentTest {
        private final ContractStore store = emptyStore();
        private final ContractManagers managers = new ContractManagers(store);

        @BeforeEach
        @Override
        protected void setUp() throws Exception {
            super.setUp();
        }

        @Override
        protected MailboxManager getMailboxManager() {
            return managers.mailboxes;
        }

        @Override
        protected MailboxManager getParseFailingMailboxManager() {
            return managers.withoutParser;
        }

        @Override
        protected MailboxSessionMapperFactory getMailboxSessionMapperFactory() {
            return store.mappers;
        }

        @Override
        protected AttachmentMapperFactory getAttachmentMapperFactory() {
            return store.mappers;
        }
    }
}
