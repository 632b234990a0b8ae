package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.vacation.api.Vacation;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** What a delivery asks of an account's filters and absence: one statement for each recipient, one more for each answer. */
final class PostgresAccountRules implements AccountRules {
    /** Always one row, so that an account without rules costs no more than one with them. */
    private static final String WISHES =
            "select s.content, s.activated, v.owner_id is not null as away, v.outside_text, "
                    + PostgresVacationRepository.COLUMNS
                    + " from (values (?::uuid)) as a(owner_id)"
                    + " left join sieve_script s on s.owner_id = a.owner_id and s.activated is not null"
                    + " left join vacation v on v.owner_id = a.owner_id and v.enabled";

    private static final String FIRST = """
            insert into vacation_answer as a (owner_id, absence, sender, until)
            select ?::uuid, ?::text, ?::text, ?::timestamptz
            where (select count(*) from vacation_answer where owner_id = ? and absence = ?) < ?
                or exists (select from vacation_answer where owner_id = ? and absence = ? and sender = ?)
            on conflict (owner_id, absence, sender) do update set until = excluded.until where a.until < ?
            returning 1""";

    private static final String IS_FIRST = """
            select coalesce(
                (select until < now.instant from vacation_answer where owner_id = now.owner and absence = now.absence
                    and sender = now.sender),
                (select count(*) from vacation_answer where owner_id = ? and absence = ?) < ?)
            from (values (?::uuid, ?::text, ?::text, ?::timestamptz)) as now(owner, absence, sender, instant)""";

    private final Connections connections;
    private final AccountNames accounts;
    private final Clock clock;
    private final int sendersMax;

    PostgresAccountRules(Connections connections, AccountNames accounts, Clock clock, int sendersMax) {
        this.connections = connections;
        this.accounts = accounts;
        this.clock = clock;
        this.sendersMax = sendersMax;
    }

    @Override
    public Wishes of(MailAddress recipient) {
        Optional<UUID> owner = owner(recipient);
        return owner.isEmpty()
                ? new Wishes(Optional.empty(), Optional.empty(), Optional.empty())
                : connections
                        .<Optional<Wishes>, RuntimeException>autoCommit(
                                c -> Sql.first(c, PostgresAccountRules::wishes, WISHES, owner.get()))
                        .orElseThrow();
    }

    private static Wishes wishes(ResultSet row) throws SQLException {
        Optional<Vacation> vacation =
                row.getBoolean("away") ? Optional.of(PostgresVacationRepository.read(row)) : Optional.empty();
        byte[] content = row.getBytes("content");
        Optional<Script> script = content == null
                ? Optional.empty()
                : Optional.of(new Script(
                        content,
                        row.getObject("activated", OffsetDateTime.class).atZoneSameInstant(ZoneOffset.UTC)));
        return new Wishes(vacation, Optional.ofNullable(row.getString("outside_text")), script);
    }

    @Override
    public boolean isFirst(MailAddress recipient, String absence, MailAddress sender, Instant until) {
        Optional<UUID> owner = owner(recipient);
        if (owner.isEmpty()) {
            return false;
        }
        Answer answer = new Answer(owner.get(), absence, PostgresNotificationRegistry.sender(sender), until);
        Optional<Work> delivery = Work.current();
        if (delivery.isEmpty()) {
            return connections.<Boolean, RuntimeException>autoCommit(c -> note(c, answer));
        }
        boolean first = connections.<Boolean, RuntimeException>autoCommit(c -> isFirst(c, answer));
        if (first) {
            delivery.get().add(c -> note(c, answer), () -> {});
        }
        return first;
    }

    private record Answer(UUID owner, String absence, String sender, Instant until) {}

    /** What {@link #note} would answer now; two deliveries at the same instant may both be the first. */
    private boolean isFirst(Connection c, Answer answer) throws SQLException {
        return Sql.first(
                        c,
                        row -> row.getBoolean(1),
                        IS_FIRST,
                        answer.owner(),
                        answer.absence(),
                        sendersMax,
                        answer.owner(),
                        answer.absence(),
                        answer.sender(),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .orElseThrow();
    }

    private boolean note(Connection c, Answer answer) throws SQLException {
        return Sql.first(
                        c,
                        row -> row.getInt(1),
                        FIRST,
                        answer.owner(),
                        answer.absence(),
                        answer.sender(),
                        answer.until().atOffset(ZoneOffset.UTC),
                        answer.owner(),
                        answer.absence(),
                        sendersMax,
                        answer.owner(),
                        answer.absence(),
                        answer.sender(),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .isPresent();
    }

    /** Forgets who was told long enough ago, and returns how many. */
    int forget() {
        return connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c,
                "delete from vacation_answer where until < ?",
                clock.instant().atOffset(ZoneOffset.UTC)));
    }

    private Optional<UUID> owner(MailAddress recipient) {
        return accounts.account(Username.of(recipient.asString())).map(AccountId::value);
    }
}
