package tg.gouv.messagerie.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.database.Sql;

/** Rows become a chain, whatever the order of commits, and whoever else seals. */
class SealerTest {
    @TempDir
    private Path folder;

    private SealedTrail trail;

    @BeforeEach
    void open() throws IOException {
        trail = new SealedTrail(folder);
    }

    @AfterEach
    void close() {
        trail.close();
    }

    @Test
    void aTransactionThatBeganBeforeAndCommitsAfterIsNotSkipped() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> slow = threads.submit(() -> trail.connections.transaction(c -> {
                Recorder.write(c, List.of(trail.row("slow")));
                written.countDown();
                commit.await();
                return true;
            }));
            written.await();
            trail.write(3);
            assertThat(trail.sealer.sealAll()).isEqualTo(3);
            commit.countDown();
            slow.get();
        }
        assertThat(trail.sealer.sealAll()).isOne();
        assertThat(trail.number("select number from audit_event where actor = 'system-user:slow'"))
                .isEqualTo(4);
        assertThat(trail.verifyWithoutOutside()).isInstanceOf(Verdict.Sound.class);
    }

    @Test
    void whatWasRolledBackIsNotThere() {
        try {
            trail.connections.transaction(c -> {
                Recorder.write(c, List.of(trail.row("undone")));
                throw new IllegalArgumentException("changed my mind");
            });
        } catch (IllegalArgumentException e) {
            // as the act wanted
        }
        assertThat(trail.sealer.sealAll()).isZero();
    }

    @Test
    void anActThatWasCommittedBeforeAnotherBeganIsBeforeIt() {
        for (int i = 0; i < 50; i++) {
            trail.write(1);
        }
        trail.sealer.sealAll();
        assertThat(trail.number("select count(*) from (select began, lag(id) over (order by number) before, id"
                        + " from audit_event) x where before > id"))
                .isZero();
    }

    @Test
    void twoSealersWhileOthersWriteMakeOneChain() throws Exception {
        Sealer second = new Sealer(trail.connections, trail.foreignKey(), InstantSource.system());
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> sealers = Stream.of(trail.sealer, second)
                    .<Future<?>>map(sealer -> threads.submit(() -> {
                        while (done.getCount() > 0) {
                            sealer.sealAll();
                        }
                    }))
                    .toList();
            List<Future<?>> writers = List.of(
                    threads.submit(this::writeMany), threads.submit(this::writeMany), threads.submit(this::writeMany));
            for (Future<?> writer : writers) {
                writer.get();
            }
            done.countDown();
            for (Future<?> sealer : sealers) {
                sealer.get();
            }
        }
        trail.sealer.sealAll();
        trail.deliver();
        assertThat(trail.verify()).isInstanceOfSatisfying(Verdict.Sound.class, sound -> {
            assertThat(sound.rows()).isEqualTo(600);
            assertThat(sound.unsealed()).isZero();
        });
    }

    @Test
    void aPassThatIsCutShortLeavesNothingHalfDone() throws Exception {
        trail.write(10);
        trail.sql("create function slow() returns trigger language plpgsql as"
                + " $$ begin perform pg_sleep(30); return new; end $$");
        trail.sql("create trigger slow before insert on audit_head for each row execute function slow()");
        Thread pass = Thread.ofVirtual().start(() -> {
            try {
                trail.sealer.sealAll();
            } catch (RuntimeException e) {
                // its connection is ended below
            }
        });
        while (trail.number("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == 0) {
            Thread.sleep(10);
        }
        trail.number("select count(pg_terminate_backend(pid)) from pg_stat_activity where wait_event = 'PgSleep'");
        pass.join();
        trail.sql("drop trigger slow on audit_head");
        assertThat(trail.number("select count(*) from audit_pending")).isEqualTo(10);
        assertThat(trail.number("select count(*) from audit_event")).isZero();
        assertThat(trail.sealer.sealAll()).isEqualTo(10);
        assertThat(trail.verifyWithoutOutside()).isInstanceOf(Verdict.Sound.class);
    }

    @Test
    void rowsThatADumpBroughtFromAnotherServerAreSealedToo() throws Exception {
        trail.write(2);
        trail.sql("update audit_pending set xid = '9000000000000000000'");
        trail.write(2);
        assertThat(trail.sealer.sealAll()).isEqualTo(4);
        assertThat(trail.verifyWithoutOutside()).isInstanceOf(Verdict.Sound.class);
    }

    @Test
    void anActOfAnotherSchemaWritesInItsOwnTransaction() {
        trail.sql("create schema other");
        var other = trail.database.connections("other", "other", 1);
        other.transaction((Connection c) -> {
            Recorder.write(c, List.of(trail.row("elsewhere")));
            return Sql.update(c, "create table act()");
        });
        assertThat(trail.sealer.sealAll()).isOne();
    }

    private void writeMany() {
        for (int i = 0; i < 100; i++) {
            trail.write(2);
        }
    }
}
