package tg.gouv.messagerie.deploy.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Processes;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.outbox.Delivery;
import tg.gouv.messagerie.platform.outbox.OutboxMessage;
import tg.gouv.messagerie.platform.outbox.OutboxSettings;
import tg.gouv.messagerie.platform.outbox.Outboxes;

/** What a JVM that is killed in the middle of its routes leaves: nothing lost, nothing twice that is transacted. */
class KilledRoutesTest {
    private static final int MESSAGES = 1_500;
    private static final int KILLS = 4;

    @TempDir
    private Path folder;

    private final List<Process> children = new ArrayList<>();
    private Database database;
    private Connections look;
    private Outboxes outbox;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        database.migrate("platform");
        look = database.connections("look", "platform", 1);
        look.autoCommit(c -> Sql.update(c, "create schema work"));
        look.autoCommit(
                c -> Sql.update(
                        c,
                        "create table work.effect(place bigint generated always as identity, kind text, id uuid, key text, payload text)"));
        outbox = Outboxes.open(database, Child.settings());
    }

    @AfterEach
    void close() {
        children.forEach(Process::destroyForcibly);
        outbox.close();
        database.close();
    }

    @Test
    void nothingIsLostAndNothingTransactedIsDoneTwiceHoweverOftenTheJvmIsKilled() throws Exception {
        look.transaction(c -> {
            outbox.add(
                    c,
                    IntStream.range(0, MESSAGES)
                            .mapToObj(n -> OutboxMessage.ordered("once", "k" + n % 40, String.format("m%05d", n)))
                            .toList());
            outbox.add(
                    c,
                    IntStream.range(0, MESSAGES)
                            .mapToObj(n -> OutboxMessage.of("at-least-once", String.format("m%05d", n)))
                            .toList());
            return true;
        });
        for (int kill = 0; kill < KILLS; kill++) {
            long before = effects("once");
            Process child = child();
            long more = before + 100;
            await(() -> effects("once") > more);
            child.destroyForcibly().waitFor();
        }
        assertThat(waiting()).as("killed in the middle").isPositive();

        child();
        await(() -> waiting() == 0);

        assertThat(number("select count(*) from platform.outbox_dead")).isZero();
        assertThat(effects("once")).isEqualTo(MESSAGES);
        assertThat(number("select count(distinct id) from work.effect where kind = 'once'"))
                .isEqualTo(MESSAGES);
        assertThat(number(
                        "select count(*) from (select payload, lag(payload) over (partition by key order by place) before"
                                + " from work.effect where kind = 'once') each where before >= payload"))
                .as("out of order")
                .isZero();
        assertThat(number("select count(distinct payload) from work.effect where kind = 'at-least-once'"))
                .isEqualTo(MESSAGES);
        assertThat(number("select count(distinct id) from work.effect where kind = 'at-least-once'"))
                .as("who does it again does it with the same id")
                .isEqualTo(MESSAGES);
    }

    private Process child() throws Exception {
        Path password = folder.resolve("password");
        Files.writeString(password, TestDatabase.password());
        Process child = Processes.java(
                List.of("-XX:TieredStopAtLevel=1"),
                Child.class,
                TestDatabase.url(database),
                password.toString(),
                folder.toString());
        children.add(child);
        return child;
    }

    private long effects(String kind) {
        return number("select count(*) from work.effect where kind = '" + kind + "'");
    }

    private long waiting() {
        return number("select count(*) from platform.outbox");
    }

    private long number(String query) {
        return look.<Optional<Long>, RuntimeException>autoCommit(c -> Sql.first(c, row -> row.getLong(1), query))
                .orElseThrow();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** The program that is killed: both kinds of route, until somebody ends it. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            String password = Files.readString(Path.of(arguments[1]), StandardCharsets.UTF_8);
            Database database = Databases.open(TestDatabase.settings(arguments[0], password), Path.of(arguments[2]));
            Outboxes outbox = Outboxes.open(database, settings());
            Connections outside = database.connections("outside", "work", 2);
            Engine.start(
                    new OutboxComponent(outbox, database.connections("routes", "platform", 2)),
                    Map.of(
                            "write",
                            OutboxComponent.step(Child::write),
                            "tell",
                            OutboxComponent.step(delivery -> outside.autoCommit(c -> {
                                write(c, delivery);
                                return true;
                            }))),
                    List.of(new RouteBuilder() {
                        @Override
                        public void configure() {
                            errorHandler(noErrorHandler());
                            from("outbox:once?work=transacted&schema=work")
                                    .routeId("once")
                                    .process("write")
                                    .id("write");
                            from("outbox:at-least-once?work=leased")
                                    .routeId("at-least-once")
                                    .process("tell")
                                    .id("tell");
                        }
                    }));
            Thread.sleep(Duration.ofMinutes(2));
        }

        private static void write(Connection c, Delivery delivery) throws java.sql.SQLException {
            Sql.update(
                    c,
                    "insert into effect(kind, id, key, payload) values (?, ?, ?, ?)",
                    delivery.topic(),
                    delivery.id(),
                    delivery.orderingKey().orElse(null),
                    delivery.payload());
            LockSupport.parkNanos(500_000); // so that a kill is likely to come in the middle
        }

        /** A node that died is succeeded soon. */
        static OutboxSettings settings() {
            OutboxSettings usual = OutboxSettings.byDefault();
            return new OutboxSettings(
                    usual.workers(),
                    usual.claimMax(),
                    Duration.ofMillis(500),
                    50,
                    Duration.ofMillis(20),
                    Duration.ofMillis(80),
                    Duration.ofMillis(50),
                    usual.notifyEvery(),
                    usual.partitionEvery(),
                    usual.payloadMax(),
                    usual.alarmAfter(),
                    usual.connectionsMax());
        }
    }
}
