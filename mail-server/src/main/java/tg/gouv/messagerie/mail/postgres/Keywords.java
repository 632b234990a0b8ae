package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.MailboxId;
import tg.gouv.messagerie.platform.database.Sql;

/** The keywords that a mailbox knows: every one that was ever used there, up to a bound. */
final class Keywords {
    private final MailConnections connections;
    private final int most;

    Keywords(MailConnections connections, int most) {
        this.connections = connections;
        this.most = most;
    }

    String[] of(MailboxId id) throws MailboxException {
        return connections.run(c -> of(c, number(id)));
    }

    /** Refuses keywords for which a mailbox has no room; asks nothing of the database when there are none. */
    void demandRoom(MailboxId id, String[] words) throws MailboxException {
        if (words.length > 0) {
            demandRoom(of(id), words);
        }
    }

    /** Adds keywords to what a mailbox knows; its lock is held. */
    void add(Connection c, long mailbox, String[] words) throws SQLException, MailboxException {
        if (words.length == 0) {
            return;
        }
        demandRoom(of(c, mailbox), words);
        Sql.update(
                c,
                "update mailbox set keywords = array(select distinct unnest(keywords || ?::text[]))"
                        + " where id = ? and not keywords @> ?::text[]",
                words,
                mailbox,
                words);
    }

    private void demandRoom(String[] known, String[] words) throws MailboxException {
        Set<String> all = new TreeSet<>(Arrays.asList(known));
        int before = all.size();
        all.addAll(Arrays.asList(words));
        if (all.size() > most && all.size() > before) {
            throw new MailboxException(
                    "A mailbox has at most " + most + " different keywords (mail.store.keywords-max)");
        }
    }

    private static String[] of(Connection c, long mailbox) throws SQLException {
        return Sql.first(
                        c,
                        row -> (String[]) row.getArray(1).getArray(),
                        "select keywords from mailbox where id = ?",
                        mailbox)
                .orElse(new String[0]);
    }
}
