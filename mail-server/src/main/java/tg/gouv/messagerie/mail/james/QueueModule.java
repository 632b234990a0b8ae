package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.TypeLiteral;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;

/** The mail queue in PostgreSQL, under each of the names by which James asks for it. */
final class QueueModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(new TypeLiteral<MailQueueFactory<?>>() {}).to(PostgresMailQueues.class);
        bind(new TypeLiteral<MailQueueFactory<? extends MailQueue>>() {}).to(PostgresMailQueues.class);
        bind(new TypeLiteral<MailQueueFactory<? extends ManageableMailQueue>>() {})
                .to(PostgresMailQueues.class);
        bind(new TypeLiteral<MailQueueFactory<ManageableMailQueue>>() {}).to(PostgresMailQueues.class);
    }

    @Provides
    @Singleton
    PostgresMailQueues queues(MailStorage storage) {
        return storage.queues();
    }
}
