package tg.gouv.messagerie.platform.audit;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Brings signed heads to a sink, in their order; how far it has come is in the database. */
final class HeadCourier {
    private static final Logger LOG = LoggerFactory.getLogger(HeadCourier.class);
    private static final int HEADS_MAX = 500;

    private final Connections connections;
    private final HeadSink sink;
    private final AtomicBoolean failing = new AtomicBoolean();

    HeadCourier(Connections connections, HeadSink sink) {
        this.connections = connections;
        this.sink = sink;
    }

    /** Brings every head that the sink does not have; one that cannot be brought now is brought the next time. */
    void deliver() {
        try {
            while (deliverSome()) {
                // more
            }
            if (failing.getAndSet(false)) {
                LOG.warn("event=audit-heads-kept-again sink=\"{}\"", sink.name());
            }
        } catch (IOException e) {
            if (!failing.getAndSet(true)) {
                LOG.error("event=audit-heads-not-kept sink=\"{}\" reason=\"{}\"", sink.name(), e.toString());
            }
        }
    }

    /** The sink's name. */
    String name() {
        return sink.name();
    }

    /** No connection is held while the sink writes: it may be slow. */
    private boolean deliverSome() throws IOException {
        List<String> lines =
                connections.autoCommit(c -> Sql.query(c, row -> row.getString(1), """
                select line from audit_head
                where number > coalesce((select last_number from audit_sink where name = ?), 0) order by number limit ?
                """, sink.name(), HEADS_MAX));
        List<Head> heads =
                lines.stream().flatMap(line -> Head.parse(line).stream()).toList();
        if (heads.isEmpty()) {
            return false;
        }
        sink.append(heads);
        long last = heads.getLast().number();
        connections.autoCommit(c -> Sql.update(c, """
                insert into audit_sink(name, last_number) values (?, ?)
                on conflict (name) do update set last_number = greatest(audit_sink.last_number, excluded.last_number)
                """, sink.name(), last));
        return lines.size() == HEADS_MAX;
    }
}
