package tg.gouv.messagerie.mail.james;

import com.google.common.collect.ImmutableList;
import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.ProvidesIntoSet;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.DefaultVacationService;
import org.apache.james.UserEntityValidator;
import org.apache.james.dlp.api.DLPConfigurationStore;
import org.apache.james.dlp.eventsourcing.EventSourcingDLPConfigurationStore;
import org.apache.james.mailrepository.api.MailRepositoryUrlStore;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.mailrepository.memory.MailRepositoryStoreConfiguration;
import org.apache.james.modules.data.SieveFileRepositoryModule;
import org.apache.james.rrt.api.AliasReverseResolver;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.lib.AliasReverseResolverImpl;
import org.apache.james.rrt.memory.MemoryRecipientRewriteTable;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.james.user.api.UsernameChangeTaskStep;
import org.apache.james.util.date.DefaultZonedDateTimeProvider;
import org.apache.james.util.date.ZonedDateTimeProvider;
import org.apache.james.utils.InitializationOperation;
import org.apache.james.utils.InitilizationOperationBuilder;
import org.apache.james.vacation.api.NotificationRegistry;
import org.apache.james.vacation.api.VacationRepository;
import org.apache.james.vacation.api.VacationService;
import org.apache.james.vacation.memory.MemoryNotificationRegistry;
import org.apache.james.vacation.memory.MemoryVacationRepository;
import tg.gouv.messagerie.mail.delivery.AnswersAfterDelivery;
import tg.gouv.messagerie.mail.postgres.PostgresMailRepository;
import tg.gouv.messagerie.mail.postgres.PostgresMailRepositoryUrlStore;

/** What is neither a mailbox nor a queue: filters in files; absences and (empty) rewriting rules in memory. */
final class DataModule extends AbstractModule {
    @Override
    protected void configure() {
        install(new SieveFileRepositoryModule());
        bind(EventSourcingDLPConfigurationStore.class).in(Scopes.SINGLETON);
        bind(DLPConfigurationStore.class).to(EventSourcingDLPConfigurationStore.class);
        bind(UserEntityValidator.class).toInstance(UserEntityValidator.NOOP); // nothing is created through James
        bind(MemoryRecipientRewriteTable.class).in(Scopes.SINGLETON);
        bind(RecipientRewriteTable.class).to(MemoryRecipientRewriteTable.class);
        bind(AliasReverseResolverImpl.class).in(Scopes.SINGLETON);
        bind(AliasReverseResolver.class).to(AliasReverseResolverImpl.class);
        bind(PostgresMailRepositoryUrlStore.class).in(Scopes.SINGLETON);
        bind(MailRepositoryUrlStore.class).to(PostgresMailRepositoryUrlStore.class);
        bind(DefaultVacationService.class).in(Scopes.SINGLETON);
        bind(VacationService.class).to(DefaultVacationService.class);
        bind(MemoryVacationRepository.class).in(Scopes.SINGLETON);
        bind(VacationRepository.class).to(MemoryVacationRepository.class);
        bind(MemoryNotificationRegistry.class).in(Scopes.SINGLETON);
        bind(ZonedDateTimeProvider.class).to(DefaultZonedDateTimeProvider.class);
        bind(MailRepositoryStoreConfiguration.Item.class)
                .toProvider(() -> new MailRepositoryStoreConfiguration.Item(
                        ImmutableList.of(new Protocol("postgresql")),
                        PostgresMailRepository.class.getName(),
                        new BaseHierarchicalConfiguration()));
        Multibinder.newSetBinder(binder(), UsernameChangeTaskStep.class);
    }

    @Provides
    @Singleton
    NotificationRegistry answers(MemoryNotificationRegistry registry) {
        return new AnswersAfterDelivery(registry);
    }

    @ProvidesIntoSet
    InitializationOperation rewriting(ConfigurationProvider configuration, MemoryRecipientRewriteTable table) {
        return InitilizationOperationBuilder.forClass(MemoryRecipientRewriteTable.class)
                .init(() -> table.configure(configuration.getConfiguration("recipientrewritetable")));
    }
}
