package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.name.Names;
import org.apache.james.adapter.mailbox.ACLUsernameChangeTaskStep;
import org.apache.james.adapter.mailbox.DelegationStoreAuthorizator;
import org.apache.james.adapter.mailbox.MailboxUsernameChangeTaskStep;
import org.apache.james.adapter.mailbox.QuotaUsernameChangeTaskStep;
import org.apache.james.adapter.mailbox.UserRepositoryAuthenticator;
import org.apache.james.events.EventDeadLetters;
import org.apache.james.events.EventListener;
import org.apache.james.events.EventSerializer;
import org.apache.james.mailbox.AttachmentContentLoader;
import org.apache.james.mailbox.AttachmentManager;
import org.apache.james.mailbox.Authenticator;
import org.apache.james.mailbox.Authorizator;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxPathLocker;
import org.apache.james.mailbox.MessageIdManager;
import org.apache.james.mailbox.RightManager;
import org.apache.james.mailbox.SessionProvider;
import org.apache.james.mailbox.SubscriptionManager;
import org.apache.james.mailbox.extractor.TextExtractor;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.quota.CurrentQuotaManager;
import org.apache.james.mailbox.quota.MaxQuotaManager;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.quota.QuotaRootDeserializer;
import org.apache.james.mailbox.quota.QuotaRootResolver;
import org.apache.james.mailbox.quota.UserQuotaRootResolver;
import org.apache.james.mailbox.store.MailboxManagerConfiguration;
import org.apache.james.mailbox.store.MailboxSessionMapperFactory;
import org.apache.james.mailbox.store.NoMailboxPathLocker;
import org.apache.james.mailbox.store.SessionProviderImpl;
import org.apache.james.mailbox.store.StoreAttachmentManager;
import org.apache.james.mailbox.store.StoreMailboxManager;
import org.apache.james.mailbox.store.StoreMessageIdManager;
import org.apache.james.mailbox.store.StoreRightManager;
import org.apache.james.mailbox.store.StoreSubscriptionManager;
import org.apache.james.mailbox.store.event.MailboxAnnotationListener;
import org.apache.james.mailbox.store.extractor.JsoupTextExtractor;
import org.apache.james.mailbox.store.mail.AttachmentMapperFactory;
import org.apache.james.mailbox.store.mail.MailboxMapperFactory;
import org.apache.james.mailbox.store.mail.MessageMapperFactory;
import org.apache.james.mailbox.store.mail.ModSeqProvider;
import org.apache.james.mailbox.store.mail.NaiveThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.ThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.UidProvider;
import org.apache.james.mailbox.store.quota.DefaultUserQuotaRootResolver;
import org.apache.james.mailbox.store.search.MessageSearchIndex;
import org.apache.james.mailbox.store.user.SubscriptionMapperFactory;
import org.apache.james.modules.mailbox.DefaultEventModule;
import org.apache.james.user.api.UsernameChangeTaskStep;
import org.apache.james.utils.MailboxManagerDefinition;
import tg.gouv.messagerie.mail.postgres.MailboxNews;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes;
import tg.gouv.messagerie.mail.postgres.PostgresMailboxId;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;
import tg.gouv.messagerie.mail.postgres.PostgresMessageId;
import tg.gouv.messagerie.mail.rights.GuardedMessageIds;
import tg.gouv.messagerie.mail.rights.GuardedRights;
import tg.gouv.messagerie.platform.database.Uuid7;

/** Mailboxes, messages, quotas and dead letters in PostgreSQL. */
final class MailboxStoreModule extends AbstractModule {
    private final Uuid7 ids;

    MailboxStoreModule(Uuid7 ids) {
        this.ids = ids;
    }

    @Override
    protected void configure() {
        install(new DefaultEventModule());

        bind(MailboxSessionMapperFactory.class).to(PostgresMappers.class);
        bind(MailboxMapperFactory.class).to(PostgresMappers.class);
        bind(MessageMapperFactory.class).to(PostgresMappers.class);
        bind(AttachmentMapperFactory.class).to(PostgresMappers.class);
        bind(SubscriptionMapperFactory.class).to(PostgresMappers.class);
        bind(MailboxId.Factory.class).toInstance(new PostgresMailboxId.Factory());
        bind(MessageId.Factory.class).toInstance(new PostgresMessageId.Factory(ids));

        bind(PostgresMailboxManager.class).in(Scopes.SINGLETON);
        bind(MailboxManager.class).to(PostgresMailboxManager.class);
        bind(StoreMailboxManager.class).to(PostgresMailboxManager.class);
        bind(MailboxManager.class).annotatedWith(Names.named("mailboxmanager")).to(MailboxManager.class);
        bind(MailboxManagerConfiguration.class).toInstance(MailboxManagerConfiguration.DEFAULT);
        bind(MailboxPathLocker.class).to(NoMailboxPathLocker.class);
        bind(ThreadIdGuessingAlgorithm.class).to(NaiveThreadIdGuessingAlgorithm.class);
        bind(GuardedMessageIds.class).in(Scopes.SINGLETON);
        bind(StoreMessageIdManager.class).to(GuardedMessageIds.class);
        bind(MessageIdManager.class).to(GuardedMessageIds.class);
        bind(StoreAttachmentManager.class).in(Scopes.SINGLETON);
        bind(AttachmentManager.class).to(StoreAttachmentManager.class);
        bind(AttachmentContentLoader.class).to(AttachmentManager.class);
        bind(StoreSubscriptionManager.class).in(Scopes.SINGLETON);
        bind(SubscriptionManager.class).to(StoreSubscriptionManager.class);
        bind(GuardedRights.class).in(Scopes.SINGLETON);
        bind(StoreRightManager.class).to(GuardedRights.class);
        bind(RightManager.class).to(GuardedRights.class);
        bind(SessionProviderImpl.class).in(Scopes.SINGLETON);
        bind(SessionProvider.class).to(SessionProviderImpl.class);
        bind(UserRepositoryAuthenticator.class).in(Scopes.SINGLETON);
        bind(Authenticator.class).to(UserRepositoryAuthenticator.class);
        bind(DelegationStoreAuthorizator.class).in(Scopes.SINGLETON);
        bind(Authorizator.class).to(DelegationStoreAuthorizator.class);

        bind(DefaultUserQuotaRootResolver.class).in(Scopes.SINGLETON);
        bind(UserQuotaRootResolver.class).to(DefaultUserQuotaRootResolver.class);
        bind(QuotaRootResolver.class).to(DefaultUserQuotaRootResolver.class);
        bind(QuotaRootDeserializer.class).to(DefaultUserQuotaRootResolver.class);

        bind(MessageSearchIndex.class).to(MessageScan.class);
        bind(TextExtractor.class).to(JsoupTextExtractor.class);

        Multibinder.newSetBinder(binder(), MailboxManagerDefinition.class);
        Multibinder.newSetBinder(binder(), EventListener.GroupEventListener.class)
                .addBinding()
                .to(MailboxAnnotationListener.class);
        var renaming = Multibinder.newSetBinder(binder(), UsernameChangeTaskStep.class);
        renaming.addBinding().to(MailboxUsernameChangeTaskStep.class);
        renaming.addBinding().to(ACLUsernameChangeTaskStep.class);
        renaming.addBinding().to(QuotaUsernameChangeTaskStep.class);
    }

    @Provides
    @Singleton
    PostgresMappers mappers(MailStorage storage) {
        return storage.mappers();
    }

    @Provides
    @Singleton
    OpenedMailboxes opened(PostgresMappers mappers) {
        return mappers.opened();
    }

    @Provides
    @Singleton
    MailboxNews news(PostgresMappers mappers) {
        return mappers.news();
    }

    @Provides
    @Singleton
    QuotaManager quotas(MailStorage storage) {
        return storage.repositories().quotas();
    }

    @Provides
    @Singleton
    CurrentQuotaManager quotaUse(MailStorage storage) {
        return storage.repositories().quotaUse();
    }

    @Provides
    @Singleton
    MaxQuotaManager quotaLimits(MailStorage storage) {
        return storage.repositories().quotaLimits();
    }

    @Provides
    @Singleton
    EventDeadLetters deadLetters(MailStorage storage, EventSerializer serializer) {
        return storage.repositories().deadLetters(serializer);
    }

    @Provides
    @Singleton
    UidProvider uids(PostgresMappers mappers) {
        return mappers.getUidProvider();
    }

    @Provides
    @Singleton
    ModSeqProvider modSeqs(PostgresMappers mappers) {
        return mappers.getModSeqProvider();
    }
}
