package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.james.mailrepository.MailRepositoryContract;
import org.apache.james.mailrepository.MailRepositoryUrlStoreContract;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryPath;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.MailRepositoryUrlStore;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.queue.api.DelayedManageableMailQueueContract;
import org.apache.james.queue.api.DelayedPriorityMailQueueContract;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueFactoryContract;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.ManageableMailQueueFactoryContract;
import org.apache.james.queue.api.PriorityManageableMailQueueContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;

/*
 * Nothing is skipped.
 *
 * Queue: DelayedManageableMailQueueContract and DelayedPriorityMailQueueContract hold the others: MailQueueContract,
 * ManageableMailQueueContract, DelayedMailQueueContract, PriorityMailQueueContract. James's MailQueueMetricContract is not run: it asks
 * for James's own metrics, which nobody reads here (platform.metrics tells how long the queue is).
 */
/** The contracts that James 3.8.1 publishes for every mail queue and mail repository, run against ours on a real PostgreSQL. */
@ExtendWith(Tally.class)
class MailQueueContractsTest {
    /** How many tests of each contract pass: one that vanished with a new release would otherwise not be missed. */
    private static final Map<String, Integer> EXPECTED = Map.of(
            "Queue", 98,
            "Queues", 8,
            "Repository", 42,
            "RepositoryUrls", 8);

    private final QueueUnderTest queues = QueueUnderTest.empty(Clock.systemUTC(), Duration.ofMillis(20));

    @AfterEach
    void close() {
        queues.close();
    }

    @AfterAll
    static void everyContractWasRun() {
        assertThat(Tally.passed(MailQueueContractsTest.class)).isEqualTo(EXPECTED);
        assertThat(Tally.skipped(MailQueueContractsTest.class)).isEmpty();
    }

    private ManageableMailQueue queue() {
        return queues.queues().createQueue(MailQueueName.of("contract"));
    }

    @Nested
    class Queue
            implements DelayedManageableMailQueueContract,
                    PriorityManageableMailQueueContract,
                    DelayedPriorityMailQueueContract {
        @Override
        public ManageableMailQueue getManageableMailQueue() {
            return queue();
        }

        @Override
        public MailQueue getMailQueue() {
            return queue();
        }
    }

    @Nested
    class Queues
            implements MailQueueFactoryContract<ManageableMailQueue>,
                    ManageableMailQueueFactoryContract<ManageableMailQueue> {
        @Override
        public MailQueueFactory<ManageableMailQueue> getMailQueueFactory() {
            return queues.queues();
        }
    }

    @Nested
    class Repository implements MailRepositoryContract {
        @Override
        public MailRepository retrieveRepository() {
            return retrieveRepository(MailRepositoryPath.from("error"));
        }

        @Override
        public MailRepository retrieveRepository(MailRepositoryPath path) {
            return new PostgresMailRepository(
                    queues.queues(), MailRepositoryUrl.fromPathAndProtocol(new Protocol("postgresql"), path));
        }
    }

    @Nested
    class RepositoryUrls implements MailRepositoryUrlStoreContract {
        @RegisterExtension
        final ParameterResolver stores = new ParameterResolver() {
            @Override
            public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
                return parameter.getParameter().getType() == MailRepositoryUrlStore.class;
            }

            @Override
            public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
                return new PostgresMailRepositoryUrlStore(queues.queues());
            }
        };
    }
}
