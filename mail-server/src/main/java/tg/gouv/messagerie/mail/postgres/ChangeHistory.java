package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * What is there has its MODSEQ for ever; only what went takes room for nothing but its memory. When an entry is forgotten, the
 * account's row says so in the same transaction: a client that would need it is told that changes cannot be calculated.
 * The rows of the log are only ever inserted and deleted, so the sweep may lock them before the accounts.
 */
/** The log of messages and mailboxes that went, forgotten after a time. */
public final class ChangeHistory {
    /** One transaction's worth: short locks. */
    private static final int BATCH = 5_000;

    private static final String OLD_MESSAGES = """
            with old as (
                select e.mailbox_id, e.uid, e.modseq from expunged e where e.at < ? limit %d for update skip locked),
            gone as (delete from expunged e using old where e.mailbox_id = old.mailbox_id and e.uid = old.uid),
            of as (select id, owner_id from mailbox union all select mailbox_id, owner_id from destroyed_mailbox)
            select of.owner_id, max(old.modseq) as modseq, count(*) as entries from old
            left join of on of.id = old.mailbox_id group by of.owner_id order by of.owner_id""".formatted(BATCH);

    /** Its messages are forgotten first: they are found through it. */
    private static final String OLD_MAILBOXES = """
            with old as (
                select d.owner_id, d.mailbox_id, d.modseq from destroyed_mailbox d
                where d.at < ? and not exists (select from expunged e where e.mailbox_id = d.mailbox_id)
                limit %d for update skip locked),
            gone as (
                delete from destroyed_mailbox d using old
                where d.owner_id = old.owner_id and d.mailbox_id = old.mailbox_id)
            select owner_id, max(modseq) as modseq, count(*) as entries from old
            group by owner_id order by owner_id""".formatted(BATCH);

    private final Connections connections;
    private final Duration history;
    private final Clock clock;

    /**
     * A sweeper of the schema {@code mail}.
     *
     * @param connections of the schema {@code mail}
     */
    public ChangeHistory(Connections connections, StoreSettings settings, Clock clock) {
        this.connections = connections;
        this.history = settings.changeHistory();
        this.clock = clock;
    }

    /**
     * Forgets what went longer ago than the history goes back.
     *
     * @return how many entries were forgotten
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer; the next sweep goes on
     */
    public int sweep() {
        OffsetDateTime before = clock.instant().minus(history).atOffset(ZoneOffset.UTC);
        return forgetAll(OLD_MESSAGES, before) + forgetAll(OLD_MAILBOXES, before);
    }

    private int forgetAll(String old, OffsetDateTime before) {
        int all = 0;
        int some;
        do {
            some = connections.transaction(c -> forget(c, old, before));
            all += some;
        } while (some == BATCH);
        return all;
    }

    private record Forgotten(UUID owner, long modSeq, int entries) {}

    private static int forget(Connection c, String old, OffsetDateTime before) throws SQLException {
        int entries = 0;
        var forgotten = Sql.query(
                c,
                row -> new Forgotten(
                        row.getObject("owner_id", UUID.class), row.getLong("modseq"), row.getInt("entries")),
                old,
                before);
        for (Forgotten each : forgotten) { // by ascending owner
            Sql.update(
                    c,
                    "update account_counter set forgotten = greatest(forgotten, ?) where owner_id = ?",
                    each.modSeq(),
                    each.owner());
            entries += each.entries();
        }
        return entries;
    }
}
