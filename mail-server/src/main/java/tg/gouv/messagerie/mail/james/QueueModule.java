package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.time.Clock;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;
import tg.gouv.messagerie.platform.database.Uuid7;

/** Accepted mail in PostgreSQL: a 250 is durable. James asks for the queues under three names. */
final class QueueModule extends AbstractModule {
    private final Uuid7 ids;

    QueueModule(Uuid7 ids) {
        this.ids = ids;
    }

    @Provides
    @Singleton
    PostgresMailQueues queues(MailStorage storage, Clock clock, MailSettings settings) {
        return new PostgresMailQueues(storage.queue(), storage.blobs(), clock, ids, storage.node(), settings.queue());
    }

    @Provides
    @Singleton
    MailQueueFactory<? extends ManageableMailQueue> manageable(PostgresMailQueues queues) {
        return queues;
    }

    @Provides
    @Singleton
    MailQueueFactory<?> any(PostgresMailQueues queues) {
        return queues;
    }

    @Provides
    @Singleton
    MailQueueFactory<? extends MailQueue> queue(PostgresMailQueues queues) {
        return queues;
    }
}
