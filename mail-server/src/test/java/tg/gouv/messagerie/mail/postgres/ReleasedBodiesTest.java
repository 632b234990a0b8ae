package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.mail.Flags;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import org.apache.james.utils.UpdatableTickingClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.backup.DeletionHold;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** Bodies go when nothing names them, not before the retention, and never while something does. */
class ReleasedBodiesTest {
    private static final String NAMED = "select body_id from message union all select body_id from queue_mail"
            + " where body_id is not null union all select body_id from repository_mail where body_id is not null"
            + " union all select body_id from outgoing_mail";

    private final TestStore store = new TestStore();
    private final Mailbox inbox = store.mailbox("ama", "INBOX");
    private final UpdatableTickingClock clock = new UpdatableTickingClock(Instant.now());
    private final ReleasedBodies released =
            new ReleasedBodies(store.connections, store.blobs, StoreSettings.byDefault(), clock);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        threads.close();
        store.connections.transaction(c -> Sql.update(c, "create or replace view named_body as " + NAMED)
                + Sql.update(c, "drop table if exists queued"));
        store.close();
    }

    private MailboxMessage append(int bodyBytes) throws Exception {
        byte[] bytes = new byte[bodyBytes + 8];
        SimpleMailboxMessage message = store.message(inbox, bytes, 8, new Flags());
        store.messages.add(inbox, message);
        return message;
    }

    private void expunge(MailboxMessage message) throws Exception {
        store.messages.deleteMessages(inbox, List.of(message.getUid()));
    }

    private void afterRetention() {
        clock.setInstant(Instant.now().plus(Duration.ofDays(30)).plusSeconds(60));
    }

    @Test
    void aBodyAndItsObjectGoAfterTheRetention() throws Exception {
        MailboxMessage small = append(10);
        MailboxMessage large = append(100_000);
        append(20);
        UUID object = store.connections
                .autoCommit(c -> Sql.first(
                        c, row -> row.getObject(1, UUID.class), "select object from body where object is not null"))
                .orElseThrow();
        expunge(small);
        expunge(large);
        assertThat(released.sweep()).as("too early").isZero();

        afterRetention();
        assertThat(released.sweep()).isEqualTo(2);
        assertThat(store.count("body")).isEqualTo(1);
        assertThat(store.count("released")).isZero();
        assertThat(store.count("unnamed_object")).isZero();
        assertThat(store.blobs.open(new BlobId(object))).isEmpty();
        assertThat(released.sweep()).isZero();
    }

    @Test
    void anObjectStaysWhileABackupIsMade() throws Exception {
        expunge(append(100_000));
        UUID object = store.connections
                .autoCommit(c -> Sql.first(
                        c, row -> row.getObject(1, UUID.class), "select object from body where object is not null"))
                .orElseThrow();
        afterRetention();
        try (AutoCloseable backup = DeletionHold.take(store.database.copying())) {
            assertThat(backup).isNotNull();
            assertThat(released.sweep()).isEqualTo(1);
            assertThat(store.count("unnamed_object")).isEqualTo(1);
            assertThat(store.blobs.open(new BlobId(object))).isPresent();
        }

        released.sweep();

        assertThat(store.count("unnamed_object")).isZero();
        assertThat(store.blobs.open(new BlobId(object))).isEmpty();
    }

    @Test
    void aBodyThatSomethingElseNamesStaysUntilThatReleasesIt() throws Exception {
        // As the queue does: a table that names bodies, and is part of the view.
        store.connections.transaction(c -> Sql.update(c, "create table queued (body_id uuid references body)")
                + Sql.update(
                        c, "create or replace view named_body as " + NAMED + " union all select body_id from queued"));
        expunge(append(10));
        UUID body = onlyBody();
        store.connections.autoCommit(c -> Sql.update(c, "insert into queued select id from body"));
        afterRetention();
        assertThat(released.sweep()).isZero();
        assertThat(store.count("released"))
                .as("whoever names it releases it again")
                .isZero();

        store.connections.transaction(c -> {
            Sql.update(c, "delete from queued");
            ReleasedBodies.release(c, List.of(body, body), clock.instant());
            return body;
        });
        assertThat(released.sweep()).as("the retention begins anew").isZero();
        clock.setInstant(clock.instant().plus(Duration.ofDays(31)));
        assertThat(released.sweep()).isEqualTo(1);
    }

    @Test
    void theForeignKeyKeepsABodyThatTheViewForgot() throws Exception {
        store.connections.autoCommit(c -> Sql.update(c, "create table queued (body_id uuid references body)"));
        expunge(append(10));
        store.connections.autoCommit(c -> Sql.update(c, "insert into queued select id from body"));
        afterRetention();
        assertThatThrownBy(released::sweep).isInstanceOf(StoreUnavailable.class);
        assertThat(store.count("body")).isEqualTo(1);
    }

    @Test
    void aRestoreThatCommitsFirstKeepsTheBody() throws Exception {
        expunge(append(10));
        UUID body = onlyBody();
        afterRetention();
        CountDownLatch named = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        Future<Integer> restore = threads.submit(() -> store.connections.transaction(c -> {
            int written = restore(c, body);
            named.countDown();
            await(mayCommit);
            return written;
        }));
        await(named);
        Future<Integer> sweep = threads.submit(released::sweep);
        store.awaitLocked(1);
        mayCommit.countDown();
        assertThat(restore.get()).isEqualTo(1);
        assertThat(sweep.get()).isZero();
        assertThat(store.count("body")).isEqualTo(1);
    }

    @Test
    void aRestoreThatComesTooLateFails() throws Exception {
        expunge(append(10));
        UUID body = onlyBody();
        afterRetention();
        assertThat(released.sweep()).isEqualTo(1);
        assertThatThrownBy(() -> store.connections.transaction(c -> restore(c, body)))
                .isInstanceOf(StoreUnavailable.class);
        assertThat(store.count("message")).isZero();
    }

    @Test
    void sweepsAtOnceShareTheWork() throws Exception {
        for (int i = 0; i < 40; i++) {
            expunge(append(10));
        }
        afterRetention();
        List<Future<Integer>> sweeps = List.of(
                threads.submit(released::sweep), threads.submit(released::sweep), threads.submit(released::sweep));
        int removed = 0;
        for (Future<Integer> each : sweeps) {
            removed += each.get();
        }
        assertThat(removed + released.sweep()).isEqualTo(40);
        assertThat(store.count("body")).isZero();
    }

    @Test
    void copiesWhileEverythingIsSweptKeepTheirBodies() throws Exception {
        StoreSettings usual = StoreSettings.byDefault();
        ReleasedBodies impatient = new ReleasedBodies(
                store.connections,
                store.blobs,
                new StoreSettings(
                        Duration.ZERO,
                        usual.pageSize(),
                        usual.keywordsMax(),
                        usual.ownerMemory(),
                        usual.changeHistory(),
                        usual.changesMax()),
                Clock.systemUTC());
        Mailbox archive = store.mailbox("ama", "Archives");
        AtomicBoolean over = new AtomicBoolean();
        Future<Integer> sweeps = threads.submit(() -> {
            int removed = 0;
            while (!over.get()) {
                removed += impatient.sweep();
            }
            return removed;
        });
        int copied = 0;
        for (int i = 0; i < 100; i++) {
            MailboxMessage message = append(i % 10 == 0 ? 40_000 : 10);
            Future<List<MessageMetaData>> copy = threads.submit(() -> store.messages.copy(archive, List.of(message)));
            expunge(message);
            copied += copy.get().size();
        }
        over.set(true);
        int removed = sweeps.get() + impatient.sweep();

        List<MailboxMessage> copies = store.read(archive, FetchType.FULL);
        assertThat(copies).hasSize(copied);
        for (MailboxMessage each : copies) {
            assertThat(store.bytes(each)).hasSize((int) each.getFullContentOctets());
        }
        assertThat(removed).isEqualTo(100 - copied);
        assertThat(store.count("body")).isEqualTo(copied);
    }

    private UUID onlyBody() {
        return store.connections
                .autoCommit(c -> Sql.first(c, row -> row.getObject(1, UUID.class), "select id from body"))
                .orElseThrow();
    }

    private int restore(Connection c, UUID body) throws SQLException {
        return Sql.update(
                c,
                "insert into message(id, body_id, size, body_start, header, thread_id, properties, attachments)"
                        + " values (?, ?, 0, 0, '', ?, '[]', '[]')",
                store.ids.next(),
                body,
                store.ids.next());
    }

    private static void await(CountDownLatch latch) {
        TestStore.await(() -> latch.getCount() == 0);
    }
}
