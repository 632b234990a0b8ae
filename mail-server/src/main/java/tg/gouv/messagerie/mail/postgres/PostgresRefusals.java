package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.trace.RefusedMail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * Whoever is refused pays for it, not we: a refusal is noted in memory and written with others, at most BATCH of them in each EVERY.
 * What is beyond, and what is in memory when the program is killed, is in the log of SMTP alone.
 */
/** Refusals at the door, on their way to {@code trace_refused}; until closed, which writes the last ones. */
public final class PostgresRefusals implements RefusedMail.Noted, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresRefusals.class);
    private static final int NOTED_MAX = 2_000;
    private static final int BATCH = 200;
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final int TOLD_AFTER = 120;
    private static final Duration CLOSING_MAX = Duration.ofSeconds(5);

    private final Connections connections;
    private final BlockingQueue<RefusedMail> noted = new ArrayBlockingQueue<>(NOTED_MAX);
    private final LongAdder lost = new LongAdder();
    private final Rounds rounds;
    private int sinceTold;

    /**
     * Begins to write.
     *
     * @param connections of the schema {@code mail}
     */
    public PostgresRefusals(Connections connections) {
        this.connections = connections;
        this.rounds = Rounds.begin("refusals", EVERY, EVERY, CLOSING_MAX, this::round);
    }

    @Override
    public void note(RefusedMail refused) {
        if (!noted.offer(refused)) {
            lost.increment();
        }
    }

    private void round() {
        write();
        sinceTold++;
        if (sinceTold == TOLD_AFTER) {
            sinceTold = 0;
            tellLost();
        }
    }

    /** Whether the next ones may be written too. */
    private boolean write() {
        List<RefusedMail> some = new ArrayList<>(BATCH);
        noted.drainTo(some, BATCH);
        if (some.isEmpty()) {
            return true;
        }
        try {
            connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                    c,
                    "insert into trace_refused(at, door, session, client, account, sender, recipient, reply)"
                            + " select * from unnest(?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
                            + " ?::text[], ?::text[])",
                    some.stream().map(each -> each.at().toString()).toArray(String[]::new),
                    texts(some, RefusedMail::door),
                    texts(some, RefusedMail::session),
                    texts(some, RefusedMail::client),
                    texts(some, each -> each.account().orElse(null)),
                    texts(some, RefusedMail::sender),
                    texts(some, each -> each.recipient().orElse(null)),
                    texts(some, RefusedMail::reply)));
            return true;
        } catch (StoreUnavailable e) {
            lost.add(some.size());
        } catch (RuntimeException e) {
            lost.add(some.size());
            LOG.error("event=refusals-unwritten", e);
        }
        return false;
    }

    private static String[] texts(List<RefusedMail> some, Function<RefusedMail, @Nullable String> text) {
        return some.stream().map(text).map(EscapedText::columnOrNull).toArray(String[]::new);
    }

    private void tellLost() {
        long count = lost.sumThenReset();
        if (count > 0) {
            LOG.warn("event=refusals-untraced count={}", count);
        }
    }

    @Override
    public void close() {
        rounds.close();
        while (!noted.isEmpty() && write()) {
            // until all are written, or the store does not answer
        }
        lost.add(noted.size());
        tellLost();
    }
}
