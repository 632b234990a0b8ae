package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.Absences;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** The rows of the table {@code vacation}, which JMAP shows too. */
final class PostgresAbsences implements Absences {
    private static final Pattern TAG = Pattern.compile("<[^<>]*>");

    private final Connections connections;
    private final long textBytesMax;

    PostgresAbsences(Connections connections, long textBytesMax) {
        this.connections = connections;
        this.textBytesMax = textBytesMax;
    }

    @Override
    public Absence of(AccountId owner) {
        return connections
                .<Optional<Absence>, RuntimeException>autoCommit(
                        c -> Sql.first(c, PostgresAbsences::read, """
                        select enabled, from_date, to_date, text_body, html_body, outside_text from vacation where owner_id = ?
                        """, owner.value()))
                .orElse(Absence.NONE);
    }

    private static Absence read(ResultSet row) throws SQLException {
        String plain = row.getString(4);
        String html = row.getString(5);
        String inside = plain != null && !plain.isBlank()
                ? plain
                : html == null ? "" : TAG.matcher(html).replaceAll("").strip();
        String outside = row.getString(6);
        return new Absence(
                row.getBoolean(1),
                moment(row, 2),
                moment(row, 3),
                inside,
                Optional.of(outside == null ? inside : outside).filter(it -> !it.isBlank()));
    }

    @Override
    public Optional<String> answeringFilter(AccountId owner) {
        return connections
                .<Optional<ActiveFilter>, RuntimeException>autoCommit(c -> ActiveFilter.of(c, owner.value()))
                .filter(it -> it.text().answers())
                .map(ActiveFilter::name);
    }

    private static Optional<Instant> moment(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    @Override
    public boolean set(AccountId owner, Absence absence, ZoneId zone) {
        String inside = Text.clean(absence.inside());
        String outside = absence.outside().map(Text::clean).orElse("");
        if (bytes(inside) + bytes(outside) > textBytesMax) {
            return false;
        }
        connections.<Integer, RuntimeException>transaction(c -> {
            forget(c, owner);
            return Sql.update(
                    c,
                    """
                    insert into vacation(owner_id, enabled, from_date, from_zone, to_date, to_zone, text_body, outside_text)
                    values (?, true, ?, ?, ?, ?, ?, ?)
                    on conflict (owner_id) do update set enabled = true, from_date = excluded.from_date,
                        from_zone = excluded.from_zone, to_date = excluded.to_date, to_zone = excluded.to_zone,
                        subject = null, text_body = excluded.text_body, html_body = null, outside_text = excluded.outside_text
                    """,
                    owner.value(),
                    time(absence.from()),
                    absence.from().map(_ -> zone.getId()).orElse(null),
                    time(absence.until()),
                    absence.until().map(_ -> zone.getId()).orElse(null),
                    inside,
                    outside);
        });
        return true;
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static @Nullable OffsetDateTime time(Optional<Instant> moment) {
        return moment.map(it -> it.atOffset(ZoneOffset.UTC)).orElse(null);
    }

    @Override
    public boolean stop(AccountId owner) {
        return connections.<Boolean, RuntimeException>transaction(c -> {
            forget(c, owner);
            return Sql.update(c, "update vacation set enabled = false where owner_id = ? and enabled", owner.value())
                    == 1;
        });
    }

    /** Who was told of another absence is told of the next one. */
    private static void forget(Connection c, AccountId owner) throws SQLException {
        Sql.update(
                c,
                "delete from vacation_answer where owner_id = ? and absence = ?",
                owner.value(),
                AccountRules.JMAP_ABSENCE);
    }
}
