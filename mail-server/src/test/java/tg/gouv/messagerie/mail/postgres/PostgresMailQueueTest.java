package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.james.core.MailAddress;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.james.utils.UpdatableTickingClock;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.blobs.BlobStores;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** What our queue promises beyond James's contract: nothing is lost, changed or doubled, whatever dies. */
class PostgresMailQueueTest {
    private static final MailQueueName SPOOL = MailQueueName.of("spool");
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final AttributeName FAILURES = AttributeName.of("mail-processing-error-count");
    private static final byte[] MESSAGE =
            "Subject: =?utf-8?q?caf=C3=A9?=\r\n\r\nBonjour\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Octets above 127 in the header, which nobody is allowed to send and many do; a bare LF too. */
    private static final byte[] LATIN =
            "Subject: caf\u00e9\r\nX-Lf: a\nX-Long: b\r\n\tc\u00fc\r\n\r\nBonjour \u00e0 tous\r\n"
                    .getBytes(StandardCharsets.ISO_8859_1);

    private final List<QueueUnderTest> nodes = new ArrayList<>();
    private QueueUnderTest node;
    private ManageableMailQueue queue;

    @BeforeEach
    void open() {
        QueueUnderTest.empty();
        node = node(UUID.randomUUID(), 8);
        queue = queue(node);
    }

    @AfterEach
    void closeAll() {
        nodes.forEach(QueueUnderTest::close);
    }

    private QueueUnderTest node(UUID id, int attemptsMax) {
        return added(QueueUnderTest.node(id, Clock.systemUTC(), QueueUnderTest.settings(LEASE, POLL, attemptsMax)));
    }

    private QueueUnderTest added(QueueUnderTest another) {
        nodes.add(another);
        return another;
    }

    private static ManageableMailQueue queue(QueueUnderTest node) {
        return node.queues().createQueue(SPOOL);
    }

    private static MailImpl mail(String name, byte[] message) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name(name)
                .sender("ama@gouv.tg")
                .addRecipient("kofi@gouv.tg")
                .build();
        try (InputStream in = new ByteArrayInputStream(message)) {
            mail.setMessageNoCopy(new MimeMessageWrapper(MimeMessageInputStreamSource.create(name, in)));
        }
        return mail;
    }

    private static byte[] large(int bodyBytes) {
        byte[] body = new byte[bodyBytes];
        new Random(1).nextBytes(body);
        byte[] message = new byte[MESSAGE.length + body.length];
        System.arraycopy(MESSAGE, 0, message, 0, MESSAGE.length);
        System.arraycopy(body, 0, message, MESSAGE.length, body.length);
        return message;
    }

    private static MailQueueItem next(ManageableMailQueue queue) {
        return Objects.requireNonNull(Flux.from(queue.deQueue()).blockFirst(WAIT));
    }

    private static String nextName(ManageableMailQueue queue) {
        return next(queue).getMail().getName();
    }

    private static byte[] bytes(Mail mail) throws Exception {
        try (InputStream in = ((MimeMessageWrapper) mail.getMessage()).getMessageInputStream()) {
            return in.readAllBytes();
        }
    }

    private static void done(MailQueueItem item) {
        try {
            item.done(CompletionStatus.SUCCESS);
        } catch (MailQueueException e) {
            throw new IllegalStateException(e);
        }
    }

    // Octets

    @Test
    void theOctetsComeBackAsTheyWere() throws Exception {
        byte[] large = large(3 << 20);
        queue.enQueue(mail("small", LATIN));
        assertThat(bytes(next(queue).getMail())).isEqualTo(LATIN);
        queue.enQueue(mail("large", large));
        Mail read = next(queue).getMail();
        assertThat(bytes(read)).isEqualTo(large);
        assertThat(read.getMessageSize()).isEqualTo(large.length);
    }

    @Test
    void theOctetsOfAChangedHeaderAreThoseOfItsLines() throws Exception {
        MailImpl changed = mail("changed", LATIN);
        changed.getMessage().addHeader("X-New", "oui");
        queue.enQueue(changed);
        Mail read = next(queue).getMail();

        assertThat(new String(bytes(read), StandardCharsets.ISO_8859_1))
                .contains("Subject: caf\u00e9\r\n", "X-New: oui\r\n", "X-Long: b\r\n\tc\u00fc\r\n")
                .endsWith("\r\n\r\nBonjour \u00e0 tous\r\n")
                .doesNotContain("?");
        assertThat(read.getMessageSize()).isEqualTo(bytes(read).length);
    }

    @Test
    void theOctetsOfAMessageThatWasOnlyReadAreKept() throws Exception {
        MailImpl read = mail("read", LATIN);
        assertThat(read.getMessage().getContent()).isNotNull();
        queue.enQueue(read);
        assertThat(new String(bytes(next(queue).getMail()), StandardCharsets.ISO_8859_1))
                .contains("Subject: caf\u00e9\r\n");

        queue.enQueue(mail("queued", LATIN));
        Mail queued = next(queue).getMail();
        assertThat(queued.getMessage().getContent()).isNotNull();
        assertThat(bytes(queued)).isEqualTo(LATIN);
    }

    @Test
    void aCopyThatJamesMakesKeepsTheOctets() throws Exception {
        queue.enQueue(mail("whole", LATIN));
        MailImpl split = MailImpl.duplicate(next(queue).getMail());
        assertThat(bytes(split)).isEqualTo(LATIN);

        queue.enQueue(split);
        assertThat(bytes(next(queue).getMail())).isEqualTo(LATIN);
        assertThat(QueueUnderTest.count("body")).as("the copy names the body").isEqualTo(1);
    }

    @Test
    void aChangedBodyIsStoredAsItIsNow() throws Exception {
        MailImpl changed = mail("changed", LATIN);
        changed.getMessage().setText("nouveau");
        changed.getMessage().saveChanges();
        queue.enQueue(changed);
        assertThat(new String(bytes(next(queue).getMail()), StandardCharsets.ISO_8859_1))
                .contains("Subject: caf\u00e9\r\n")
                .endsWith("\r\n\r\nnouveau");
    }

    @Test
    void aLargeMessageIsNotHeldInMemory(@TempDir Path folder) throws Exception {
        Blobs files = BlobStores.open(
                new BlobSettings(BlobSettings.Kind.DIRECTORY, Optional.empty(), 8), TestDatabase.fresh(), folder);
        QueueUnderTest onFiles = added(QueueUnderTest.node(
                UUID.randomUUID(), Clock.systemUTC(), QueueUnderTest.settings(LEASE, POLL, 8), files));
        int size = 64 << 20;
        MailImpl huge = mail("huge", large(size));
        huge.getMessage().addHeader("X-New", "oui");
        long before = allocated();
        queue(onFiles).enQueue(huge);
        assertThat(allocated() - before).isLessThan(size / 4);

        MailQueueItem item = next(queue(onFiles));
        before = allocated();
        item.getMail().getMessage().addHeader("X-Newer", "oui");
        queue(onFiles).enQueue(MailImpl.duplicate(item.getMail()));
        assertThat(allocated() - before).isLessThan(size / 4);
        huge.dispose();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().threadId());
    }

    @Test
    void aMailWithoutMessageComesBackWithout() throws Exception {
        queue.enQueue(
                MailImpl.builder().name("bare").addRecipient("kofi@gouv.tg").build());
        assertThat(next(queue).getMail().getMessage()).isNull();
    }

    @Test
    void whatPostgresqlRefusesInTextComesBackWhole() throws Exception {
        String odd = "nul \u0000, back\\slash, \\u0000, half \ud83d, whole \ud83d\udc0b";
        MailImpl mail = mail(odd, MESSAGE);
        mail.setState("state " + odd);
        mail.setErrorMessage("error " + odd);
        mail.setRemoteHost("host " + odd);
        mail.setRemoteAddr("address " + odd);
        mail.setAttribute(new Attribute(AttributeName.of("name " + odd), AttributeValue.of("value " + odd)));
        mail.addSpecificHeaderForRecipient(
                PerRecipientHeaders.Header.builder()
                        .name("X-Odd")
                        .value("value " + odd)
                        .build(),
                new MailAddress("kofi@gouv.tg"));

        queue.enQueue(mail);
        Mail read = next(queue).getMail();
        same(read, mail);
        node.errors().store(read);
        same(Objects.requireNonNull(node.errors().retrieve(MailKey.forMail(mail))), mail);
        assertThat(node.errors().list()).toIterable().containsExactly(new MailKey(odd));
        assertThat(queue.remove(ManageableMailQueue.Type.Name, odd)).isEqualTo(1);
        node.errors().remove(new MailKey(odd));
        assertThat(node.errors().size()).isZero();
    }

    private static void same(Mail read, Mail mail) throws Exception {
        assertThat(read.getName()).isEqualTo(mail.getName());
        assertThat(read.getState()).isEqualTo(mail.getState());
        assertThat(read.getErrorMessage()).isEqualTo(mail.getErrorMessage());
        assertThat(read.getRemoteHost()).isEqualTo(mail.getRemoteHost());
        assertThat(read.getRemoteAddr()).isEqualTo(mail.getRemoteAddr());
        assertThat(read.attributes()).containsAll(mail.attributes().toList());
        assertThat(read.getPerRecipientSpecificHeaders()).isEqualTo(mail.getPerRecipientSpecificHeaders());
    }

    // Bodies

    @Test
    void whatIsDoneLeavesNothingBehind() throws Exception {
        queue.enQueue(mail("done", MESSAGE));
        done(next(queue));

        assertThat(QueueUnderTest.count("queue_mail")).isZero();
        assertThat(QueueUnderTest.count("body")).isZero();
        assertThat(QueueUnderTest.count("released")).isZero();
    }

    @Test
    void anObjectStaysForTheRetention() throws Exception {
        queue.enQueue(mail("large", large(100_000)));
        UUID object = object();
        done(next(queue));
        assertThat(QueueUnderTest.BLOBS.open(new BlobId(object)))
                .as("a restored database may name it")
                .isPresent();

        sweep(Duration.ofDays(29));
        assertThat(QueueUnderTest.BLOBS.open(new BlobId(object))).isPresent();
        sweep(Duration.ofDays(31));
        assertThat(QueueUnderTest.BLOBS.open(new BlobId(object))).isEmpty();
        assertThat(QueueUnderTest.count("body")).isZero();
        assertThat(QueueUnderTest.count("arriving_object")).isZero();
    }

    @Test
    void anObjectThatACrashLeftIsSwept() throws Exception {
        node.mortal().dieAt(2, false); // the object is written, its row is not
        assertThatThrownBy(() -> queue.enQueue(mail("lost", large(100_000)))).isInstanceOf(MailQueueException.class);
        UUID object = QueueUnderTest.CONNECTIONS
                .<Optional<UUID>, RuntimeException>autoCommit(
                        c -> Sql.first(c, row -> row.getObject(1, UUID.class), "select object from arriving_object"))
                .orElseThrow();
        assertThat(QueueUnderTest.BLOBS.open(new BlobId(object))).isPresent();

        sweep(Duration.ofHours(23));
        assertThat(QueueUnderTest.BLOBS.open(new BlobId(object)))
                .as("it may be on its way still")
                .isPresent();
        sweep(Duration.ofHours(25));
        assertThat(QueueUnderTest.BLOBS.open(new BlobId(object))).isEmpty();
        assertThat(QueueUnderTest.count("arriving_object")).isZero();
    }

    @Test
    void aBodyThatWaitsIsNotSwept() throws Exception {
        queue.enQueue(mail("waits", large(100_000)));
        Mail copy = next(queue).getMail();
        node.errors().store(copy);
        assertThat(QueueUnderTest.count("body")).as("shared").isEqualTo(1);
        queue.clear();
        sweep(Duration.ofDays(31));
        assertThat(bytes(Objects.requireNonNull(node.errors().retrieve(MailKey.forMail(copy)))))
                .isEqualTo(large(100_000));

        node.errors().removeAll();
        sweep(Duration.ofDays(31));
        assertThat(QueueUnderTest.count("body")).isZero();
    }

    private static UUID object() {
        return QueueUnderTest.CONNECTIONS
                .<Optional<UUID>, RuntimeException>autoCommit(
                        c -> Sql.first(c, row -> row.getObject(1, UUID.class), "select object from body"))
                .orElseThrow();
    }

    private static void sweep(Duration later) {
        UpdatableTickingClock clock =
                new UpdatableTickingClock(Clock.systemUTC().instant().plus(later));
        new ReleasedBodies(QueueUnderTest.CONNECTIONS, QueueUnderTest.BLOBS, StoreSettings.byDefault(), clock).sweep();
    }

    // Leases

    @Test
    void aNodeThatStartsAgainTakesUpItsWorkAtOnce() throws Exception {
        UUID id = UUID.randomUUID();
        QueueUnderTest before = node(id, 8);
        queue(before).enQueue(mail("orphan", MESSAGE));
        next(queue(before));
        before.kill();

        assertThat(nextName(queue(node(id, 8)))).isEqualTo("orphan");
    }

    @Test
    void aNodeThatStopsInOrderGivesBackItsWorkAndNothingCounts() throws Exception {
        queue.enQueue(mail("unfinished", MESSAGE));
        next(queue);
        node.close();

        assertThat(QueueUnderTest.count("queue_mail where lease_node is null and interrupted = 0"))
                .isEqualTo(1);
    }

    @Test
    void anotherNodeTakesUpWhatADeadOneHeldOnceTheLeaseIsOver() throws Exception {
        queue.enQueue(mail("orphan", MESSAGE));
        next(queue);
        node.kill();

        assertThat(nextName(queue(node(UUID.randomUUID(), 8)))).isEqualTo("orphan");
    }

    @Test
    void aMailIsNobodyElsesWhileItsNodeLives() throws Exception {
        queue.enQueue(mail("mine", MESSAGE));
        next(queue);

        MailQueueItem taken = Flux.from(queue(node(UUID.randomUUID(), 8)).deQueue())
                .take(LEASE.multipliedBy(3))
                .blockFirst(WAIT);

        assertThat(taken).isNull();
    }

    @Test
    void whoLostTheLeaseChangesNothing() throws Exception {
        queue.enQueue(mail("taken over", MESSAGE));
        MailQueueItem late = next(queue);
        QueueUnderTest.update(
                "update queue_mail set lease_life = gen_random_uuid(), lease = gen_random_uuid(), lease_until = now() - interval '1h'");
        MailQueueItem taken = next(queue(node(UUID.randomUUID(), 8)));

        late.done(CompletionStatus.SUCCESS);
        assertThat(QueueUnderTest.count("queue_mail")).as("it is the other's").isEqualTo(1);
        taken.done(CompletionStatus.SUCCESS);
        assertThat(QueueUnderTest.count("queue_mail")).isZero();
    }

    @Test
    void whatWasDoneWhilePostgresqlWasAwayIsWrittenLaterAndNotDoneTwice() throws Exception {
        queue.enQueue(mail("once", MESSAGE));
        MailQueueItem item = next(queue);
        node.mortal().die();
        item.done(CompletionStatus.SUCCESS);
        QueueUnderTest.update("update queue_mail set lease_until = now() - interval '1 hour'");
        assertThat(QueueUnderTest.count("queue_mail")).isEqualTo(1);

        List<String> again = new CopyOnWriteArrayList<>();
        Disposable worker = Flux.from(queue.deQueue())
                .subscribe(each -> again.add(each.getMail().getName()));
        node.mortal().live();
        TestStore.await(() -> QueueUnderTest.count("queue_mail") == 0);
        worker.dispose();
        assertThat(again).isEmpty();
    }

    @Test
    void manyMailsOverTwoNodesAreEachWorkedOnOnce() throws Exception {
        QueueUnderTest other = node(UUID.randomUUID(), 8);
        int count = 300;
        for (int i = 0; i < count; i++) {
            queue.enQueue(mail("mail-" + i, MESSAGE));
        }
        Set<String> seen = ConcurrentHashMap.newKeySet();
        List<String> twice = new CopyOnWriteArrayList<>();

        Flux.merge(queue.deQueue(), queue(other).deQueue())
                .flatMap(
                        item -> Flux.just(item)
                                .publishOn(Schedulers.boundedElastic())
                                .doOnNext(it -> {
                                    if (!seen.add(it.getMail().getName())) {
                                        twice.add(it.getMail().getName());
                                    }
                                    done(it);
                                }),
                        8)
                .take(count)
                .blockLast(Duration.ofMinutes(1));

        assertThat(twice).isEmpty();
        assertThat(new HashSet<>(seen)).hasSize(count);
        assertThat(queue.getSize()).isZero();
    }

    /** Asks for mails one by one, as a test wants. */
    private static final class Worker extends BaseSubscriber<MailQueueItem> {
        final List<MailQueueItem> items = new CopyOnWriteArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // nothing is asked for yet
        }

        @Override
        protected void hookOnNext(MailQueueItem item) {
            items.add(item);
        }

        static Worker of(ManageableMailQueue queue) {
            Worker worker = new Worker();
            queue.deQueue().subscribe(worker);
            return worker;
        }

        List<MailQueueItem> take(int count) {
            int before = items.size();
            request(count);
            TestStore.await(() -> items.size() >= before + count);
            return items.subList(before, before + count);
        }
    }

    @Test
    void mailsAreClaimedInBatchesAndTheRestIsGivenBack() throws Exception {
        for (int i = 0; i < 100; i++) {
            queue.enQueue(mail("mail-" + i, MESSAGE));
        }
        Worker worker = Worker.of(queue);
        for (int i = 0; i < 40; i++) {
            done(worker.take(1).getFirst());
        }
        assertThat(QueueUnderTest.count("queue_mail where lease_node is not null"))
                .as("leased ahead")
                .isBetween(10L, 40L);
        assertThat(worker.items).extracting(item -> item.getMail().getName()).startsWith("mail-0", "mail-1", "mail-2");

        worker.cancel();
        TestStore.await(() -> QueueUnderTest.count("queue_mail where lease_node is not null") == 0);
        assertThat(QueueUnderTest.count("queue_mail where interrupted > 0 or begun is not null or attempts > 0"))
                .isZero();
        assertThat(nextName(queue)).isEqualTo("mail-40");
    }

    @Test
    void aClaimThatIsBrokenOffKeepsItsConnection() throws Exception {
        List<Integer> before = backends();
        for (int i = 0; i < 50; i++) {
            Disposable worker = Flux.from(queue.deQueue())
                    .subscribeOn(Schedulers.boundedElastic())
                    .subscribe();
            Thread.sleep(i % 5);
            worker.dispose();
        }
        node.close();
        assertThat(backends()).containsAll(before);
    }

    private static List<Integer> backends() {
        return QueueUnderTest.CONNECTIONS.<List<Integer>, RuntimeException>autoCommit(c -> Sql.query(
                c,
                row -> row.getInt(1),
                "select pid from pg_stat_activity where datname = current_database() and state is not null"
                        + " and application_name = current_setting('application_name') order by pid"));
    }

    // Failures

    @Test
    void aRetryWritesNoBodyAndStartsFromWhatWasEnqueued() throws Exception {
        MailImpl enqueued = mail("again", large(100_000));
        enqueued.setState("root");
        queue.enQueue(enqueued);
        MailQueueItem item = next(queue);
        Mail mail = item.getMail();
        mail.setState("local-delivery");
        mail.getMessage().addHeader("X-Half-Done", "oui");
        mail.setAttribute(new Attribute(FAILURES, AttributeValue.of(1)));
        queue.enQueue(mail); // as James's spooler does
        item.done(CompletionStatus.SUCCESS);

        assertThat(QueueUnderTest.count("queue_mail where attempts = 1")).isEqualTo(1);
        assertThat(QueueUnderTest.count("queue_mail")).isEqualTo(1);
        assertThat(QueueUnderTest.count("arriving_object"))
                .as("one object was written")
                .isEqualTo(1);
        MailQueueItem second = next(queue);
        assertThat(second.getMail().getState()).isEqualTo("root");
        assertThat(bytes(second.getMail())).isEqualTo(large(100_000));
        assertThat(second.getMail().getAttribute(FAILURES).orElseThrow().getValue())
                .isEqualTo(AttributeValue.of(1));
        second.done(CompletionStatus.SUCCESS);
        assertThat(queue.getSize()).isZero();
    }

    @Test
    void aMailThatFailsAlwaysIsPutAside() throws Exception {
        QueueUnderTest impatient = node(UUID.randomUUID(), 2);
        queue.enQueue(mail("hopeless", MESSAGE));
        next(queue(impatient)).done(CompletionStatus.RETRY);
        next(queue(impatient)).done(CompletionStatus.REJECT);

        assertThat(queue.getSize()).isZero();
        Mail aside = Objects.requireNonNull(node.errors().retrieve(new MailKey("hopeless")));
        assertThat(bytes(aside)).isEqualTo(MESSAGE);
        assertThat(aside.getErrorMessage()).contains("failed 2 times");
    }

    @Test
    void aRowThatCannotBeReadIsPutAsideAndBlocksNobody() throws Exception {
        queue.enQueue(mail("damaged", MESSAGE));
        queue.enQueue(mail("good", MESSAGE));
        QueueUnderTest.update("update queue_mail set recipients = '{\"no address at all\"}' where name = 'damaged'");

        assertThat(nextName(queue)).isEqualTo("good");
        assertThat(QueueUnderTest.count("repository_mail where error_message like '%cannot be read%'"))
                .isEqualTo(1);
        assertThatThrownBy(() -> node.errors().retrieve(new MailKey("damaged"))).hasMessageContaining("cannot be read");
    }

    @Test
    void whatIsPutAsideNeverReplacesAnotherMail() throws Exception {
        QueueUnderTest impatient = node(UUID.randomUUID(), 1);
        for (int i = 0; i < 2; i++) {
            queue.enQueue(mail("same name", MESSAGE));
            next(queue(impatient)).done(CompletionStatus.RETRY);
        }
        assertThat(node.errors().size()).isEqualTo(2);
    }

    // Ends of the program

    @Test
    void onlyWhatWasReallyWorkedOnCountsAsInterrupted() throws Exception {
        for (int i = 0; i < 20; i++) {
            queue.enQueue(mail("mail-" + i, MESSAGE));
        }
        Worker worker = Worker.of(queue);
        worker.take(6).forEach(PostgresMailQueueTest::done);
        worker.take(2);
        TestStore.await(() -> QueueUnderTest.count("queue_mail where lease_node is not null") > 4);
        node.kill();

        QueueUnderTest.update(
                "update queue_mail set lease_until = now() - interval '1 hour' where lease_until is not null");
        Flux.from(queue(node(UUID.randomUUID(), 8)).deQueue()).take(13).blockLast(WAIT);
        assertThat(QueueUnderTest.count("queue_mail")).isEqualTo(14);
        assertThat(QueueUnderTest.count("queue_mail where interrupted = 1 and name in ('mail-6', 'mail-7')"))
                .isEqualTo(2);
        assertThat(QueueUnderTest.count("queue_mail where interrupted > 0")).isEqualTo(2);
    }

    @Test
    void aMailThatKillsTheProgramThreeTimesIsPutAsideAndTheOthersAreDelivered() throws Exception {
        UUID id = UUID.randomUUID();
        QueueUnderTest life = node(id, 8);
        for (int i = 0; i < 40; i++) {
            if (i == 5) {
                queue.enQueue(mail("poison", MESSAGE));
            }
            queue.enQueue(mail("mail-" + i, MESSAGE));
        }
        int deaths = 0;
        while (dies(life)) {
            deaths++;
            life = node(id, 8);
        }

        assertThat(deaths).isEqualTo(3);
        assertThat(queue.getSize()).isZero();
        assertThat(node.errors().list()).toIterable().containsExactly(new MailKey("poison"));
        assertThat(Objects.requireNonNull(node.errors().retrieve(new MailKey("poison")))
                        .getErrorMessage())
                .contains("ended 3 times");
    }

    /** Works with 8 threads until nothing is left, or the poison kills the program. */
    private static boolean dies(QueueUnderTest life) {
        Disposable worker = Flux.from(queue(life).deQueue())
                .flatMap(
                        item -> Flux.just(item)
                                .publishOn(Schedulers.boundedElastic())
                                .doOnNext(it -> {
                                    pause();
                                    if (it.getMail().getName().equals("poison")) {
                                        life.mortal().die();
                                    } else {
                                        done(it);
                                    }
                                }),
                        8)
                .subscribe();
        TestStore.await(() -> life.mortal().isDead() || QueueUnderTest.count("queue_mail") == 0);
        boolean dead = life.mortal().isDead();
        worker.dispose();
        if (dead) {
            life.kill();
        } else {
            life.close();
        }
        return dead;
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // What processing brings forth

    @Test
    void whatProcessingBringsForthIsWrittenWithItsEnd() throws Exception {
        queue.enQueue(mail("first", large(100_000)));
        MailQueueItem item = next(queue);
        node.queues().process(item.getMail(), () -> {
            queue.enQueue(MailImpl.duplicate(item.getMail()));
            return node.errors().store(item.getMail());
        });
        assertThat(QueueUnderTest.count("queue_mail where name = 'first'")).isEqualTo(1);
        assertThat(QueueUnderTest.count("queue_mail")).isEqualTo(1);
        assertThat(node.errors().size()).isZero();

        item.done(CompletionStatus.SUCCESS);
        assertThat(QueueUnderTest.count("queue_mail where name like 'first-%'")).isEqualTo(1);
        assertThat(QueueUnderTest.count("queue_mail")).isEqualTo(1);
        assertThat(node.errors().size()).isEqualTo(1);
        assertThat(QueueUnderTest.count("body")).as("shared by all").isEqualTo(1);
        assertThat(bytes(next(queue).getMail())).isEqualTo(large(100_000));
    }

    @Test
    void aMailThatBringsForthItselfForEverIsEnded() throws Exception {
        queue.enQueue(mail("hop", MESSAGE));
        for (int hop = 0; hop < 4; hop++) {
            MailQueueItem item = next(queue);
            node.queues().process(item.getMail(), () -> enqueued(mail("hop", MESSAGE)));
            item.done(CompletionStatus.SUCCESS);
        }
        MailQueueItem last = next(queue);
        assertThatThrownBy(() -> node.queues().process(last.getMail(), () -> enqueued(mail("hop", MESSAGE))))
                .hasMessageContaining("loops");
        last.done(CompletionStatus.RETRY);
        assertThat(queue.getSize()).isEqualTo(1);
    }

    private Mail enqueued(Mail another) throws MailQueueException {
        queue.enQueue(another);
        return another;
    }

    @Test
    void whatAFailedProcessingBroughtForthIsForgotten() throws Exception {
        queue.enQueue(mail("first", MESSAGE));
        MailQueueItem item = next(queue);
        assertThatThrownBy(() -> node.queues().process(item.getMail(), () -> {
                    queue.enQueue(MailImpl.duplicate(item.getMail()));
                    throw new IOException("half-way");
                }))
                .isInstanceOf(IOException.class);
        item.done(CompletionStatus.RETRY);
        assertThat(QueueUnderTest.count("queue_mail")).isEqualTo(1);
        done(next(queue));
        assertThat(QueueUnderTest.count("queue_mail")).isZero();
        assertThat(QueueUnderTest.count("body")).isZero();
    }
}
