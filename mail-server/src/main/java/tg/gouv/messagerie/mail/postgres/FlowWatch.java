package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.queue.MailFlow;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** Looks every few seconds at how mail flows, so that whoever asks is answered at once; until closed. */
public final class FlowWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlowWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration LATELY = Duration.ofMinutes(5);

    /** Longer than the statement takes. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(5);

    private final Connections connections;
    private final Clock clock;
    private final Rounds looks;
    private volatile MailFlow last = MailFlow.NOTHING;

    /**
     * Begins to look.
     *
     * @param connections of the schema {@code mail}
     */
    public FlowWatch(Connections connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
        this.looks = Rounds.begin("mail-flow", Duration.ZERO, EVERY, CLOSING_MAX, this::lookOnce);
    }

    /** How mail flowed a few seconds ago. */
    public MailFlow flow() {
        return last;
    }

    /** How mail flows now. */
    public MailFlow look() {
        Instant now = clock.instant();
        last = connections.<MailFlow, RuntimeException>autoCommit(c -> Sql.first(
                        c,
                        row -> new MailFlow(
                                row.getLong("waiting"),
                                row.getLong("delayed"),
                                row.getLong("held"),
                                row.getLong("aside"),
                                Duration.ofMillis(Math.max(0, Math.round(row.getDouble("oldest") * 1_000))),
                                row.getLong("delivered")),
                        """
                        select count(*) filter (where held_since is null and due <= ?) as waiting,
                            count(*) filter (where held_since is null and due > ?) as delayed,
                            count(*) filter (where held_since is not null) as held,
                            coalesce(extract(epoch from ? - min(enqueued) filter (where held_since is null)), 0) as oldest,
                            (select count(*) from repository_mail) as aside,
                            (select count(*) from trace_outcome where at > ? and outcome = 'delivered') as delivered
                        from queue_mail
                        """,
                        QueueRows.at(now),
                        QueueRows.at(now),
                        QueueRows.at(now),
                        QueueRows.at(now.minus(LATELY)))
                .orElseThrow());
        return last;
    }

    private void lookOnce() {
        try {
            look();
        } catch (StoreUnavailable e) {
            LOG.debug("event=flow-unknown reason=\"{}\"", e.getMessage()); // health tells it
        }
    }

    @Override
    public void close() {
        looks.close();
    }
}
