package tg.gouv.messagerie.platform.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * Plans do not know the parameters, so LIKE would not be read as a range of the index, and the trail's own order would seem the shorter way
 * to the newest of a range: it is the whole trail for who has none. Hence the two bounds, and an order that no index has.
 */
/** Reads the table {@code audit_event}, by its indexes of subjects and of who signed in. */
record TrailAbout(Connections connections, AuditTrail trail) implements AuditAbout {
    /** Each part brings what could be among the newest, so that an account with a long past is read as soon as another. */
    private static final String ABOUT = """
            select number, %1$s from (
                (select number, %1$s from audit_event where subject = ? and number < ? order by number desc limit ?)
                union
                (select number, %1$s from audit_event where subject ~>=~ ? and subject ~<~ ? and number < ?
                    order by number + 0 desc limit ?)
                union
                (select number, %1$s from audit_event where actor = ? and act = 'sign-in' and number < ?
                    order by number desc limit ?)
            ) about order by number desc limit ?
            """.formatted(Row.COLUMNS);

    @Override
    public List<Told> about(UUID account, Optional<Circumstances> looker, OptionalLong before, int most) {
        Subject subject = new Subject(Subject.Kind.ACCOUNT, account.toString());
        looker.ifPresent(who -> trail.record(new AuditEvent.Look(who, AuditEvent.Look.At.ACCESS, subject)));
        long below = before.orElse(Long.MAX_VALUE);
        return connections.autoCommit(c -> Sql.query(
                c,
                TrailAbout::told,
                ABOUT,
                subject.text(),
                below,
                most,
                "mailbox:" + account + "/",
                "mailbox:" + account + "0", // what follows the slash
                below,
                most,
                new Actor.Account(account).text(),
                below,
                most,
                most));
    }

    /** The columns of {@link Row}, with the number. */
    static Told told(ResultSet row) throws SQLException {
        Row read = Row.read(row);
        Facts facts = read.facts();
        return new Told(
                row.getLong("number"),
                read.began(),
                read.ended(),
                read.times(),
                facts.act(),
                facts.actor(),
                facts.subject(),
                Optional.ofNullable(facts.counterpart()),
                Optional.ofNullable(facts.network()),
                Optional.ofNullable(facts.protocol()),
                facts.outcome());
    }
}
