package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What our queue promises beyond James's contract: nothing is lost or doubled when nodes die. */
class PostgresMailQueueTest {
    private static final MailQueueName SPOOL = MailQueueName.of("spool");
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final byte[] MESSAGE =
            "Subject: =?utf-8?q?caf=C3=A9?=\r\n\r\nBonjour\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<QueueUnderTest> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.forEach(QueueUnderTest::close);
    }

    private QueueUnderTest empty() {
        QueueUnderTest queues = QueueUnderTest.empty(Clock.systemUTC(), POLL);
        queues.close();
        return node(UUID.randomUUID(), 8);
    }

    private QueueUnderTest node(UUID id, int attemptsMax) {
        QueueUnderTest node = QueueUnderTest.node(id, Clock.systemUTC(), POLL, LEASE, attemptsMax);
        nodes.add(node);
        return node;
    }

    private static ManageableMailQueue queue(QueueUnderTest node) {
        return node.queues().createQueue(SPOOL);
    }

    private static Mail mail(String name, byte[] message) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name(name)
                .sender("ama@gouv.tg")
                .addRecipient("kofi@gouv.tg")
                .build();
        try (InputStream in = new ByteArrayInputStream(message)) {
            mail.setMessage(new MimeMessageWrapper(MimeMessageInputStreamSource.create(name, in)));
        }
        return mail;
    }

    private static MailQueueItem next(ManageableMailQueue queue) {
        return Objects.requireNonNull(Flux.from(queue.deQueue()).blockFirst(WAIT));
    }

    private static byte[] bytes(Mail mail) throws Exception {
        try (InputStream in = ((MimeMessageWrapper) mail.getMessage()).getMessageInputStream()) {
            return in.readAllBytes();
        }
    }

    @Test
    void theBytesComeBackAsTheyWere() throws Exception {
        ManageableMailQueue queue = queue(empty());
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        byte[] message = new byte[MESSAGE.length + large.length];
        System.arraycopy(MESSAGE, 0, message, 0, MESSAGE.length);
        System.arraycopy(large, 0, message, MESSAGE.length, large.length);

        queue.enQueue(mail("small", MESSAGE));
        assertThat(bytes(next(queue).getMail())).isEqualTo(MESSAGE);
        queue.enQueue(mail("large", message));
        assertThat(bytes(next(queue).getMail())).isEqualTo(message);
    }

    @Test
    void whatIsDoneLeavesNothingBehind() throws Exception {
        QueueUnderTest node = empty();
        queue(node).enQueue(mail("done", MESSAGE));

        next(queue(node)).done(CompletionStatus.SUCCESS);

        assertThat(node.count("select count(*) from queue_mail")).isZero();
        assertThat(node.count("select count(*) from body")).isZero();
    }

    @Test
    void aNodeThatStartsAgainTakesUpItsWorkAtOnce() throws Exception {
        empty().close();
        UUID id = UUID.randomUUID();
        QueueUnderTest before = node(id, 8);
        queue(before).enQueue(mail("orphan", MESSAGE));
        next(queue(before));
        before.close();

        assertThat(next(queue(node(id, 8))).getMail().getName()).isEqualTo("orphan");
    }

    @Test
    void anotherNodeTakesUpWhatADeadOneHeldOnceTheLeaseIsOver() throws Exception {
        QueueUnderTest dead = empty();
        queue(dead).enQueue(mail("orphan", MESSAGE));
        next(queue(dead));
        dead.close(); // renews no more

        assertThat(next(queue(node(UUID.randomUUID(), 8))).getMail().getName()).isEqualTo("orphan");
    }

    @Test
    void aMailIsNobodyElsesWhileItsNodeLives() throws Exception {
        QueueUnderTest alive = empty();
        queue(alive).enQueue(mail("mine", MESSAGE));
        next(queue(alive));

        MailQueueItem taken = Flux.from(queue(node(UUID.randomUUID(), 8)).deQueue())
                .take(LEASE.multipliedBy(3))
                .blockFirst(WAIT);

        assertThat(taken).isNull();
    }

    @Test
    void aMailThatKillsEveryLifeIsHeldAfterItsAttempts() throws Exception {
        empty().close();
        UUID id = UUID.randomUUID();
        QueueUnderTest first = node(id, 2);
        queue(first).enQueue(mail("poison", MESSAGE));
        queue(first).enQueue(mail("good", MESSAGE));
        for (int life = 0; life < 2; life++) {
            QueueUnderTest node = node(id, 2);
            assertThat(next(queue(node)).getMail().getName()).isEqualTo("poison");
            node.close();
        }
        first.close();

        QueueUnderTest last = node(id, 2);
        assertThat(next(queue(last)).getMail().getName()).isEqualTo("good");
        assertThat(last.count("select count(*) from queue_mail where name = 'poison' and held is not null"))
                .isEqualTo(1);
        assertThat(queue(last).getSize()).isEqualTo(2);
    }

    @Test
    void aRowThatCannotBeReadIsHeldAndBlocksNobody() throws Exception {
        QueueUnderTest node = empty();
        queue(node).enQueue(mail("damaged", MESSAGE));
        queue(node).enQueue(mail("good", MESSAGE));
        node.update("update queue_mail set recipients = '{\"no address at all\"}' where name = 'damaged'");

        assertThat(next(queue(node)).getMail().getName()).isEqualTo("good");
        assertThat(node.count("select count(*) from queue_mail where held like 'cannot be read%'"))
                .isEqualTo(1);
    }

    @Test
    void manyMailsOverTwoNodesAreEachWorkedOnOnce() throws Exception {
        QueueUnderTest one = empty();
        QueueUnderTest two = node(UUID.randomUUID(), 8);
        int count = 300;
        for (int i = 0; i < count; i++) {
            queue(one).enQueue(mail("mail-" + i, MESSAGE));
        }
        Set<String> seen = ConcurrentHashMap.newKeySet();
        List<String> twice = new ArrayList<>();

        Flux.merge(queue(one).deQueue(), queue(two).deQueue())
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
        assertThat(queue(one).getSize()).isZero();
    }

    private static void done(MailQueueItem item) {
        try {
            item.done(CompletionStatus.SUCCESS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
