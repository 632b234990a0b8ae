package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import javax.mail.Flags;
import javax.mail.Flags.Flag;
import org.apache.james.mailbox.MessageManager.FlagsUpdateMode;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Several sessions at once. */
class ConcurrencyTest {
    private final TestStore store = new TestStore();
    private final Mailbox inbox = store.mailbox("ama", "INBOX");
    private final Mailbox archive = store.mailbox("ama", "Archives");
    private final MailConnections connections = new MailConnections(store.connections);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        threads.close();
        connections.close();
        store.close();
    }

    @Test
    void uidsOfConcurrentAppendsAppearInAscendingOrder() throws Exception {
        List<Future<List<Long>>> appending = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            appending.add(threads.submit(() -> {
                List<Long> uids = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    uids.add(store.append(inbox, "n° " + i).getUid().asLong());
                }
                return uids;
            }));
        }
        // Whoever sees a UID sees every smaller one: a client that asked for what is new would never ask for it again.
        while (appending.stream().anyMatch(each -> !each.isDone())) {
            List<Long> seen = store.uids(inbox);
            assertThat(seen)
                    .isEqualTo(LongStream.rangeClosed(1, seen.size()).boxed().toList());
        }
        Set<Long> all = new HashSet<>();
        for (Future<List<Long>> each : appending) {
            assertThat(each.get()).isSorted();
            all.addAll(each.get());
        }
        assertThat(all).hasSize(200);
        assertCountersAreExact();
    }

    @Test
    void appendsRaceExpunges() throws Exception {
        Future<?> expunging = threads.submit(() -> {
            while (store.messages.getLastUid(inbox).map(MessageUid::asLong).orElse(0L) < 100) {
                store.messages.deleteMessages(
                        inbox,
                        store.messages.listAllMessageUids(inbox).collectList().block());
            }
            return null;
        });
        List<Long> uids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            uids.add(store.append(inbox, "n° " + i).getUid().asLong());
        }
        expunging.get();
        assertThat(uids).isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        List<Long> left = store.uids(inbox);
        List<Long> logged = store.connections.autoCommit(
                c -> Sql.query(c, row -> row.getLong(1), "select uid from expunged order by uid"));
        List<Long> both = new ArrayList<>(left);
        both.addAll(logged);
        Collections.sort(both);
        assertThat(both).as("each is here or in the log").isEqualTo(uids);
        assertCountersAreExact();
    }

    @Test
    void aCopyWaitsForTheExpungeAndFindsNothing() throws Exception {
        MailboxMessage message = store.append(inbox, "a");
        Held expunge = hold(c -> expunging()
                .expunge(c, number(inbox), new Long[] {message.getUid().asLong()})
                .size());
        Future<MessageMetaData> copy = threads.submit(() -> store.messages.copy(archive, message));
        store.awaitLocked(1);
        expunge.commit();
        assertThatThrownBy(copy::get).hasMessageContaining("expunged in the meantime");
        assertThat(store.uids(archive)).isEmpty();
        assertThat(store.count("message")).isZero();
        assertCountersAreExact();
    }

    @Test
    void anExpungeWaitsForTheCopyAndKeepsTheMessage() throws Exception {
        MailboxMessage message = store.append(inbox, "a");
        Held copy = hold(
                c -> copying().copy(c, archive.getMailboxId(), List.of(message)).size());
        Future<?> expunge = threads.submit(() -> store.messages.deleteMessages(inbox, List.of(message.getUid())));
        store.awaitLocked(1);
        copy.commit();
        expunge.get();
        assertThat(store.bytes(store.read(archive, FetchType.FULL).getFirst())).isNotEmpty();
        assertThat(store.count("released")).isZero();
        assertCountersAreExact();
    }

    @Test
    void twoExpungesOfTheLastTwoRowsLeaveNoMessage() throws Exception {
        MailboxMessage message = store.append(inbox, "a");
        store.messages.copy(archive, message);
        Held first =
                hold(c -> expunging().expunge(c, number(inbox), new Long[] {1L}).size());
        Future<?> second = threads.submit(() -> store.messages.deleteMessages(archive, List.of(MessageUid.of(1))));
        store.awaitLocked(1);
        first.commit();
        second.get();
        assertThat(store.count("message")).isZero();
        assertThat(store.count("released")).isEqualTo(1);
    }

    @Test
    void whoeverIsToldOfRecentMessagesIsToldOfTheOneThatArrivesMeanwhile() throws Exception {
        MailboxMessage original = store.append(archive, "a");
        store.append(inbox, "b");
        Held arriving = hold(
                c -> copying().copy(c, inbox.getMailboxId(), List.of(original)).size());
        Future<List<UpdatedFlags>> select = threads.submit(() -> store.messages.resetRecent(inbox));
        store.awaitLocked(1);
        arriving.commit();
        assertThat(select.get()).extracting(each -> each.getUid().asLong()).containsExactly(1L, 2L);
        assertThat(store.messages.findRecentMessageUidsInMailbox(inbox)).isEmpty();
    }

    @Test
    void aCopyOfJmapTakesItsUidWhenItIsWrittenAndSaysWhich() throws Exception {
        MailboxMessage copied = store.append(archive, "a").copy(inbox);
        copied.setUid(store.mappers.getUidProvider().nextUid(inbox));
        assertThat(copied.getUid().asLong()).isEqualTo(1);
        store.append(inbox, "b"); // meanwhile

        store.messageIds.copyInMailboxReactive(copied, inbox).block();
        assertThat(copied.getUid().asLong()).isEqualTo(2);
        assertThat(copied.getModSeq()).isEqualTo(store.messages.getHighestModSeq(inbox));
        store.messageIds.copyInMailbox(copied, inbox);
        assertThat(store.uids(inbox)).containsExactly(1L, 2L);
    }

    @Test
    void randomChangesOfTwoSessionsNeverDeadlock() throws Exception {
        Mailbox third = store.mailbox("kofi", "INBOX");
        List<Mailbox> all = List.of(inbox, archive, third);
        for (Mailbox each : all) {
            for (int i = 0; i < 10; i++) {
                store.append(each, "n° " + i);
            }
        }
        List<Future<?>> sessions = new ArrayList<>();
        for (int seed = 1; seed <= 2; seed++) {
            Random random = new Random(seed);
            sessions.add(threads.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    change(random, all);
                }
                return null;
            }));
        }
        for (Future<?> each : sessions) {
            each.get(); // a deadlock would be a MailboxException here
        }
        assertCountersAreExact();
        assertThat(store.count("message m where not exists (select from mailbox_message p where p.message_id = m.id)"))
                .isZero();
        assertThat(store.count("body b where not exists (select from named_body n where n.body_id = b.id)"
                        + " and not exists (select from released r where r.body_id = b.id)"))
                .as("bodies that nobody would ever remove")
                .isZero();
    }

    private void change(Random random, List<Mailbox> all) throws MailboxException {
        Mailbox from = all.get(random.nextInt(all.size()));
        Mailbox to = all.get(random.nextInt(all.size()));
        List<MailboxMessage> messages = store.read(from, FetchType.METADATA);
        Collections.shuffle(messages, random);
        List<MailboxMessage> some = messages.subList(0, Math.min(messages.size(), 1 + random.nextInt(6)));
        switch (random.nextInt(6)) {
            case 0 -> store.append(from, "encore");
            case 1 -> store.messages.copy(to, some);
            case 2 -> store.messages.move(to, some);
            case 3 ->
                store.messages.deleteMessages(
                        from, some.stream().map(MailboxMessage::getUid).toList());
            case 4 ->
                store.messages.updateFlags(
                        from,
                        new FlagsUpdateCalculator(
                                new Flags(random.nextBoolean() ? Flag.SEEN : Flag.FLAGGED),
                                random.nextBoolean() ? FlagsUpdateMode.ADD : FlagsUpdateMode.REMOVE),
                        MessageRange.all());
            default -> {
                if (!some.isEmpty()) {
                    store.messageIds
                            .setFlags(
                                    some.getFirst().getMessageId(),
                                    List.of(to.getMailboxId(), from.getMailboxId()),
                                    new Flags("mot" + random.nextInt(4)),
                                    FlagsUpdateMode.ADD)
                            .block();
                }
            }
        }
    }

    /** The counters say what counting says. */
    private void assertCountersAreExact() {
        assertThat(store.count("mailbox_counter k cross join lateral (select count(*) as messages,"
                        + " count(*) filter (where flags & 32 = 0) as unseen, coalesce(sum(size), 0) as bytes"
                        + " from mailbox_message p where p.mailbox_id = k.mailbox_id) r"
                        + " where (k.messages, k.unseen, k.bytes) is distinct from (r.messages, r.unseen, r.bytes)"))
                .isZero();
    }

    private static Expunging expunging() {
        return new Expunging(Clock.systemUTC(), new MailboxNews());
    }

    private Copying copying() {
        return new Copying(expunging(), new Keywords(connections, 10), Clock.systemUTC(), new MailboxNews());
    }

    private static long number(Mailbox mailbox) {
        return PostgresMailboxId.number(mailbox.getMailboxId());
    }

    private record Held(CountDownLatch mayCommit, Future<Integer> work) {
        void commit() throws ExecutionException, InterruptedException {
            mayCommit.countDown();
            assertThat(work.get()).isPositive();
        }
    }

    /** Does something in a transaction that stays open until told. */
    private Held hold(Connections.Work<Integer, MailboxException> work) {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        Future<Integer> held = threads.submit(() -> store.connections.transaction(c -> {
            int result = work.on(c);
            done.countDown();
            TestStore.await(() -> mayCommit.getCount() == 0);
            return result;
        }));
        TestStore.await(() -> done.getCount() == 0 || held.isDone());
        return new Held(mayCommit, held);
    }
}
