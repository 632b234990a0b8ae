package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tg.gouv.messagerie.mail.queue.OperatedQueue;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.mail.queue.QueueActed;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.queue.QueuedMessage;
import tg.gouv.messagerie.mail.queue.QueuedMessage.State;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.MemoryTrail;

/** What operators see of the queue and do with it. */
class OperatedQueueTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String WHY = "demande du directeur";

    private final MemoryTrail trail = new MemoryTrail();
    private final List<QueueUnderTest> nodes = new ArrayList<>();
    private QueueUnderTest node;
    private ManageableMailQueue queue;
    private OperatedQueue operated;

    @BeforeEach
    void open() {
        QueueUnderTest.empty();
        node = QueueUnderTest.node(
                UUID.randomUUID(),
                Clock.systemUTC(),
                QueueUnderTest.settings(Duration.ofMinutes(1), Duration.ofMillis(20), 2));
        nodes.add(node);
        queue = node.queues().createQueue(MailQueueName.of("spool"));
        operated = operated(trail);
    }

    @AfterEach
    void close() {
        nodes.forEach(QueueUnderTest::close);
    }

    private OperatedQueue operated(AuditTrail written) {
        return new OperatedQueue(
                List.of(new OperatedSpool(node.queues(), written), new OperatedErrors(node.queues(), written)),
                written,
                Clock.systemUTC());
    }

    private void enqueue(String sender, String... recipients) throws Exception {
        MailImpl.Builder builder = MailImpl.builder().name(sender).sender(sender);
        for (String recipient : recipients) {
            builder.addRecipient(recipient);
        }
        MailImpl mail = builder.build();
        byte[] message = "Subject: secret\r\n\r\nsecret\r\n".getBytes(StandardCharsets.US_ASCII);
        mail.setMessageNoCopy(
                new MimeMessageWrapper(MimeMessageInputStreamSource.create(sender, new ByteArrayInputStream(message))));
        queue.enQueue(mail);
    }

    private List<QueuedMessage> list(QueueFilter which) {
        return operated.list(which, Optional.empty(), 100);
    }

    private MailQueueItem next() {
        return Objects.requireNonNull(Flux.from(queue.deQueue()).blockFirst(WAIT));
    }

    private static QueueFilter from(String sender) {
        return filter(Optional.of(sender), Optional.empty(), Optional.empty(), Set.of());
    }

    private static QueueFilter filter(
            Optional<String> sender, Optional<String> recipient, Optional<String> domain, Set<State> states) {
        return new QueueFilter(List.of(), sender, recipient, domain, Optional.empty(), states);
    }

    private static QueueFilter in(State state) {
        return filter(Optional.empty(), Optional.empty(), Optional.empty(), Set.of(state));
    }

    @Test
    void showsEnvelopesInTheOrderOfTheirAcceptancePageByPage() throws Exception {
        for (int i = 0; i < 5; i++) {
            enqueue("ama" + i + "@gouv.tg", "kofi@gouv.tg", "yawa@sante.tg", "edem@gouv.tg", "abla@gouv.tg");
        }

        List<QueuedMessage> first = operated.list(QueueFilter.all(), Optional.empty(), 2);
        List<QueuedMessage> rest =
                operated.list(QueueFilter.all(), Optional.of(first.getLast().id()), 100);

        assertThat(first).extracting(QueuedMessage::sender).containsExactly("ama0@gouv.tg", "ama1@gouv.tg");
        assertThat(rest)
                .extracting(QueuedMessage::sender)
                .containsExactly("ama2@gouv.tg", "ama3@gouv.tg", "ama4@gouv.tg");
        assertThat(first.getFirst()).satisfies(message -> {
            assertThat(message.state()).isEqualTo(State.WAITING);
            assertThat(message.recipients()).hasSize(3);
            assertThat(message.recipientCount()).isEqualTo(4);
            assertThat(message.sizeBytes()).isEqualTo(27);
            assertThat(message.headerBytes()).isEqualTo(19);
            assertThat(message.toString()).doesNotContain("secret");
        });
        assertThat(operated.show(first.getFirst().id()))
                .singleElement()
                .satisfies(message -> assertThat(message.recipients()).hasSize(4));
        assertThat(trail.events())
                .extracting(event -> event.act() + " " + event.subject().text())
                .containsExactly(
                        "look-queue question:all",
                        "look-queue question:id=" + first.getFirst().id());
    }

    @Test
    void filtersBySenderRecipientDomainAgeAndState() throws Exception {
        enqueue("Ama@gouv.tg", "Kofi@gouv.tg");
        enqueue("yawa@gouv.tg", "edem@Sante.tg");

        assertThat(list(from("ama@GOUV.tg"))).hasSize(1);
        assertThat(list(from("<>"))).isEmpty();
        assertThat(list(filter(Optional.empty(), Optional.of("kofi@gouv.tg"), Optional.empty(), Set.of())))
                .hasSize(1);
        assertThat(list(filter(Optional.empty(), Optional.empty(), Optional.of("sante.tg"), Set.of())))
                .extracting(QueuedMessage::sender)
                .containsExactly("yawa@gouv.tg");
        assertThat(list(in(State.WAITING))).hasSize(2);
        assertThat(list(in(State.HELD))).isEmpty();
        QueueFilter old = new QueueFilter(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofHours(1)),
                Set.of());
        assertThat(list(old)).isEmpty();
        QueueUnderTest.update(
                "update queue_mail set enqueued = enqueued - interval '2 hours' where sender like 'yawa%'");
        assertThat(list(old)).hasSize(1);
    }

    @Test
    void whatIsHeldIsNeverLeasedUntilItIsReleased() throws Exception {
        enqueue("ama@gouv.tg", "kofi@gouv.tg");
        enqueue("yawa@gouv.tg", "kofi@gouv.tg");

        assertThat(operated.act(QueueAct.HOLD, from("ama@gouv.tg"), WHY)).isEqualTo(new QueueActed(1, 0));
        assertThat(operated.act(QueueAct.HOLD, from("ama@gouv.tg"), WHY)).isEqualTo(new QueueActed(0, 1));
        MailQueueItem other = next();
        assertThat(other.getMail().getName()).isEqualTo("yawa@gouv.tg");
        other.done(CompletionStatus.SUCCESS);
        assertThat(Flux.from(queue.deQueue())
                        .take(Duration.ofMillis(200))
                        .collectList()
                        .block(WAIT))
                .isEmpty();
        assertThat(list(in(State.HELD))).extracting(QueuedMessage::sender).containsExactly("ama@gouv.tg");

        assertThat(operated.act(QueueAct.RELEASE, from("ama@gouv.tg"), WHY)).isEqualTo(new QueueActed(1, 0));
        assertThat(next().getMail().getName()).isEqualTo("ama@gouv.tg");
    }

    @Test
    void whatWasOnlyClaimedIsHeldBeforeWorkBegins() throws Exception {
        enqueue("ama@gouv.tg", "kofi@gouv.tg");
        UUID id = list(QueueFilter.all()).getFirst().id();
        QueueUnderTest.update(
                "update queue_mail set lease = gen_random_uuid(), lease_until = now() + interval '1 hour'");

        operated.act(QueueAct.HOLD, QueueFilter.of(id), WHY);

        assertThat(QueueUnderTest.count("queue_mail where lease is null and lease_until is null"))
                .isEqualTo(1);
        operated.act(QueueAct.RELEASE, QueueFilter.of(id), WHY);
        assertThat(next().getMail().getName()).isEqualTo("ama@gouv.tg");
    }

    @Test
    void whatIsWorkedOnIsHeldIfItFails() throws Exception {
        enqueue("ama@gouv.tg", "kofi@gouv.tg");
        MailQueueItem item = next();
        assertThat(list(in(State.WORKED_ON))).hasSize(1);

        assertThat(operated.act(QueueAct.HOLD, QueueFilter.all(), WHY)).isEqualTo(new QueueActed(1, 0));
        assertThat(operated.act(QueueAct.BOUNCE, QueueFilter.all(), WHY)).isEqualTo(new QueueActed(0, 1));
        item.done(CompletionStatus.RETRY);

        assertThat(list(in(State.HELD)))
                .singleElement()
                .satisfies(message -> assertThat(message.attempts()).isEqualTo(1));
    }

    @Test
    void aRetryIsDueNow() throws Exception {
        enqueue("ama@gouv.tg", "kofi@gouv.tg");
        QueueUnderTest.update("update queue_mail set due = now() + interval '1 hour'");
        assertThat(list(in(State.DELAYED))).hasSize(1);

        assertThat(operated.act(QueueAct.RETRY, QueueFilter.all(), WHY)).isEqualTo(new QueueActed(1, 0));

        assertThat(next().getMail().getName()).isEqualTo("ama@gouv.tg");
    }

    @Test
    void deletingLeavesNothingButTheTrail() throws Exception {
        enqueue("ama@gouv.tg", "kofi@gouv.tg");
        enqueue("ama@gouv.tg", "yawa@gouv.tg");
        enqueue("edem@gouv.tg", "yawa@gouv.tg");
        List<UUID> ids =
                list(from("ama@gouv.tg")).stream().map(QueuedMessage::id).toList();
        trail.events().clear();

        Circumstances.ofSystemUser("kossi", Clock.systemUTC())
                .run(() -> assertThat(operated.act(QueueAct.DELETE, from("ama@gouv.tg"), WHY))
                        .isEqualTo(new QueueActed(2, 0)));

        assertThat(list(QueueFilter.all())).extracting(QueuedMessage::sender).containsExactly("edem@gouv.tg");
        assertThat(QueueUnderTest.count("body")).isEqualTo(1);
        List<AuditEvent> deleted = trail.events().stream()
                .filter(AuditEvent.QueueChange.class::isInstance)
                .toList();
        assertThat(deleted)
                .extracting(event ->
                        event.act() + " " + event.circumstances().actor().text() + " "
                                + event.subject().text() + " "
                                + event.counterpart().orElseThrow().text())
                .containsExactly(
                        "queue-delete system-user:kossi message:" + ids.get(0) + " reason:" + WHY,
                        "queue-delete system-user:kossi message:" + ids.get(1) + " reason:" + WHY);
    }

    @Test
    void anActWhoseRowOfTheTrailCannotBeWrittenDoesNotHappen() throws Exception {
        enqueue("ama@gouv.tg", "kofi@gouv.tg");
        OperatedQueue unaudited = operated(new AuditTrail() {
            @Override
            public void record(Connection connection, List<? extends AuditEvent> events) {
                throw new IllegalStateException("no trail");
            }

            @Override
            public void record(AuditEvent event) {
                throw new IllegalStateException("no trail");
            }

            @Override
            public void count(AuditEvent.Frequent event) {
                throw new IllegalStateException("no trail");
            }
        });

        for (QueueAct act : QueueAct.values()) {
            assertThatThrownBy(() -> unaudited.act(act, QueueFilter.all(), WHY)).hasMessage("no trail");
        }
        assertThatThrownBy(() -> unaudited.list(QueueFilter.all(), Optional.empty(), 1))
                .hasMessage("no trail");
        assertThat(list(in(State.WAITING))).hasSize(1);
    }

    @Test
    void aReasonIsOneLine() {
        for (String reason : List.of("", " ", "a\nb", "x".repeat(OperatedQueue.REASON_MAX + 1))) {
            assertThatThrownBy(() -> operated.act(QueueAct.HOLD, QueueFilter.all(), reason))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatWasGivenUpIsTriedAnewOrDeleted() throws Exception {
        for (String sender : List.of("ama@gouv.tg", "yawa@gouv.tg")) {
            enqueue(sender, "kofi@gouv.tg");
            for (int failures = 0; failures < 2; failures++) {
                next().done(CompletionStatus.RETRY);
            }
        }
        List<QueuedMessage> aside = list(in(State.ASIDE));
        assertThat(aside).hasSize(2).allSatisfy(message -> {
            assertThat(message.queue()).isEqualTo("errors");
            assertThat(message.lastError().orElseThrow()).contains("failed 2 times");
        });

        assertThat(operated.act(QueueAct.HOLD, in(State.ASIDE), WHY)).isEqualTo(new QueueActed(0, 2));
        assertThat(operated.act(QueueAct.RETRY, QueueFilter.of(aside.getFirst().id()), WHY))
                .isEqualTo(new QueueActed(1, 0));
        MailQueueItem again = next();
        assertThat(again.getMail().getMessageSize()).isEqualTo(27);
        again.done(CompletionStatus.SUCCESS);
        assertThat(operated.act(QueueAct.DELETE, in(State.ASIDE), WHY)).isEqualTo(new QueueActed(1, 0));

        assertThat(list(QueueFilter.all())).isEmpty();
        assertThat(QueueUnderTest.count("body b where not exists (select from released r where r.body_id = b.id)"))
                .as("the sweep removes it")
                .isZero();
    }

    @Test
    void aBounceGoesToWhoDoesNotHaveTheMailYet() throws Exception {
        enqueue("ama@gouv.tg", "kofi@gouv.tg", "yawa@gouv.tg");
        QueueUnderTest.update("insert into delivered select id, 'kofi@gouv.tg' from queue_mail");
        assertThat(list(QueueFilter.all()).getFirst().recipients()).containsExactly("yawa@gouv.tg");

        operated.act(QueueAct.BOUNCE, QueueFilter.all(), WHY);

        MailQueueItem returned = next();
        assertThat(returned.getMail().getState()).isEqualTo(OperatedSpool.RETURNED);
        assertThat(returned.getMail().getRecipients()).hasToString("[yawa@gouv.tg]");
    }
}
