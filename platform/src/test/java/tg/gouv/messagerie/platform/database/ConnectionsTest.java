package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final DatabaseSettings USUAL = DatabaseSettings.embeddedByDefault();
    private static final DatabaseSettings IMPATIENT = new DatabaseSettings(
            USUAL.url(),
            USUAL.user(),
            USUAL.password(),
            USUAL.rootCertificate(),
            Duration.ofMillis(300),
            1,
            Duration.ofMillis(1500),
            Duration.ofMillis(400),
            USUAL.embedded());

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Database database;
    private Connections connections;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh(IMPATIENT);
        database.migrate("specimen");
        connections = database.connections("specimen", "specimen", 2);
    }

    @AfterEach
    void close() {
        threads.close();
        database.close();
    }

    @Test
    void aTransactionIsKeptWhenItReturnsAndUndoneWhenItThrows() {
        connections.transaction(c -> insert(c, "kept"));
        assertThatThrownBy(() -> connections.transaction(c -> {
                    insert(c, "undone");
                    throw new FileNotFoundException("a failure of the work itself");
                }))
                .isExactlyInstanceOf(FileNotFoundException.class);
        assertThat(names()).containsExactly("kept");
    }

    @Test
    void eachStatementOfAutoCommitIsItsOwnTransaction() {
        assertThatThrownBy(() -> connections.autoCommit(c -> {
                    insert(c, "kept");
                    throw new IllegalArgumentException();
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(names()).containsExactly("kept");
    }

    @Test
    void whatIsDoneTogetherIsKeptOrUndoneTogether() throws Exception {
        Connections others = database.connections("others", "specimen", 1);
        List<String> woken = new CopyOnWriteArrayList<>();
        connections.together(c -> {
            others.transaction(part -> {
                AfterCommit.run(() -> woken.add("first"));
                return insert(part, "first");
            });
            assertThatThrownBy(() -> others.transaction(part -> {
                        AfterCommit.run(() -> woken.add("undone"));
                        insert(part, "undone");
                        throw new FileNotFoundException("a part by itself");
                    }))
                    .isExactlyInstanceOf(FileNotFoundException.class);
            assertThat(names()).as("a part sees the one before").containsExactly("first");
            assertThat(threads.submit(this::names).get(10, TimeUnit.SECONDS))
                    .as("nobody else does yet")
                    .isEmpty();
            assertThat(woken).isEmpty();
            return others.autoCommit(part -> insert(part, "second"));
        });
        assertThat(names()).containsExactly("first", "second");
        assertThat(woken).containsExactly("first");
        assertThatThrownBy(() -> connections.together(c -> {
                    others.transaction(part -> insert(part, "third"));
                    throw new IllegalArgumentException();
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(names()).containsExactly("first", "second");
    }

    @Test
    void aPartTakesNoPartsAndNoneOfAnotherSchema() {
        Connections elsewhere = database.connections("elsewhere", "other", 1);
        assertThatThrownBy(() -> connections.together(c -> elsewhere.autoCommit(part -> 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("elsewhere");
        assertThatThrownBy(() ->
                        connections.together(c -> connections.transaction(part -> connections.autoCommit(again -> 1))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTransactionLeavesNothingBehindOnItsConnection() {
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> connections.transaction(c -> Sql.update(c, "select nonsense")))
                    .isInstanceOf(StoreUnavailable.class);
        }
        assertThat(connections.<Boolean, RuntimeException>autoCommit(Connection::getAutoCommit))
                .isTrue();
        connections.autoCommit(c -> insert(c, "at once"));
        assertThat(names()).containsExactly("at once");
    }

    @Test
    void aRefusedStatementUndoesTheTransactionAndIsNotWorthRetrying() {
        connections.autoCommit(c -> insert(c, "taken"));
        StoreUnavailable failure = catchThrowableOfType(
                StoreUnavailable.class,
                () -> connections.transaction(c -> {
                    insert(c, "before");
                    return insert(c, "taken");
                }));
        assertThat(failure.worthRetrying()).isFalse();
        assertThat(failure).hasMessageContaining("role specimen").hasMessageContaining("23505");
        assertThat(names()).containsExactly("taken");
    }

    @Test
    void aFailureSaysNothingOfTheRowsContents() {
        connections.autoCommit(c -> insert(c, "ministre@gouv.tg"));
        assertThatThrownBy(() -> connections.autoCommit(c -> insert(c, "ministre@gouv.tg")))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageNotContaining("ministre")
                .hasStackTraceContaining("thing_pkey")
                .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("ministre"));
    }

    @Test
    void theWorkMayHandleAnSqlFailureItExpects() {
        connections.autoCommit(c -> insert(c, "taken"));
        String answer = connections.autoCommit(c -> {
            try {
                insert(c, "taken");
                return "stored";
            } catch (SQLException e) {
                return e.getSQLState();
            }
        });
        assertThat(answer).isEqualTo("23505");
    }

    @Test
    void aThreadThatHoldsAConnectionMayNotAskForAnother() {
        Connections others = database.connections("others", "specimen", 2);
        connections.autoCommit(held -> {
            assertThatThrownBy(() -> connections.autoCommit(Connection::isClosed))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("specimen");
            assertThatThrownBy(() -> others.transaction(Connection::isClosed))
                    .isInstanceOf(IllegalStateException.class);
            return held;
        });
        assertThat(others.<Boolean, RuntimeException>autoCommit(Connection::isClosed))
                .isFalse();
    }

    @Test
    void aConnectionThatIsKeptIsUselessOnceTheWorkIsDone() {
        Connection kept = connections.autoCommit(c -> c);
        assertThatThrownBy(() -> insert(kept, "late")).isInstanceOf(SQLException.class);
        assertThat(names()).isEmpty();
    }

    @Test
    void whoFindsNoFreeConnectionWaitsForTheAcquireTimeoutOnly() throws Exception {
        try (Occupied _ = occupy(2)) {
            long before = System.nanoTime();
            StoreUnavailable failure = catchThrowableOfType(StoreUnavailable.class, this::names);
            assertThat(failure.worthRetrying()).isTrue();
            assertThat(failure).hasMessageContaining("all 2 in use for 300 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(300), Duration.ofSeconds(3));
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void whoWouldWaitBehindTooManyIsRefusedAtOnce() throws Exception {
        try (Occupied _ = occupy(2)) {
            Future<?> waiting = threads.submit(this::names);
            while (database.pools().getFirst().waiting() == 0) {
                Thread.sleep(1);
            }
            assertThatThrownBy(this::names)
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("1 operations wait already");
            assertThat(waiting).failsWithin(Duration.ofSeconds(3));
        }
    }

    @Test
    void theUseOfEachRoleIsTold() throws Exception {
        try (Occupied _ = occupy(2)) {
            assertThat(database.pools()).containsExactly(new PoolUse("specimen", 2, 0, 0, 2));
        }
        assertThat(database.pools().getFirst().active()).isZero();
    }

    @Test
    void aStatementThatTakesTooLongIsEndedAndWorthRetrying() {
        StoreUnavailable failure = catchThrowableOfType(
                StoreUnavailable.class,
                () -> connections.autoCommit(c -> Sql.query(c, row -> 0, "select pg_sleep(20)")));
        assertThat(failure.worthRetrying()).isTrue();
        assertThat(failure).hasMessageContaining("57014");
    }

    @Test
    void aTransactionThatDoesNothingIsEndedAndItsConnectionReplaced() {
        StoreUnavailable failure = catchThrowableOfType(
                StoreUnavailable.class,
                () -> connections.transaction(c -> {
                    insert(c, "forgotten");
                    pause(Duration.ofMillis(900));
                    return insert(c, "too late");
                }));
        assertThat(failure.worthRetrying()).isTrue();
        assertThat(names()).isEmpty();
    }

    @Test
    void ofTwoTransactionsThatWaitForEachOtherOneIsUndoneAndWorthRetrying() throws Exception {
        connections.autoCommit(c -> insert(c, "one"));
        connections.autoCommit(c -> insert(c, "two"));
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        Future<Integer> there = threads.submit(() -> lockBoth("one", "two", bothHoldOne));
        Future<Integer> back = threads.submit(() -> lockBoth("two", "one", bothHoldOne));
        List<Throwable> failures = List.of(there, back).stream()
                .map(ConnectionsTest::failure)
                .flatMap(Optional::stream)
                .toList();
        assertThat(failures).singleElement().isInstanceOfSatisfying(StoreUnavailable.class, failure -> {
            assertThat(failure.worthRetrying()).isTrue();
            assertThat(failure).hasMessageContaining("40P01");
        });
    }

    @Test
    void connectionsThatPostgresqlEndedAreReplaced() {
        assertThat(names()).isEmpty();
        TestDatabase.asSuperuser("select pg_terminate_backend(pid) from pg_stat_activity where application_name ="
                + " 'messagerie:specimen'");
        StoreUnavailable failure = catchThrowableOfType(StoreUnavailable.class, this::names);
        if (failure != null) { // the pool may have noticed by itself
            assertThat(failure.worthRetrying()).isTrue();
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aRoleSeesItsOwnSchemaAlone() {
        assertThat(connections.<String, RuntimeException>autoCommit(
                        c -> Sql.first(c, row -> row.getString(1), "show search_path")
                                .orElseThrow()))
                .isEqualTo("specimen");
    }

    @Test
    void theConnectionsOfARoleAreOpenedOnce() {
        assertThatThrownBy(() -> database.connections("specimen", "specimen", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("open already");
    }

    @Test
    void refusesMoreConnectionsThanPostgresqlGives() {
        assertThatThrownBy(() -> database.connections("greedy", "specimen", 5_000))
                .isInstanceOf(DatabaseRefused.class)
                .hasMessageContaining("max_connections");
    }

    @Test
    void answersWhileItIsOpen() {
        assertThat(database.answers()).isTrue();
    }

    private int lockBoth(String first, String second, CountDownLatch bothHoldOne) {
        return connections.transaction(c -> {
            String lock = "select 1 from thing where name = ? for update";
            Sql.first(c, row -> 1, lock, first);
            bothHoldOne.countDown();
            await(bothHoldOne);
            return Sql.first(c, row -> 1, lock, second).orElseThrow();
        });
    }

    private List<String> names() {
        return connections.autoCommit(
                c -> Sql.query(c, row -> row.getString(1), "select name from thing order by name"));
    }

    private static int insert(Connection connection, String name) throws SQLException {
        return Sql.update(connection, "insert into thing(name) values (?)", name);
    }

    private static Optional<Throwable> failure(Future<?> future) {
        try {
            future.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.ofNullable(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Other threads take connections, and hold them until they are told to let go. */
    private Occupied occupy(int count) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(count);
        CountDownLatch release = new CountDownLatch(1);
        List<CompletableFuture<Void>> holders = Stream.generate(() -> CompletableFuture.runAsync(
                        () -> connections.autoCommit(c -> {
                            held.countDown();
                            await(release);
                            return c;
                        }),
                        threads))
                .limit(count)
                .toList();
        held.await();
        return new Occupied(release, holders);
    }

    private record Occupied(CountDownLatch release, List<CompletableFuture<Void>> holders) implements AutoCloseable {
        @Override
        public void close() {
            release.countDown();
            holders.forEach(CompletableFuture::join);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
