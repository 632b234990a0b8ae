package tg.gouv.messagerie.mail.transfer.outgoing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import tg.gouv.messagerie.mail.delivery.OutgoingReports;
import tg.gouv.messagerie.mail.postgres.OutgoingUnderTest;
import tg.gouv.messagerie.platform.database.Uuid7;

/** A node that sends to the servers of a test, on an empty store, with little patience. */
final class TransferUnderTest implements AutoCloseable {
    static final String HOST_NAME = "mail.gouv.test";
    private static final long AWAITED_MAX_NANOS = 20_000_000_000L;

    final TestInternet internet;
    final TestClock clock = new TestClock();
    private final UUID id;
    private final OutgoingSettings settings;
    private final Patience patience;
    OutgoingUnderTest node;
    OutgoingTransfer transfer;

    TransferUnderTest(TestInternet internet, OutgoingSettings settings, Patience patience) {
        this.id = UUID.randomUUID();
        this.internet = internet;
        this.settings = settings;
        this.patience = patience;
        this.node = OutgoingUnderTest.empty(id);
        this.transfer = start();
    }

    static TransferUnderTest usual(TestInternet internet) {
        return new TransferUnderTest(internet, settings(), patience(Duration.ofSeconds(5)));
    }

    static Patience patience(Duration all) {
        return new Patience(all, all, all, all, all, all, all.multipliedBy(4), Duration.ZERO);
    }

    static OutgoingSettings settings() {
        return with(Optional.empty(), OutgoingSettings.Encryption.OPPORTUNISTIC);
    }

    static OutgoingSettings with(Optional<Relay> relay, OutgoingSettings.Encryption encryption) {
        return new OutgoingSettings(
                relay.map(Relay::endpoint),
                relay.flatMap(Relay::user),
                relay.flatMap(Relay::secret),
                relay.flatMap(Relay::authority),
                encryption,
                8,
                2,
                100,
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                Duration.ofHours(4),
                Duration.ofDays(5),
                Duration.ofDays(30),
                Duration.ofSeconds(30),
                Duration.ofMillis(20),
                4);
    }

    /** How a test's relay is reached. */
    record Relay(
            tg.gouv.messagerie.platform.settings.Endpoint endpoint,
            Optional<String> user,
            Optional<tg.gouv.messagerie.platform.settings.Secret> secret,
            Optional<java.nio.file.Path> authority) {}

    private OutgoingTransfer start() {
        return OutgoingTransfer.start(
                node.outgoing(),
                settings,
                new OutgoingTransfer.Surroundings(
                        HOST_NAME,
                        25,
                        internet,
                        internet,
                        new OutgoingReports(HOST_NAME, ZoneOffset.UTC),
                        clock,
                        Uuid7.system(),
                        RandomGenerator.getDefault()),
                patience);
    }

    /** Ends this life as a kill would, and begins another. */
    void killAndRestart() {
        kill();
        restart();
    }

    void kill() {
        node.mortal().die();
        transfer.close();
        node.kill();
    }

    void restart() {
        node = OutgoingUnderTest.another(id);
        transfer = start();
    }

    /** Waits until nothing is on its way. */
    void awaitGone() {
        await(() -> OutgoingUnderTest.count("outgoing_recipient where state = 'waiting'") == 0);
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + AWAITED_MAX_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("what was awaited did not happen");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** The system's clock, put forward. */
    static final class TestClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        void putForward(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    @Override
    public void close() {
        transfer.close();
        node.close();
    }
}
