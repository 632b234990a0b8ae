package tg.gouv.messagerie.platform.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;

/** The trail of a database, to read and to check; writes nothing, and may run beside the program that writes it. */
public final class AuditReader implements AutoCloseable {
    private static final String SCHEMA = "platform";

    private final Database database;
    private final Connections connections;

    /**
     * Reads on one connection of its own.
     *
     * @param database closed with this
     */
    public AuditReader(Database database) {
        this.database = database;
        this.connections = database.connections("audit-reader", SCHEMA, 1);
    }

    /**
     * Looks at every row, every head, and every head outside, in memory that does not grow with them.
     *
     * @param outside the folder outside of this machine that has the heads
     * @throws IOException if that folder cannot be read
     */
    public Verdict verify(Optional<Path> outside) throws IOException {
        return new Verification(connections, outside.map(DirectoryHeads::new)).verdict();
    }

    /**
     * The last sealed rows that match, the oldest of them first, each as a line of {@code key=value}.
     *
     * @param actor as the trail writes it, such as {@code system-user:root}
     * @param since that ended then or later
     * @param most how many at most
     */
    public List<String> list(Optional<String> actor, Optional<Instant> since, int most) {
        @Nullable String wanted = actor.orElse(null);
        @Nullable String from = since.map(Instant::toString).orElse(null);
        return connections
                .autoCommit(c -> Sql.query(
                        c,
                        row -> Row.read(row).line(row.getLong("number")),
                        "select number, " + Row.COLUMNS + """
                         from audit_event
                        where (?::text is null or actor = ?) and (?::timestamptz is null or ended >= ?::timestamptz)
                        order by number desc limit ?
                        """,
                        wanted,
                        wanted,
                        from,
                        from,
                        most))
                .reversed();
    }

    @Override
    public void close() {
        database.close();
    }
}
