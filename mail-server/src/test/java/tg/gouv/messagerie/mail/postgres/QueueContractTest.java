package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.queue.api.DelayedMailQueueContract;
import org.apache.james.queue.api.DelayedManageableMailQueueContract;
import org.apache.james.queue.api.DelayedPriorityMailQueueContract;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueContract;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueFactoryContract;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.ManageableMailQueueContract;
import org.apache.james.queue.api.ManageableMailQueueFactoryContract;
import org.apache.james.queue.api.PriorityMailQueueContract;
import org.apache.james.queue.api.PriorityManageableMailQueueContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** The contracts that James publishes for every mail queue, run against ours on a real PostgreSQL; none is skipped. */
class QueueContractTest {
    /** How many tests each contract declares itself: one that vanishes is noticed. */
    private static final Map<Class<?>, Integer> CONTRACTS = Map.of(
            MailQueueContract.class, 28,
            ManageableMailQueueContract.class, 41,
            DelayedMailQueueContract.class, 6,
            DelayedManageableMailQueueContract.class, 8,
            PriorityMailQueueContract.class, 6,
            PriorityManageableMailQueueContract.class, 1,
            DelayedPriorityMailQueueContract.class, 2,
            MailQueueFactoryContract.class, 7,
            ManageableMailQueueFactoryContract.class, 1);

    private static QueueUnderTest ground;

    @BeforeAll
    static void open(@TempDir Path directory) {
        ground = new QueueUnderTest(directory);
    }

    @AfterAll
    static void close() {
        ground.close();
    }

    @AfterEach
    void empty() {
        ground.empty();
    }

    @Test
    void everyContractIsWhole() {
        assertThat(declared(CONTRACTS.keySet().stream())).isEqualTo(CONTRACTS);
    }

    /** How many tests each of some contracts declares. */
    static Map<Class<?>, Integer> declared(Stream<Class<?>> contracts) {
        return contracts.collect(Collectors.toMap(
                contract -> contract, contract -> (int) Arrays.stream(contract.getDeclaredMethods())
                        .filter(method -> Stream.of(Test.class, ParameterizedTest.class, RepeatedTest.class)
                                .anyMatch(method::isAnnotationPresent))
                        .count()));
    }

    @Nested
    class Queue
            implements DelayedManageableMailQueueContract,
                    DelayedPriorityMailQueueContract,
                    PriorityManageableMailQueueContract {
        private PostgresMailQueue queue;

        @BeforeEach
        void create() {
            queue = ground.open(QueueUnderTest.QUICK).createQueue(MailQueueName.of("test"));
        }

        @Override
        public MailQueue getMailQueue() {
            return queue;
        }

        @Override
        public ManageableMailQueue getManageableMailQueue() {
            return queue;
        }

        /** As many as may wait for a connection of the role. */
        @Override
        public int getMailQueueMaxConcurrency() {
            return 100;
        }
    }

    @Nested
    class Factory
            implements MailQueueFactoryContract<PostgresMailQueue>,
                    ManageableMailQueueFactoryContract<PostgresMailQueue> {
        private PostgresMailQueues queues;

        @BeforeEach
        void create() {
            queues = ground.open(QueueUnderTest.QUICK);
        }

        @Override
        public MailQueueFactory<PostgresMailQueue> getMailQueueFactory() {
            return queues;
        }
    }
}
