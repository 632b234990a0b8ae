package tg.gouv.messagerie.mail.postgres;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.james.core.Username;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.vacation.api.AccountId;
import org.apache.james.vacation.api.Vacation;
import org.apache.james.vacation.api.VacationPatch;
import org.apache.james.vacation.api.VacationRepository;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/** The absences that people set through JMAP (RFC 8621 section 8), at most one for each account. */
final class PostgresVacationRepository implements VacationRepository {
    static final String COLUMNS = "enabled, from_date, from_zone, to_date, to_zone, subject, text_body, html_body";

    private final MailConnections connections;
    private final AccountNames accounts;
    private final long textBytesMax;

    PostgresVacationRepository(MailConnections connections, AccountNames accounts, long textBytesMax) {
        this.connections = connections;
        this.accounts = accounts;
        this.textBytesMax = textBytesMax;
    }

    /**
     * Changes an absence, durably.
     *
     * @return fails with {@link IllegalArgumentException} if the texts are too long together, or no account has that name; nothing
     *     was changed
     */
    @Override
    public Mono<Void> modifyVacation(AccountId account, VacationPatch patch) {
        requireNonNull(account);
        requireNonNull(patch);
        return connections
                .later(() -> {
                    UUID owner = owner(account)
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "no account has the address " + account.getIdentifier()));
                    return patch.isIdentity() || modify(owner, patch);
                })
                .then();
    }

    private boolean modify(UUID owner, VacationPatch patch) throws MailboxException {
        return connections.transaction(c -> {
            Sql.update(c, "insert into vacation(owner_id) values (?) on conflict do nothing", owner);
            Vacation before = Sql.first(
                            c,
                            PostgresVacationRepository::read,
                            "select " + COLUMNS + " from vacation where owner_id = ? for update",
                            owner)
                    .orElseThrow();
            Vacation changed = patch.patch(before);
            demandBound(changed);
            if (!changed.getTextBody().equals(before.getTextBody())
                    || !changed.getHtmlBody().equals(before.getHtmlBody())) {
                // What a program shows is what everybody is told: it knows of no text for people outside.
                Sql.update(c, "update vacation set outside_text = null where owner_id = ?", owner);
            }
            return Sql.update(
                            c,
                            "update vacation set enabled = ?, from_date = ?, from_zone = ?, to_date = ?, to_zone = ?,"
                                    + " subject = ?, text_body = ?, html_body = ? where owner_id = ?",
                            changed.isEnabled(),
                            time(changed.getFromDate()),
                            zone(changed.getFromDate()),
                            time(changed.getToDate()),
                            zone(changed.getToDate()),
                            text(changed.getSubject()),
                            text(changed.getTextBody()),
                            text(changed.getHtmlBody()),
                            owner)
                    == 1;
        });
    }

    private void demandBound(Vacation vacation) {
        long bytes = Stream.of(vacation.getSubject(), vacation.getTextBody(), vacation.getHtmlBody())
                .flatMap(Optional::stream)
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (bytes > textBytesMax) {
            throw new IllegalArgumentException(
                    "the texts of an absence have at most " + textBytesMax + " octets together");
        }
    }

    @Override
    public Mono<Vacation> retrieveVacation(AccountId account) {
        requireNonNull(account);
        return connections.later(() -> {
            Optional<UUID> owner = owner(account);
            return owner.isEmpty()
                    ? DEFAULT_VACATION
                    : connections
                            .run(c -> Sql.first(
                                    c,
                                    PostgresVacationRepository::read,
                                    "select " + COLUMNS + " from vacation where owner_id = ?",
                                    owner.get()))
                            .orElse(DEFAULT_VACATION);
        });
    }

    private Optional<UUID> owner(AccountId account) {
        return accounts.account(Username.of(account.getIdentifier()))
                .map(tg.gouv.messagerie.directory.AccountId::value);
    }

    /** The vacation of a row that has {@link #COLUMNS}. */
    static Vacation read(ResultSet row) throws SQLException {
        return Vacation.builder()
                .enabled(row.getBoolean("enabled"))
                .fromDate(date(row, "from"))
                .toDate(date(row, "to"))
                .subject(Optional.ofNullable(row.getString("subject")))
                .textBody(Optional.ofNullable(row.getString("text_body")))
                .htmlBody(Optional.ofNullable(row.getString("html_body")))
                .build();
    }

    private static Optional<ZonedDateTime> date(ResultSet row, String which) throws SQLException {
        OffsetDateTime time = row.getObject(which + "_date", OffsetDateTime.class);
        return time == null
                ? Optional.empty()
                : Optional.of(time.atZoneSameInstant(ZoneId.of(row.getString(which + "_zone"))));
    }

    private static @Nullable OffsetDateTime time(Optional<ZonedDateTime> date) {
        return date.map(ZonedDateTime::toOffsetDateTime).orElse(null);
    }

    private static @Nullable String zone(Optional<ZonedDateTime> date) {
        return date.map(ZonedDateTime::getZone).map(ZoneId::getId).orElse(null);
    }

    private static @Nullable String text(Optional<String> text) {
        return text.map(Text::clean).orElse(null);
    }
}
