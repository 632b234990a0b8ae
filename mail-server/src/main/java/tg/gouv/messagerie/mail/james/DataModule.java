package tg.gouv.messagerie.mail.james;

import com.google.common.collect.ImmutableList;
import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.DefaultVacationService;
import org.apache.james.UserEntityValidator;
import org.apache.james.mailrepository.api.MailRepositoryUrlStore;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.mailrepository.memory.MailRepositoryStoreConfiguration;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.sieverepository.api.SieveQuotaRepository;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.user.api.UsernameChangeTaskStep;
import org.apache.james.util.date.DefaultZonedDateTimeProvider;
import org.apache.james.util.date.ZonedDateTimeProvider;
import org.apache.james.vacation.api.NotificationRegistry;
import org.apache.james.vacation.api.VacationRepository;
import org.apache.james.vacation.api.VacationService;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.mail.delivery.FullMailboxes;
import tg.gouv.messagerie.mail.postgres.PostgresMailRepository;
import tg.gouv.messagerie.mail.postgres.PostgresMailRepositoryUrlStore;

/** What is neither a mailbox nor a queue: filters, absences, and no rewriting rule. */
final class DataModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(FullMailboxes.class).in(Scopes.SINGLETON);
        bind(SieveQuotaRepository.class).to(SieveRepository.class);
        bind(RecipientRewriteTable.class).toInstance(new NoRewriting());
        bind(UserEntityValidator.class).toInstance(UserEntityValidator.NOOP); // nothing is created through James
        bind(PostgresMailRepositoryUrlStore.class).in(Scopes.SINGLETON);
        bind(MailRepositoryUrlStore.class).to(PostgresMailRepositoryUrlStore.class);
        bind(DefaultVacationService.class).in(Scopes.SINGLETON);
        bind(VacationService.class).to(DefaultVacationService.class);
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
    SieveRepository scripts(MailStorage storage) {
        return storage.repositories().scripts();
    }

    @Provides
    @Singleton
    VacationRepository vacations(MailStorage storage) {
        return storage.repositories().vacations();
    }

    @Provides
    @Singleton
    NotificationRegistry notifications(MailStorage storage) {
        return storage.repositories().notifications();
    }

    @Provides
    @Singleton
    AccountRules rules(MailStorage storage) {
        return storage.repositories().rules();
    }
}
