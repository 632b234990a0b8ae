package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.james.core.quota.QuotaLimitValue;
import org.apache.james.events.EventDeadLetters;
import org.apache.james.events.EventSerializer;
import org.apache.james.mailbox.quota.CurrentQuotaManager;
import org.apache.james.mailbox.quota.MaxQuotaManager;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.vacation.api.NotificationRegistry;
import org.apache.james.vacation.api.VacationRepository;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.mail.Absences;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.mail.Forwards;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.MailUse;
import tg.gouv.messagerie.mail.filters.ManageSieveSettings;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.database.Connections;

/**
 * What mail keeps of an account beside its mailboxes, in the schema {@code mail}: filters, absences, limits; and the events that
 * no part of mail could handle.
 *
 * <p>What is acknowledged is durable.
 */
public final class PostgresRepositories {
    private final SieveRepository scripts;
    private final VacationRepository vacations;
    private final PostgresAbsences absences;
    private final NotificationRegistry notifications;
    private final PostgresAccountRules rules;
    private final QuotaRows quotaRows;
    private final QuotaManager quotas;
    private final CurrentQuotaManager quotaUse;
    private final MaxQuotaManager quotaLimits;
    private final Connections connections;
    private final MailConnections store;
    private final AuditTrail trail;
    private final ManageSieveSettings filters;
    private final Clock clock;
    private final int deadLettersMax;
    private final AtomicLong deadLetters = new AtomicLong();

    /**
     * Repositories that know accounts as the mailbox store does.
     *
     * @param connections of the schema {@code mail}, brought up to date
     */
    public PostgresRepositories(Connections connections, PostgresMappers store, Clock clock, MailSettings settings) {
        this.connections = connections;
        this.store = store.connections();
        this.trail = store.trail();
        this.filters = settings.managesieve();
        this.clock = clock;
        this.deadLettersMax = settings.events().deadLettersMax();
        AccountNames accounts = store.accounts();
        this.scripts = new PostgresSieveRepository(
                connections,
                accounts,
                store.trail(),
                clock,
                settings.managesieve().scripts());
        this.vacations = new PostgresVacationRepository(
                store.connections(), accounts, settings.absences().textSizeMax().bytes());
        this.absences = new PostgresAbsences(
                connections, settings.absences().textSizeMax().bytes());
        this.notifications =
                new PostgresNotificationRegistry(store.connections(), accounts, () -> ZonedDateTime.now(clock));
        this.quotaRows = new QuotaRows(this.store, accounts, settings.quota());
        this.quotas = new PostgresQuotas(this.store, quotaRows);
        this.quotaUse = new PostgresQuotaUse(this.store, quotaRows);
        this.quotaLimits = new PostgresQuotaLimits(this.store, quotaRows);
        this.rules = new PostgresAccountRules(
                connections, accounts, clock, settings.absences().sendersMax());
    }

    /** The accounts' filters. */
    public SieveRepository scripts() {
        return scripts;
    }

    /** The absences that people set through JMAP. */
    public VacationRepository vacations() {
        return vacations;
    }

    /** The same absences, for their owners' pages. */
    public Absences absences() {
        return absences;
    }

    /** Where accounts' mail goes on to, for their owners' pages. */
    public Forwards forwards(Directory directory) {
        return new PostgresForwards(connections, directory, trail, filters, clock);
    }

    /** Who was told of them. */
    public NotificationRegistry notifications() {
        return notifications;
    }

    /** What accounts want done with the mail that arrives for them. */
    public AccountRules rules() {
        return rules;
    }

    /** What accounts hold beside what they may hold. */
    public QuotaManager quotas() {
        return quotas;
    }

    /** What accounts hold and may hold, for others than James. */
    public MailUse use() {
        return account -> connections.autoCommit(c -> {
            QuotaRows.Both both = quotaRows.both(
                    c, Optional.of(account.id().value()), account.primary().domain());
            return new MailUse.Use(
                    both.use().bytes(),
                    limit(both.limits().ofBytes()),
                    both.use().messages(),
                    limit(both.limits().ofMessages()));
        });
    }

    private static OptionalLong limit(QuotaLimitValue<?> limit) {
        return limit.isLimited() ? OptionalLong.of(limit.asLong()) : OptionalLong.empty();
    }

    /** What accounts hold. */
    public CurrentQuotaManager quotaUse() {
        return quotaUse;
    }

    /** What accounts may hold. */
    public MaxQuotaManager quotaLimits() {
        return quotaLimits;
    }

    /** The events that a listener could not handle, as this serializer writes them. */
    public EventDeadLetters deadLetters(EventSerializer serializer) {
        return new PostgresDeadLetters(store, serializer, clock, deadLettersMax, deadLetters);
    }

    /** How many events are kept that a listener could not handle, as was last known; answers at once. */
    public long deadLettersKept() {
        return deadLetters.get();
    }

    /**
     * Removes what has no effect any more, who was told of an absence long enough ago, and counts the dead letters anew: another
     * node may have kept some.
     *
     * @return how many rows went
     */
    public int sweep() {
        countDeadLetters();
        return rules.forget();
    }

    /** Learns how many events are kept that a listener could not handle. */
    public void countDeadLetters() {
        deadLetters.set(connections.autoCommit(PostgresDeadLetters::count));
    }
}
