package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.outbox.DeadLetter;
import tg.gouv.messagerie.platform.outbox.Outbox;
import tg.gouv.messagerie.platform.outbox.OutboxMessage;
import tg.gouv.messagerie.platform.outbox.TopicState;

/*
 * A finding is told once: its row of platform.told and its message of the outbox are one transaction, and of several nodes that find the
 * same, one inserts the row. Dead letters of a topic are one finding, however many there are, until all are gone; a certificate is
 * one by its end. If the letter about dead letters cannot be written, that is a finding of its own topic, told once: no circle.
 */
/** Looks, every now and then, for what an administrator must look at, and gives it to the outbox. */
final class Findings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Findings.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final Outbox outbox;
    private final Connections connections;
    private final Supplier<Instant> certificateEnds;
    private final String server;
    private final RoutesSettings settings;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread looking;

    /**
     * Looks until closed.
     *
     * @param connections of the schema {@code platform}
     * @param certificateEnds when the certificate shown now ends
     * @param server the name by which the administrators know this server
     */
    Findings(
            Outbox outbox,
            Connections connections,
            Supplier<Instant> certificateEnds,
            String server,
            RoutesSettings settings,
            InstantSource clock) {
        this.outbox = outbox;
        this.connections = connections;
        this.certificateEnds = certificateEnds;
        this.server = server;
        this.settings = settings;
        this.clock = clock;
        this.looking = Thread.ofVirtual().name("findings").start(this::lookUntilClosed);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            looking.join(END_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookUntilClosed() {
        do {
            try {
                look();
            } catch (StoreUnavailable e) {
                LOG.warn("event=findings-later reason=\"{}\"", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("event=findings-failed", e);
            }
        } while (!isClosing());
    }

    private boolean isClosing() {
        try {
            return closing.await(settings.lookEvery().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts who looks", e);
        }
    }

    private void look() {
        List<Finding> found = new ArrayList<>();
        for (TopicState topic : outbox.topics()) {
            if (topic.dead() > 0) {
                outbox.deadLetters(topic.topic(), 1).stream()
                        .map(DeadLetter::error)
                        .findFirst()
                        .ifPresent(
                                cause -> found.add(new Finding.DeadLettersFound(topic.topic(), topic.dead(), cause)));
            }
        }
        Instant ends = certificateEnds.get();
        if (ends.isBefore(clock.instant().plus(settings.certificateWarning()))) {
            found.add(new Finding.CertificateEnds(server, ends.getEpochSecond()));
        }
        connections.transaction(c -> tell(c, found));
    }

    /** Forgets what is over, and gives to the outbox what was not told yet. */
    private int tell(Connection connection, List<Finding> found) throws SQLException {
        Sql.update(
                connection,
                "delete from platform.told where starts_with(finding, ?) and finding <> all(?)",
                Finding.DeadLettersFound.KEYS,
                found.stream().map(Finding::key).toArray(String[]::new));
        int told = 0;
        for (Finding each : found) {
            if (Sql.update(
                            connection,
                            "insert into platform.told(finding) values (?) on conflict do nothing",
                            each.key())
                    == 1) {
                outbox.add(connection, OutboxMessage.of(each.topic(), Payload.write(each)));
                told++;
            }
        }
        return told;
    }
}
