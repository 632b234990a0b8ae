package tg.gouv.messagerie.deploy.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.outbox.Delivery;
import tg.gouv.messagerie.platform.outbox.OutboxMessage;
import tg.gouv.messagerie.platform.outbox.OutboxSettings;
import tg.gouv.messagerie.platform.outbox.Outboxes;

/** What a route may count on when it begins with {@code outbox:}. */
class OutboxComponentTest {
    private static final String TRANSACTED = "outbox:effect?work=transacted&schema=work";
    private static final String LEASED = "outbox:effect?work=leased";

    private final List<CamelContext> running = new ArrayList<>();
    private Database database;
    private Connections look;
    private Connections routes;
    private Outboxes outbox;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        database.migrate("platform");
        look = database.connections("look", "platform", 2);
        look.autoCommit(c -> Sql.update(c, "create schema work"));
        look.autoCommit(
                c -> Sql.update(
                        c,
                        "create table work.effect(place bigint generated always as identity, step text, id uuid, key text, payload text)"));
        routes = database.connections("routes", "platform", 3);
        outbox = Outboxes.open(database, settings(Duration.ofMillis(500), 4));
    }

    @AfterEach
    void close() {
        running.forEach(CamelContext::stop);
        outbox.close();
        database.close();
    }

    @Test
    void theEffectOfEveryStepAndTheRemovalAreOneTransaction() {
        AtomicBoolean mended = new AtomicBoolean();
        start(
                TRANSACTED,
                Map.of("first", insert("first"), "second", OutboxComponent.step((Connection c, Delivery delivery) -> {
                    insert(c, "second", delivery);
                    if (!mended.getAndSet(true)) {
                        throw new IllegalStateException("not yet");
                    }
                })));

        add(OutboxMessage.of("effect", "one"));

        await(() -> waiting() == 0);
        assertThat(texts("select step from work.effect order by place")).containsExactly("first", "second");
    }

    @Test
    void aTransactedRouteWritesInItsSchemaAndTheNextUserOfTheConnectionInHis() {
        start(TRANSACTED, Map.of("first", insert("first"), "second", insert("second")));

        add(OutboxMessage.of("effect", "one"));

        await(() -> waiting() == 0);
        for (int i = 0; i < 3; i++) {
            assertThat(routes.<String, RuntimeException>autoCommit(
                            c -> Sql.first(c, row -> row.getString(1), "show search_path")
                                    .orElseThrow()))
                    .isEqualTo("platform");
        }
    }

    @Test
    void messagesOfAKeyGoThroughInOrderAlthoughSomeFail() {
        Set<String> failedOnce = ConcurrentHashMap.newKeySet();
        start(
                TRANSACTED,
                Map.of("first", insert("first"), "second", OutboxComponent.step((Connection c, Delivery delivery) -> {
                    if (delivery.payload().endsWith("3") && failedOnce.add(delivery.payload())) {
                        throw new IllegalStateException("not yet");
                    }
                })));

        add(IntStream.range(0, 120)
                .mapToObj(n -> OutboxMessage.ordered("effect", "k" + n % 6, String.format("m%03d", n)))
                .toArray(OutboxMessage[]::new));

        await(() -> waiting() == 0);
        assertThat(failedOnce).hasSize(12);
        assertThat(texts("select payload from work.effect")).hasSize(120);
        for (int k = 0; k < 6; k++) {
            assertThat(texts("select payload from work.effect where key = 'k" + k + "' order by place"))
                    .isSorted()
                    .hasSize(20);
        }
    }

    @Test
    void aPoisonedMessageBecomesADeadLetterWithItsCauseAndItsKeyGoesOn() {
        start(TRANSACTED, Map.of("first", insert("first"), "second", OutboxComponent.step(delivery -> {
            if (delivery.payload().equals("poison")) {
                throw new IllegalArgumentException("no such calendar");
            }
        })));

        add(
                OutboxMessage.ordered("effect", "k", "before"),
                OutboxMessage.ordered("effect", "k", "poison"),
                OutboxMessage.ordered("effect", "k", "after"));

        await(() -> waiting() == 0);
        assertThat(texts("select payload from work.effect order by place")).containsExactly("before", "after");
        assertThat(outbox.deadLetters("effect", 10)).singleElement().satisfies(letter -> {
            assertThat(letter.attempts()).isEqualTo(4);
            assertThat(letter.error()).isEqualTo("java.lang.IllegalArgumentException: no such calendar");
        });
    }

    @Test
    void anErrorOfOursIsAFailedAttemptToo() {
        AtomicInteger attempts = new AtomicInteger();
        start(TRANSACTED, Map.of("first", insert("first"), "second", OutboxComponent.step(delivery -> {
            if (attempts.incrementAndGet() == 1) {
                throw new AssertionError("impossible");
            }
        })));

        add(OutboxMessage.of("effect", "one"));

        await(() -> waiting() == 0);
        assertThat(attempts).hasValue(2);
        assertThat(texts("select payload from work.effect")).hasSize(1);
    }

    @Test
    void theAttemptIsCountedBeforeTheWorkSoThatACrashInBetweenIsSeen() {
        // A worker that claimed it and was never heard of again, twice.
        add(OutboxMessage.of("effect", "one"));
        for (int crash = 0; crash < 2; crash++) {
            look.autoCommit(c -> Sql.update(
                    c,
                    "update platform.outbox set attempts = attempts + 1, claim = gen_random_uuid(),"
                            + " due = clock_timestamp() + interval '200 milliseconds'"));
        }
        List<Integer> attempts = new ArrayList<>();
        start(TRANSACTED, Map.of("first", insert("first"), "second", OutboxComponent.step(delivery -> {
            attempts.add(delivery.attempt());
        })));

        await(() -> waiting() == 0);
        assertThat(attempts).containsExactly(3);
        assertThat(texts("select payload from work.effect")).hasSize(1);
    }

    @Test
    void aLeasedRouteHoldsNoTransactionAndGetsTheSameIdAgain() {
        List<UUID> ids = new ArrayList<>();
        List<Long> open = new ArrayList<>();
        start(LEASED, Map.of("first", OutboxComponent.step(delivery -> {}), "second", OutboxComponent.step(delivery -> {
            ids.add(delivery.id());
            open.add(number("select count(*) from pg_stat_activity where datname = current_database()"
                    + " and application_name = 'messagerie:routes' and state <> 'idle'"));
            if (ids.size() < 3) {
                throw new IllegalStateException("the other server does not answer");
            }
        })));

        add(OutboxMessage.of("effect", "one"));

        await(() -> waiting() == 0);
        assertThat(ids).hasSize(3).containsOnly(ids.getFirst());
        assertThat(open).containsOnly(0L);
    }

    @Test
    void aStepThatWritesInALeasedRouteIsRefused() {
        start(LEASED, Map.of("first", insert("first"), "second", insert("second")));

        add(OutboxMessage.of("effect", "one"));

        await(() -> outbox.deadLetters("effect", 10).size() == 1);
        assertThat(outbox.deadLetters("effect", 10).getFirst().error()).contains("a leased route has no transaction");
    }

    @Test
    void aRouteThatIsStoppedHandlesNothingAndTheRestWhenItIsStartedAgain() throws Exception {
        CamelContext context = start(TRANSACTED, Map.of("first", insert("first"), "second", insert("second")));
        context.getRouteController().stopRoute("effect");
        add(OutboxMessage.of("effect", "one"));
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        assertThat(waiting()).isOne();

        context.getRouteController().startRoute("effect");

        await(() -> waiting() == 0);
    }

    @Test
    void aRouteThatIsNotWellMadeStopsTheStart() {
        for (String uri : List.of(
                "outbox:effect",
                "outbox:effect?work=sometimes",
                "outbox:effect?work=transacted",
                "outbox:effect?work=leased&schema=work",
                "outbox:effect?work=leased&wrok=x",
                "outbox:Effect?work=leased")) {
            assertThatThrownBy(() -> start(uri, Map.of("first", insert("first"), "second", insert("second"))))
                    .as(uri)
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> start(LEASED, Map.of("first", insert("first"))))
                .as("a step that nobody supplied")
                .isInstanceOf(IllegalStateException.class);
    }

    private CamelContext start(String uri, Map<String, Processor> steps) {
        CamelContext context = Engine.start(new OutboxComponent(outbox, routes), steps, List.of(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri)
                        .routeId("effect")
                        .process("first")
                        .id("the-first")
                        .process("second")
                        .id("the-second");
            }
        }));
        running.add(context);
        return context;
    }

    private static Processor insert(String step) {
        return OutboxComponent.step((Connection c, Delivery delivery) -> insert(c, step, delivery));
    }

    private static void insert(Connection c, String step, Delivery delivery) throws SQLException {
        Sql.update(
                c,
                "insert into effect(step, id, key, payload) values (?, ?, ?, ?)",
                step,
                delivery.id(),
                delivery.orderingKey().orElse(null),
                delivery.payload());
    }

    private void add(OutboxMessage... messages) {
        look.transaction(c -> {
            outbox.add(c, List.of(messages));
            return true;
        });
    }

    private long waiting() {
        return number("select count(*) from platform.outbox");
    }

    private long number(String query) {
        return look.<Optional<Long>, RuntimeException>autoCommit(c -> Sql.first(c, row -> row.getLong(1), query))
                .orElseThrow();
    }

    private List<String> texts(String query) {
        return look.<List<String>, RuntimeException>autoCommit(c -> Sql.query(c, row -> row.getString(1), query));
    }

    private static OutboxSettings settings(Duration lease, int attemptsMax) {
        OutboxSettings usual = OutboxSettings.byDefault();
        return new OutboxSettings(
                usual.workers(),
                usual.claimMax(),
                lease,
                attemptsMax,
                Duration.ofMillis(20),
                Duration.ofMillis(80),
                Duration.ofMillis(50),
                usual.notifyEvery(),
                usual.partitionEvery(),
                usual.payloadMax(),
                usual.alarmAfter(),
                usual.connectionsMax());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
