package tg.gouv.messagerie.platform.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * Acts write into audit_pending; a pass takes rows it can see, moves them to the end of audit_event and signs the new head, in
 * one transaction, under an advisory lock that one node at a time can have.
 *
 * No row is skipped, whatever the order of commits: a pass does not ask « what came after the last one sealed? », which
 * would miss a transaction that began before and commits after, but « what is still pending? ». What commits later is still
 * pending then, and is sealed later. Within a pass rows are in the order in which their transactions wrote first, so an act
 * that was committed before another began is before it in the chain.
 *
 * The pass goes on from audit_chain, not from the last row it finds: rows removed from the end leave a gap for ever.
 */
/** Moves pending rows into the chain. */
final class Sealer {
    private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);

    /** Ours among the advisory locks of the database; any number nobody else uses. */
    static final long LOCK = 0x6175_6469_7400_0001L;

    static final int ROWS_MAX = 1_000;

    private final Connections connections;
    private final SealKey key;
    private final InstantSource clock;
    private volatile boolean broken;

    Sealer(Connections connections, SealKey key, InstantSource clock) {
        this.connections = connections;
        this.key = key;
        this.clock = clock;
    }

    /** Seals every row that is pending; returns how many. Seals none while another node does. */
    long sealAll() {
        long sealed = 0;
        int rows;
        do {
            rows = pass();
            sealed += rows;
        } while (rows == ROWS_MAX);
        return sealed;
    }

    /** Whether the end of the chain was found to be other than it was left. */
    boolean isBroken() {
        return broken;
    }

    private int pass() {
        return connections.transaction(c -> {
            boolean alone = Sql.first(c, row -> row.getBoolean(1), "select pg_try_advisory_xact_lock(?)", LOCK)
                    .orElse(false);
            return alone ? seal(c) : 0;
        });
    }

    private int seal(Connection connection) throws SQLException {
        List<Row> pending = Sql.query(
                connection,
                Row::read,
                "select " + Row.COLUMNS + " from audit_pending order by xid, id limit ?",
                ROWS_MAX);
        if (pending.isEmpty()) {
            return 0;
        }
        Chain before = Chain.of(connection)
                .orElseThrow(() -> new IllegalStateException("the audit chain's own row was removed from audit_chain"));
        look(connection, before);
        Chain after = append(connection, before, pending);
        Head head = Head.signed(after.id(), after.number(), after.link(), clock.instant(), key);
        Sql.update(
                connection,
                "insert into audit_head(number, signed, line) values (?, ?::timestamptz, ?)",
                head.number(),
                head.at().toString(),
                head.line());
        Sql.update(
                connection,
                "update audit_chain set last_number = ?, last_link = decode(?, 'hex')",
                after.number(),
                after.link().hex());
        return pending.size();
    }

    private static Chain append(Connection connection, Chain before, List<Row> rows) throws SQLException {
        UUID[] ids = new UUID[rows.size()];
        String[] links = new String[rows.size()];
        Chain chain = before;
        for (int i = 0; i < ids.length; i++) {
            chain = chain.with(rows.get(i));
            ids[i] = rows.get(i).id();
            links[i] = chain.link().hex();
        }
        Sql.update(connection, """
                insert into audit_event(number, link, %1$s)
                select ? + sealed.place, decode(sealed.link, 'hex'), %1$s
                from unnest(?::uuid[], ?::text[]) with ordinality sealed(pending_id, link, place)
                join audit_pending on id = sealed.pending_id
                order by sealed.place
                """.formatted(Row.COLUMNS), before.number(), ids, links);
        Sql.update(connection, "delete from audit_pending where id = any(?)", (Object) ids);
        return chain;
    }

    /** Tells, once, that somebody removed or changed the last row. The trail goes on; {@code audit verify} names the row. */
    private void look(Connection connection, Chain chain) throws SQLException {
        boolean intact = chain.number() == 0
                || Sql.first(
                                connection,
                                row -> row.getString(1),
                                "select encode(link, 'hex') from audit_event where number = ?",
                                chain.number())
                        .filter(chain.link().hex()::equals)
                        .isPresent();
        if (!intact && !broken) {
            LOG.error("event=audit-chain-broken number={} action=\"messagerie audit verify\"", chain.number());
            broken = true;
        }
    }
}
