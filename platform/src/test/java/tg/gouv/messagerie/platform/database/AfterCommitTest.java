package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Wake-ups: in this process after the commit, from other processes by NOTIFY. */
class AfterCommitTest {
    private Database database;
    private Connections connections;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        connections = database.connections("test", "public", 2);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aWakeUpWaitsForTheCommitAndIsForgottenWithTheTransaction() {
        List<String> woken = new ArrayList<>();
        connections.transaction(c -> {
            AfterCommit.run(() -> woken.add("committed"));
            assertThat(woken).isEmpty();
            return true;
        });
        assertThat(woken).containsExactly("committed");
        assertThatThrownBy(() -> connections.transaction(c -> {
                    AfterCommit.run(() -> woken.add("undone"));
                    throw new IllegalArgumentException("changed my mind");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        AfterCommit.run(() -> woken.add("at once"));
        assertThat(woken).containsExactly("committed", "at once");
    }

    @Test
    void aWakeUpMayUseAConnectionItself() {
        List<Integer> woken = new ArrayList<>();
        connections.transaction(c -> {
            AfterCommit.run(() -> woken.add(connections.autoCommit(
                    d -> Sql.first(d, row -> row.getInt(1), "select 1").orElseThrow())));
            return true;
        });
        assertThat(woken).containsExactly(1);
    }

    @Test
    void whatIsNotifiedIsHeardAlsoAfterTheConnectionWasLost() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        CountDownLatch twice = new CountDownLatch(2);
        try (AutoCloseable _ = database.listen("news", text -> {
            heard.add(text);
            twice.countDown();
        })) {
            hears("first", heard);
            connections.autoCommit(c -> Sql.query(
                    c,
                    row -> true,
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where datname = current_database() and application_name = 'messagerie:listen'"));
            hears("second", heard);
        }
        assertThat(twice.await(1, TimeUnit.SECONDS)).isTrue();
    }

    /** Notifies until it is heard: nobody listens while the connection is opened. */
    private void hears(String text, List<String> heard) throws InterruptedException {
        for (int tries = 0; tries < 200 && !heard.contains(text); tries++) {
            connections.autoCommit(c -> Sql.query(c, row -> true, "select pg_notify('news', ?)", text));
            Thread.sleep(50);
        }
        assertThat(heard).contains(text);
    }
}
