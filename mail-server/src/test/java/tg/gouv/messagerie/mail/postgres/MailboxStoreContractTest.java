package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.store.mail.AnnotationMapper;
import org.apache.james.mailbox.store.mail.AttachmentMapper;
import org.apache.james.mailbox.store.mail.MailboxMapper;
import org.apache.james.mailbox.store.mail.MessageIdMapper;
import org.apache.james.mailbox.store.mail.MessageMapper;
import org.apache.james.mailbox.store.mail.model.AnnotationMapperTest;
import org.apache.james.mailbox.store.mail.model.MailboxMapperACLTest;
import org.apache.james.mailbox.store.mail.model.MailboxMapperTest;
import org.apache.james.mailbox.store.mail.model.MapperProvider;
import org.apache.james.mailbox.store.mail.model.MessageIdMapperTest;
import org.apache.james.mailbox.store.mail.model.MessageMapperTest;
import org.apache.james.mailbox.store.mail.model.MessageMoveTest;
import org.apache.james.mailbox.store.mail.model.MessageUidProvider;
import org.apache.james.mailbox.store.user.SubscriptionMapper;
import org.apache.james.mailbox.store.user.SubscriptionMapperTest;
import org.apache.james.utils.UpdatableTickingClock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The contracts that James publishes for every mailbox store, run against ours on a real PostgreSQL.
 *
 * <p>Four tests of MessageMapperTest skip themselves: they are for stores whose set of keywords shrinks, ours is {@code
 * INCREMENTAL_APPLICABLE_FLAGS}. AttachmentMapperTest and MessageWithAttachmentMapperTest are not run: they store attachments
 * without a message, and ours are read out of the message (see PostgresAttachmentMapperTest).
 */
class MailboxStoreContractTest {
    /** How many tests each contract has, beside those of its inner classes: one that vanishes is noticed. */
    private static final Map<Class<?>, Integer> CONTRACTS = Map.of(
            MailboxMapperTest.class, 20,
            MailboxMapperACLTest.class, 24,
            MessageMapperTest.class, 102,
            MessageMoveTest.class, 5,
            MessageIdMapperTest.class, 55,
            AnnotationMapperTest.class, 19,
            SubscriptionMapperTest.class, 6);

    @Test
    void everyContractIsWhole() {
        Map<Class<?>, Integer> found = CONTRACTS.keySet().stream()
                .collect(Collectors.toMap(contract -> contract, contract -> (int)
                        Stream.<Class<?>>iterate(contract, type -> !type.equals(Object.class), Class::getSuperclass)
                                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                                .filter(MailboxStoreContractTest::isTest)
                                .count()));

        assertThat(found).isEqualTo(CONTRACTS);
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class);
    }

    @Nested
    class Mailboxes extends MailboxMapperTest {
        @Override
        protected MailboxMapper createMailboxMapper() {
            return new EmptyStore().createMailboxMapper();
        }

        @Override
        protected MailboxId generateId() {
            return EmptyStore.unknownMailbox();
        }
    }

    @Nested
    class AccessControl extends MailboxMapperACLTest {
        @Override
        protected MailboxMapper createMailboxMapper() {
            return new EmptyStore().createMailboxMapper();
        }
    }

    @Nested
    class Messages extends MessageMapperTest {
        private final EmptyStore store = new EmptyStore();

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
            return new EmptyStore();
        }
    }

    @Nested
    class MessagesById extends MessageIdMapperTest {
        private final EmptyStore store = new EmptyStore();

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
    class Annotations extends AnnotationMapperTest {
        private final EmptyStore store = new EmptyStore();

        @Override
        protected AnnotationMapper createAnnotationMapper() {
            return store.mappers().createAnnotationMapper(StoreUnderTest.NO_SESSION);
        }

        @Override
        protected MailboxId generateMailboxId() {
            return store.mailbox();
        }
    }

    @Nested
    class Subscriptions extends SubscriptionMapperTest {
        @Override
        protected SubscriptionMapper createSubscriptionMapper() {
            return new EmptyStore().mappers().createSubscriptionMapper(StoreUnderTest.NO_SESSION);
        }
    }

    /** What the contracts need to know of a store. */
    private static final class EmptyStore implements MapperProvider {
        private final UpdatableTickingClock clock = new UpdatableTickingClock(Instant.now());
        private final StoreUnderTest store = StoreUnderTest.empty(clock);
        private final MessageUidProvider uids = new MessageUidProvider();

        PostgresMappers mappers() {
            return store.mappers();
        }

        MailboxId mailbox() {
            return store.mailbox("benwa", "INBOX." + ThreadLocalRandom.current().nextLong())
                    .getMailboxId();
        }

        static MailboxId unknownMailbox() {
            return new PostgresMailboxId(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 41));
        }

        @Override
        public List<Capabilities> getSupportedCapabilities() {
            return List.of(
                    Capabilities.MESSAGE,
                    Capabilities.MAILBOX,
                    Capabilities.MOVE,
                    Capabilities.UNIQUE_MESSAGE_ID,
                    Capabilities.THREAD_SAFE_FLAGS_UPDATE,
                    Capabilities.INCREMENTAL_APPLICABLE_FLAGS,
                    Capabilities.ACL_STORAGE);
        }

        @Override
        public MailboxMapper createMailboxMapper() {
            return mappers().createMailboxMapper(StoreUnderTest.NO_SESSION);
        }

        @Override
        public MessageMapper createMessageMapper() {
            return mappers().createMessageMapper(StoreUnderTest.NO_SESSION);
        }

        @Override
        public MessageIdMapper createMessageIdMapper() {
            return mappers().createMessageIdMapper(StoreUnderTest.NO_SESSION);
        }

        @Override
        public AttachmentMapper createAttachmentMapper() {
            return mappers().createAttachmentMapper(StoreUnderTest.NO_SESSION);
        }

        @Override
        public MailboxId generateId() {
            return unknownMailbox();
        }

        @Override
        public MessageUid generateMessageUid() {
            return uids.next();
        }

        @Override
        public MessageId generateMessageId() {
            return store.newMessageId();
        }

        /** Announces the MODSEQ that the store itself will give when the message is saved. */
        @Override
        public ModSeq generateModSeq(Mailbox mailbox) throws MailboxException {
            return mappers().getModSeqProvider().highestModSeq(mailbox).next();
        }

        @Override
        public ModSeq highestModSeq(Mailbox mailbox) throws MailboxException {
            return mappers().getModSeqProvider().highestModSeq(mailbox);
        }

        @Override
        public boolean supportPartialAttachmentFetch() {
            return false;
        }
    }
}
