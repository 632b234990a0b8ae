package tg.gouv.messagerie.mail.postgres;

import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.util.date.ZonedDateTimeProvider;
import org.apache.james.vacation.api.AccountId;
import org.apache.james.vacation.api.NotificationRegistry;
import org.apache.james.vacation.api.RecipientId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * Who was told of the absence that an account set through JMAP, as James asks; {@link PostgresAccountRules} keeps the same rows when
 * it answers.
 */
final class PostgresNotificationRegistry implements NotificationRegistry {
    private final MailConnections connections;
    private final AccountNames accounts;
    private final ZonedDateTimeProvider clock;

    PostgresNotificationRegistry(MailConnections connections, AccountNames accounts, ZonedDateTimeProvider clock) {
        this.connections = connections;
        this.accounts = accounts;
        this.clock = clock;
    }

    @Override
    public Mono<Void> register(AccountId account, RecipientId recipient, Optional<ZonedDateTime> expiry) {
        return connections
                .later(() -> {
                    Optional<UUID> owner = owner(account);
                    return owner.isPresent()
                            && connections.run(c -> Sql.update(
                                            c,
                                            "insert into vacation_answer(owner_id, absence, sender, until)"
                                                    + " values (?, ?, ?, ?)"
                                                    + " on conflict (owner_id, absence, sender)"
                                                    + " do update set until = excluded.until",
                                            owner.get(),
                                            AccountRules.JMAP_ABSENCE,
                                            sender(recipient.getMailAddress()),
                                            time(expiry)))
                                    == 1;
                })
                .then();
    }

    /** How a sender is written in its row: local parts are compared as if case did not matter, as everybody uses them. */
    static String sender(MailAddress address) {
        return Text.clean(address.asString().toLowerCase(Locale.ROOT));
    }

    private static @Nullable OffsetDateTime time(Optional<ZonedDateTime> date) {
        return date.map(ZonedDateTime::toOffsetDateTime).orElse(null);
    }

    @Override
    public Mono<Boolean> isRegistered(AccountId account, RecipientId recipient) {
        return connections.later(() -> {
            Optional<UUID> owner = owner(account);
            return owner.isPresent()
                    && connections
                            .run(c -> Sql.first(
                                    c,
                                    row -> 1,
                                    "select from vacation_answer where owner_id = ? and absence = ? and sender = ?"
                                            + " and (until is null or until >= ?)",
                                    owner.get(),
                                    AccountRules.JMAP_ABSENCE,
                                    sender(recipient.getMailAddress()),
                                    clock.get().toOffsetDateTime()))
                            .isPresent();
        });
    }

    @Override
    public Mono<Void> flush(AccountId account) {
        return connections
                .later(() -> {
                    Optional<UUID> owner = owner(account);
                    return owner.isPresent()
                            && connections.run(c -> Sql.update(
                                            c,
                                            "delete from vacation_answer where owner_id = ? and absence = ?",
                                            owner.get(),
                                            AccountRules.JMAP_ABSENCE))
                                    > 0;
                })
                .then();
    }

    private Optional<UUID> owner(AccountId account) {
        return accounts.account(Username.of(account.getIdentifier()))
                .map(tg.gouv.messagerie.directory.AccountId::value);
    }
}
