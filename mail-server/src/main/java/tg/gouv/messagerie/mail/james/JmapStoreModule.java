package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.eventsourcing.eventstore.EventStore;
import org.apache.james.jmap.api.change.EmailChangeRepository;
import org.apache.james.jmap.api.change.MailboxChangeRepository;
import org.apache.james.jmap.api.change.TypeStateFactory;
import org.apache.james.jmap.api.filtering.FilteringManagement;
import org.apache.james.jmap.api.filtering.impl.EventSourcingFilteringManagement;
import org.apache.james.jmap.api.identity.CustomIdentityDAO;
import org.apache.james.jmap.api.projections.EmailQueryView;
import org.apache.james.jmap.api.projections.MessageFastViewProjection;
import org.apache.james.jmap.api.projections.MessageFastViewProjectionHealthCheck;
import org.apache.james.jmap.api.pushsubscription.PushSubscriptionRepository;
import org.apache.james.jmap.api.upload.UploadRepository;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.user.api.DelegationStore;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;

/** What JMAP keeps, in PostgreSQL. */
final class JmapStoreModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(EventSourcingFilteringManagement.class).in(Scopes.SINGLETON);
        bind(FilteringManagement.class).to(EventSourcingFilteringManagement.class);
        bind(EventSourcingFilteringManagement.ReadProjection.class)
                .to(EventSourcingFilteringManagement.NoReadProjection.class);
        bind(MessageFastViewProjectionHealthCheck.class).in(Scopes.SINGLETON);
        Multibinder.newSetBinder(binder(), HealthCheck.class)
                .addBinding()
                .to(MessageFastViewProjectionHealthCheck.class);
    }

    @Provides
    @Singleton
    EmailChangeRepository emailChanges(PostgresMappers mappers) {
        return mappers.emailChanges();
    }

    @Provides
    @Singleton
    MailboxChangeRepository mailboxChanges(PostgresMappers mappers) {
        return mappers.mailboxChanges();
    }

    @Provides
    @Singleton
    EmailQueryView emailQueries(PostgresMappers mappers) {
        return mappers.emailQueries();
    }

    @Provides
    @Singleton
    CustomIdentityDAO identities(MailStorage storage) {
        return storage.jmap().identities();
    }

    @Provides
    @Singleton
    UploadRepository uploads(MailStorage storage) {
        return storage.jmap().uploads();
    }

    @Provides
    @Singleton
    PushSubscriptionRepository pushSubscriptions(MailStorage storage, TypeStateFactory typeNames) {
        return storage.jmap().pushSubscriptions(typeNames);
    }

    @Provides
    @Singleton
    MessageFastViewProjection previews(MailStorage storage, MetricFactory metrics) {
        return storage.jmap().previews(metrics);
    }

    @Provides
    @Singleton
    EventStore events(MailStorage storage) {
        return storage.jmap().events();
    }

    @Provides
    @Singleton
    DelegationStore delegations(MailStorage storage) {
        return storage.jmap().delegations();
    }
}
