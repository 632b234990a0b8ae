package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.time.ZonedDateTime;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.vacation.api.NotificationRegistry;
import org.apache.james.vacation.api.VacationRepository;
import tg.gouv.messagerie.mail.delivery.AbsenceSettings;
import tg.gouv.messagerie.mail.delivery.AccountRules;
import tg.gouv.messagerie.mail.filters.ManageSieveSettings;
import tg.gouv.messagerie.platform.database.Connections;

/**
 * What mail keeps of an account beside its mailboxes, in the schema {@code mail}: filters, absences.
 *
 * <p>What is acknowledged is durable.
 */
public final class PostgresRepositories {
    private final SieveRepository scripts;
    private final VacationRepository vacations;
    private final NotificationRegistry notifications;
    private final PostgresAccountRules rules;

    /**
     * Repositories that know accounts as the mailbox store does.
     *
     * @param connections of the schema {@code mail}, brought up to date
     */
    public PostgresRepositories(
            Connections connections,
            PostgresMappers store,
            Clock clock,
            ManageSieveSettings filters,
            AbsenceSettings absences) {
        AccountNames accounts = store.accounts();
        this.scripts = new PostgresSieveRepository(
                connections, accounts, clock, filters.scriptSizeMax().bytes(), filters.scriptsMax());
        this.vacations = new PostgresVacationRepository(
                store.connections(), accounts, absences.textSizeMax().bytes());
        this.notifications =
                new PostgresNotificationRegistry(store.connections(), accounts, () -> ZonedDateTime.now(clock));
        this.rules = new PostgresAccountRules(connections, accounts, clock, absences.sendersMax());
    }

    /** The accounts' filters. */
    public SieveRepository scripts() {
        return scripts;
    }

    /** The absences that people set through JMAP. */
    public VacationRepository vacations() {
        return vacations;
    }

    /** Who was told of them. */
    public NotificationRegistry notifications() {
        return notifications;
    }

    /** What accounts want done with the mail that arrives for them. */
    public AccountRules rules() {
        return rules;
    }

    /**
     * Removes what has no effect any more: who was told of an absence long enough ago.
     *
     * @return how many rows went
     */
    public int sweep() {
        return rules.forget();
    }
}
