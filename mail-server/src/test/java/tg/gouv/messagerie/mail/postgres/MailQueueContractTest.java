package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.time.Duration;
import org.apache.james.queue.api.DelayedManageableMailQueueContract;
import org.apache.james.queue.api.DelayedPriorityMailQueueContract;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueFactoryContract;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.ManageableMailQueueFactoryContract;
import org.apache.james.queue.api.PriorityManageableMailQueueContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The contracts that James publishes for every mail queue, run against ours on a real PostgreSQL. */
class MailQueueContractTest {
    private final QueueUnderTest queues = QueueUnderTest.empty(Clock.systemUTC(), Duration.ofMillis(20));

    @AfterEach
    void close() {
        queues.close();
    }

    private ManageableMailQueue queue() {
        return queues.queues().createQueue(MailQueueName.of("contract"));
    }

    @Nested
    class Manageable
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
    class Factory
            implements MailQueueFactoryContract<ManageableMailQueue>,
                    ManageableMailQueueFactoryContract<ManageableMailQueue> {
        @Override
        public MailQueueFactory<ManageableMailQueue> getMailQueueFactory() {
            return queues.queues();
        }
    }
}
