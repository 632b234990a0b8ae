package tg.gouv.messagerie.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** Two nodes on one database: what an act adds is done, in order where order matters, whatever fails. */
class OutboxTest {
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Database database;
    private Database second;
    private Connections look;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        database.migrate("platform");
        second = Databases.open(TestDatabase.settings(TestDatabase.url(database), TestDatabase.password()), folder);
        look = database.connections("look", "platform", 2);
        sql("create schema work");
        sql("create table work.effect(place bigint generated always as identity, key text, payload text, attempt int)");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        second.close();
        database.close();
    }

    @Test
    void whatIsAddedIsHandledAndWhatWasUndoneIsNot() {
        Outboxes outbox = node(database, usual());
        transacted(outbox, database);
        assertThatThrownBy(() -> look.transaction(c -> {
                    outbox.add(c, OutboxMessage.of("effect", "undone"));
                    throw new IllegalArgumentException("changed my mind");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        add(outbox, OutboxMessage.of("effect", "done"));
        await(() -> effects() == 1);
        assertThat(text("select payload from work.effect")).isEqualTo("done");
        await(() -> waiting() == 0);
        await(() -> outbox.handled() == 1);
    }

    @Test
    void twentyThousandMessagesAreHandledOnceEachByTwoNodes() {
        Outboxes one = node(database, usual());
        Outboxes two = node(second, usual());
        transacted(one, database);
        transacted(two, second);
        for (int i = 0; i < 20; i++) {
            int thousand = i * 1_000;
            add(
                    one,
                    IntStream.range(0, 1_000)
                            .mapToObj(n -> OutboxMessage.of("effect", "m" + (thousand + n)))
                            .toArray(OutboxMessage[]::new));
        }
        await(() -> waiting() == 0);
        assertThat(effects()).isEqualTo(20_000);
        assertThat(number("select count(distinct payload) from work.effect")).isEqualTo(20_000);
        await(() -> one.handled() + two.handled() == 20_000);
        assertThat(two.handled()).isPositive();
    }

    @Test
    void theEffectIsOnceAlthoughConnectionsAreEndedAllTheTime() {
        Outboxes one = node(database, with(SOON, Duration.ofMillis(500), 1_000, SOON, MINUTE));
        Outboxes two = node(second, with(SOON, Duration.ofMillis(500), 1_000, SOON, MINUTE));
        transacted(one, database);
        transacted(two, second);
        add(
                one,
                IntStream.range(0, 3_000)
                        .mapToObj(n -> OutboxMessage.ordered("effect", "k" + n % 300, "m" + n))
                        .toArray(OutboxMessage[]::new));
        for (int kills = 0; kills < 30; kills++) {
            number(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                            + " where datname = current_database() and application_name in ('messagerie:work', 'messagerie:outbox')");
            LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
        }
        await(() -> waiting() == 0);
        assertThat(effects()).isEqualTo(3_000);
        assertThat(number("select count(distinct payload) from work.effect")).isEqualTo(3_000);
        assertThat(outOfOrder()).isZero();
        assertThat(one.failed() + two.failed()).as("the kills were felt").isPositive();
    }

    @Test
    void messagesOfAKeyAreHandledInOrderAlthoughSomeFail() {
        Outboxes one = node(database, usual());
        Outboxes two = node(second, usual());
        Set<String> failedOnce = ConcurrentHashMap.newKeySet();
        for (Outboxes node : List.of(one, two)) {
            Connections work = (node == one ? database : second).connections("work", "work", 4);
            node.consume("effect", work, (c, delivery) -> {
                insert(c, delivery);
                if (delivery.payload().hashCode() % 7 == 0 && failedOnce.add(delivery.payload())) {
                    throw new IllegalStateException("not yet");
                }
            });
        }
        for (int n = 0; n < 40; n++) {
            int number = n;
            add(
                    n % 2 == 0 ? one : two,
                    IntStream.range(0, 20)
                            .mapToObj(k -> OutboxMessage.ordered("effect", "k" + k, String.format("m%03d", number)))
                            .toArray(OutboxMessage[]::new));
        }
        await(() -> waiting() == 0);
        assertThat(effects()).isEqualTo(800);
        assertThat(outOfOrder()).isZero();
        assertThat(failedOnce).isNotEmpty();
    }

    @Test
    void messagesOfAKeyAreHandledOneAtATime() {
        Outboxes one = node(database, usual());
        Outboxes two = node(second, usual());
        Map<String, AtomicInteger> busy = new ConcurrentHashMap<>();
        AtomicBoolean together = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        for (Outboxes node : List.of(one, two)) {
            node.consume("leased", delivery -> {
                AtomicInteger count =
                        busy.computeIfAbsent(delivery.orderingKey().orElseThrow(), _ -> new AtomicInteger());
                if (count.incrementAndGet() > 1) {
                    together.set(true);
                }
                LockSupport.parkNanos(1_000_000);
                count.decrementAndGet();
                done.incrementAndGet();
            });
        }
        List<Thread> acts = IntStream.range(0, 8)
                .mapToObj(act -> Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < 25; n++) {
                        add(one, OutboxMessage.ordered("leased", "k" + n % 3, act + "-" + n));
                    }
                }))
                .toList();
        await(() -> acts.stream().noneMatch(Thread::isAlive) && waiting() == 0);
        await(() -> done.get() == 200);
        assertThat(together).isFalse();
    }

    @Test
    void aPoisonedMessageBecomesADeadLetterThatCanBeReplayed() {
        Outboxes outbox = node(database, with(SOON, MINUTE, 3, Duration.ofMillis(1), MINUTE));
        AtomicBoolean mended = new AtomicBoolean();
        outbox.consume("effect", database.connections("work", "work", 4), (c, delivery) -> {
            insert(c, delivery);
            if (delivery.payload().equals("poison") && !mended.get()) {
                throw new IllegalArgumentException("no such calendar");
            }
        });
        add(
                outbox,
                OutboxMessage.ordered("effect", "k", "before"),
                OutboxMessage.ordered("effect", "k", "poison"),
                OutboxMessage.ordered("effect", "k", "after"),
                OutboxMessage.of("effect", "other"));
        await(() -> effects() == 3);
        assertThat(outbox.deadLetters("effect", 10)).singleElement().satisfies(letter -> {
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.error()).contains("no such calendar");
        });
        outbox.maintainOnce();
        assertThat(outbox.state().dead()).isOne();
        mended.set(true);
        UUID id = outbox.deadLetters("effect", 10).getFirst().id();
        assertThat(outbox.topics()).containsExactly(new TopicState("effect", 0, Duration.ZERO, 1));
        assertThatThrownBy(() -> outbox.replay(id, (c, topic, messages) -> {
                    throw new IllegalStateException("the trail is full");
                }))
                .hasMessage("the trail is full");
        assertThat(outbox.deadLetters("effect", 10)).as("undone with its note").hasSize(1);
        Outbox.Note note = (c, topic, messages) -> Sql.update(
                c, "insert into work.effect(key, payload) values (null, ?)", "replayed " + messages + " of " + topic);
        assertThat(outbox.replay(id, note)).isTrue();
        assertThat(outbox.replay(id, note)).isFalse();
        await(() -> effects() == 5);
        assertThat(number("select count(*) from work.effect where payload = 'replayed 1 of effect'"))
                .isOne();
        assertThat(outbox.deadLetters("effect", 10)).isEmpty();
        assertThat(outbox.replayAll("effect", 100, note)).isZero();
    }

    @Test
    void aMessageThatNoAttemptSurvivesDoesNotLoopForEverAndHarmsNoOther() {
        OutboxSettings settings = with(SOON, Duration.ofMillis(100), 2, SOON, MINUTE);
        Outboxes outbox = node(database, settings);
        add(outbox, OutboxMessage.of("effect", "kills the process"));
        Claims claims = new Claims(look, settings);
        assertThat(claims.fresh("effect")).hasSize(1); // and the worker is never heard of again
        await(() -> claims.tried("effect").size() == 1); // nor this one
        add(outbox, OutboxMessage.of("effect", "harmless"));
        transacted(outbox, database);
        await(() -> effects() == 1 && outbox.deadLetters("effect", 10).size() == 1);
        assertThat(text("select payload from work.effect")).isEqualTo("harmless");
    }

    @Test
    void aWorkerThatTakesTooLongLosesTheMessageToAnotherWithTheSameId() {
        OutboxSettings settings = with(SOON, Duration.ofMillis(200), 100, SOON, MINUTE);
        Set<UUID> ids = ConcurrentHashMap.newKeySet();
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch slow = new CountDownLatch(1);
        for (Database each : List.of(database, second)) {
            node(each, settings).consume("leased", delivery -> {
                ids.add(delivery.id());
                if (attempts.incrementAndGet() == 1) {
                    slow.await();
                }
            });
        }
        look.transaction(c -> Sql.update(
                c, "insert into outbox(id, topic, payload, due) values (gen_random_uuid(), 'leased', 'x', now())"));
        await(() -> waiting() == 0);
        slow.countDown();
        assertThat(attempts.get()).isGreaterThanOrEqualTo(2);
        assertThat(ids).hasSize(1);
    }

    @Test
    void aMessageForLaterWaitsForItsDate() {
        Outboxes outbox = node(database, usual());
        transacted(outbox, database);
        Instant due = Instant.now().plusMillis(400);
        add(
                outbox,
                new OutboxMessage("effect", Optional.empty(), "soon", Optional.of(due)),
                new OutboxMessage(
                        "effect", Optional.empty(), "next year", Optional.of(due.plus(Duration.ofDays(365)))));
        await(() -> effects() == 1);
        assertThat(Instant.now()).isAfterOrEqualTo(due);
        assertThat(number("select count(*) from outbox_later")).isOne();
    }

    @Test
    void anotherNodeIsToldWithoutWaitingForItsNextLook() {
        Outboxes one = node(database, with(MINUTE, MINUTE, 3, SOON, MINUTE));
        Outboxes two = node(second, with(MINUTE, MINUTE, 3, SOON, MINUTE));
        transacted(two, second);
        for (int i = 1; i <= 3; i++) {
            int expected = i;
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos()); // both listen, and nobody works
            add(one, OutboxMessage.of("effect", "m" + i));
            await(() -> effects() == expected);
        }
        await(() -> two.handled() == 3);
    }

    @Test
    void partsThatAreOverAndEmptyAreDroppedAndOthersAreMadeAhead() {
        Outboxes outbox = node(database, with(SOON, MINUTE, 3, SOON, Duration.ofSeconds(1)));
        transacted(outbox, database);
        Instant until = Instant.now().plusSeconds(6);
        int added = 0;
        while (Instant.now().isBefore(until)) {
            add(outbox, OutboxMessage.of("effect", "m" + added++));
            LockSupport.parkNanos(20_000_000);
        }
        int all = added;
        await(() -> effects() == all && waiting() == 0);
        assertThat(number("select count(*) from outbox_otherwise")).isZero();
        await(() -> number("select count(*) from pg_inherits where inhparent = 'outbox'::regclass") <= 7);
    }

    @Test
    void whoeverHandlesATopicMayEndAndSaysWhatWasDone() {
        Outboxes outbox = node(database, usual());
        AtomicBoolean mended = new AtomicBoolean();
        AtomicInteger second = new AtomicInteger();
        Outbox.Handling first = outbox.consume("leased", _ -> {
            if (!mended.getAndSet(true)) {
                throw new IllegalStateException("not yet");
            }
        });
        add(outbox, OutboxMessage.of("leased", "one"));
        await(() -> waiting() == 0 && first.figures().handled() == 1);
        assertThat(first.figures()).satisfies(figures -> {
            assertThat(figures.failed()).isOne();
            assertThat(figures.lastHour()).isOne();
            assertThat(figures.last())
                    .hasValueSatisfying(it -> assertThat(it.error()).contains("not yet"));
        });
        first.close();
        add(outbox, OutboxMessage.of("leased", "two"));
        outbox.consume("leased", _ -> second.incrementAndGet());
        await(() -> second.get() == 1);
        assertThat(first.figures().handled()).isOne();
    }

    @Test
    void whenItEndsEveryWorkerDoesThoughNothingIsToBeDone(@TempDir Path folder) throws Exception {
        Outboxes outbox = node(database, with(Duration.ofHours(1), MINUTE, 20, SOON, MINUTE));
        for (int i = 0; i < 20; i++) {
            Outbox.Handling handling = outbox.consume("idle", _ -> {});
            add(outbox, OutboxMessage.of("idle", "one"));
            await(() -> handling.figures().handled() == 1);
            handling.close();
            Path threads = folder.resolve("threads-" + i);
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(threads.toString(), ThreadDumpFormat.TEXT_PLAIN);
            assertThat(Files.readString(threads)).contains("main").doesNotContain("outbox-idle-");
        }
    }

    @Test
    void aTopicHasOneConsumerAndAMessageHasABound() {
        Outboxes outbox = node(database, usual());
        outbox.consume("leased", _ -> {});
        assertThatThrownBy(() -> outbox.consume("leased", _ -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> add(outbox, OutboxMessage.of("leased", "x".repeat(2_000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outbox.payload-max");
        assertThatThrownBy(() -> OutboxMessage.of("Some Topic", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OutboxMessage("topic", Optional.of("k"), "", Optional.of(Instant.now())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Outboxes node(Database of, OutboxSettings settings) {
        Outboxes outbox = Outboxes.open(of, settings);
        open.add(outbox);
        return outbox;
    }

    private static void transacted(Outboxes outbox, Database of) {
        outbox.consume("effect", of.connections("work", "work", 4), OutboxTest::insert);
    }

    private static void insert(Connection c, Delivery delivery) throws SQLException {
        Sql.update(
                c,
                "insert into effect(key, payload, attempt) values (?, ?, ?)",
                delivery.orderingKey().orElse(null),
                delivery.payload(),
                delivery.attempt());
    }

    private void add(Outboxes outbox, OutboxMessage... messages) {
        look.transaction(c -> {
            outbox.add(c, List.of(messages));
            return true;
        });
    }

    private long outOfOrder() {
        return number("select count(*) from (select length(payload) size, payload, lag(payload) over w before,"
                + " length(lag(payload) over w) before_size from work.effect window w as (partition by key order by place)) x"
                + " where (before_size, before) >= (size, payload)");
    }

    private long effects() {
        return number("select count(*) from work.effect");
    }

    private long waiting() {
        return number("select count(*) from outbox");
    }

    private void sql(String statement) {
        look.autoCommit(c -> Sql.update(c, statement));
    }

    private long number(String query) {
        return look.autoCommit(c -> Sql.first(c, row -> row.getLong(1), query)).orElseThrow();
    }

    private String text(String query) {
        return look.autoCommit(c -> Sql.first(c, row -> row.getString(1), query))
                .orElseThrow();
    }

    private static OutboxSettings usual() {
        return with(SOON, MINUTE, 20, SOON, MINUTE);
    }

    private static OutboxSettings with(
            Duration pollEvery, Duration lease, int attemptsMax, Duration retryFirst, Duration partitionEvery) {
        return new OutboxSettings(
                2,
                50,
                lease,
                attemptsMax,
                retryFirst,
                retryFirst.multipliedBy(4),
                pollEvery,
                Duration.ofMillis(25),
                partitionEvery,
                ByteSize.parse("1KB"),
                Duration.ofMinutes(15),
                4);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
