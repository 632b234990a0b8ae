package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.mail.queue.QueueActed;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.queue.QueuedMessage;
import tg.gouv.messagerie.mail.queue.QueuedMessage.State;
import tg.gouv.messagerie.mail.trace.MessageTrace;
import tg.gouv.messagerie.mail.trace.TraceQuestion;
import tg.gouv.messagerie.mail.transfer.outgoing.Destination;
import tg.gouv.messagerie.mail.transfer.outgoing.Diagnosis;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingFigures;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingMail;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingStore.Ready;
import tg.gouv.messagerie.mail.transfer.outgoing.Settlement;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Sql;

/** Mail to other servers is kept with what caused it, claimed by one at a time, and goes with its last recipient. */
class PostgresOutgoingTest {
    private static final String MESSAGE = "Subject: vers dehors\r\n\r\nBonjour.\r\n";
    private static final Destination DEHORS = new Destination("dehors.test");
    private static final String TAKEN = "mx.dehors.test: 250 2.0.0 queued as 42";
    private static final Diagnosis LATER =
            new Diagnosis("4.2.0", "450 4.2.0 later", Optional.of("mx.dehors.test"), true);
    private static final Diagnosis NEVER =
            new Diagnosis("5.1.1", "550 5.1.1 unknown", Optional.of("mx.dehors.test"), true);

    private final UUID id = UUID.randomUUID();
    private final OutgoingUnderTest node = OutgoingUnderTest.empty(id);
    private final PostgresOutgoing outgoing = node.outgoing();

    @AfterEach
    void close() {
        node.close();
    }

    private List<OutgoingMail> claim(Destination destination, UUID lease) {
        return outgoing.claim(destination, 100, lease, soon(), soon().plus(Duration.ofMinutes(1)));
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(1);
    }

    private static Settlement delivered(OutgoingMail mail, UUID lease) {
        return new Settlement(
                mail.id(),
                lease,
                List.of(new Settlement.Taken(mail.recipients().getFirst().address(), TAKEN)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static List<Destination> destinations(List<Ready> ready) {
        return ready.stream().map(Ready::destination).toList();
    }

    @Test
    void aMessageIsKeptOnceForAllItsRecipientsAndNamesTheQueuedBody() throws Exception {
        String message = "Subject: grand\r\n\r\n" + "x".repeat(100_000) + "\r\n";
        node.send("ama@gouv.tg", List.of("kofi@dehors.test", "Afi@Dehors.test", "esi@ailleurs.test"), message);

        assertThat(OutgoingUnderTest.count("outgoing_mail")).isEqualTo(1);
        assertThat(OutgoingUnderTest.count("outgoing_recipient")).isEqualTo(3);
        assertThat(OutgoingUnderTest.count("body")).as("the queued one").isEqualTo(1);
        assertThat(OutgoingUnderTest.count("queue_mail")).isZero();
        assertThat(OutgoingUnderTest.count("delivered")).isZero();
        assertThat(destinations(outgoing.ready(soon(), List.of(), 10)))
                .containsExactlyInAnyOrder(DEHORS, new Destination("ailleurs.test"));
        assertThat(destinations(outgoing.ready(soon(), List.of(DEHORS), 10)))
                .containsExactly(new Destination("ailleurs.test"));
        assertThat(destinations(outgoing.readyForRelay(soon()))).containsExactly(Destination.RELAY);

        List<OutgoingMail> mails = claim(DEHORS, UUID.randomUUID());
        assertThat(mails).hasSize(1);
        assertThat(mails.getFirst().recipients())
                .extracting(OutgoingMail.Recipient::address)
                .containsExactlyInAnyOrder("kofi@dehors.test", "Afi@dehors.test");
        try (var in = mails.getFirst().octets().open()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(message);
        }
        assertThat(mails.getFirst().octets().size()).isEqualTo(message.length());
        assertThat(claim(DEHORS, UUID.randomUUID())).isEmpty();
        assertThat(claim(Destination.RELAY, UUID.randomUUID()))
                .as("the relay takes every domain")
                .hasSize(1);
    }

    @Test
    void aRepetitionEnqueuesNothingAndALostLeaseEnqueuesNothing() throws Exception {
        node.spool()
                .enQueue(OutgoingUnderTest.mail(
                        "une",
                        "ama@gouv.tg",
                        List.of("kofi@dehors.test"),
                        MESSAGE.getBytes(StandardCharsets.US_ASCII)));
        MailQueueItem item = node.next();
        outgoing.enqueue(item.getMail(), OutgoingUnderTest::domain);
        outgoing.enqueue(item.getMail(), OutgoingUnderTest::domain);
        assertThat(OutgoingUnderTest.count("outgoing_recipient")).isEqualTo(1);
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isEqualTo(1);

        OutgoingUnderTest.update("delete from delivered");
        OutgoingUnderTest.update("update queue_mail set lease = gen_random_uuid()");
        outgoing.enqueue(item.getMail(), OutgoingUnderTest::domain);
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isEqualTo(1);
    }

    /** The program ends before or after each of its uses of PostgreSQL, from the enqueuing to the end of the queued mail. */
    @Test
    void whereverTheProgramEndsTheMessageIsEnqueuedOnce() throws Exception {
        for (boolean committed : List.of(false, true)) {
            for (int use = 1; use <= 3; use++) {
                QueueUnderTest.empty();
                UUID mortal = UUID.randomUUID();
                OutgoingUnderTest life = OutgoingUnderTest.another(mortal);
                life.spool()
                        .enQueue(OutgoingUnderTest.mail(
                                "une",
                                "ama@gouv.tg",
                                List.of("kofi@dehors.test", "esi@dehors.test"),
                                MESSAGE.getBytes(StandardCharsets.US_ASCII)));
                MailQueueItem item = life.next();
                life.mortal().holdQueue(true); // so that the uses are those of this thread
                life.mortal().dieAt(use, committed);
                try {
                    life.outgoing().enqueue(item.getMail(), OutgoingUnderTest::domain);
                    item.done(CompletionStatus.SUCCESS);
                } catch (Exception e) {
                    assertThat(e).hasStackTraceContaining("killed");
                }
                life.mortal().holdQueue(false);
                life.kill();
                try (OutgoingUnderTest next = OutgoingUnderTest.another(mortal)) {
                    if (OutgoingUnderTest.count("queue_mail") > 0) {
                        MailQueueItem again = next.next();
                        next.outgoing().enqueue(again.getMail(), OutgoingUnderTest::domain);
                        again.done(CompletionStatus.SUCCESS);
                    }
                }
                assertThat(OutgoingUnderTest.count("outgoing_mail"))
                        .as("use %s", use)
                        .isEqualTo(1);
                assertThat(OutgoingUnderTest.count("outgoing_recipient")).isEqualTo(2);
                assertThat(OutgoingUnderTest.count("queue_mail")).isZero();
            }
        }
    }

    @Test
    void oneClaimTakesARecipientUntilItIsGivenBack() throws Exception {
        for (int i = 0; i < 50; i++) {
            node.send("ama@gouv.tg", List.of("kofi" + i + "@dehors.test"), MESSAGE);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                OutgoingUnderTest other = OutgoingUnderTest.another(UUID.randomUUID())) {
            List<Callable<List<OutgoingMail>>> claims = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                PostgresOutgoing whose = i % 2 == 0 ? outgoing : other.outgoing();
                claims.add(
                        () -> whose.claim(DEHORS, 10, UUID.randomUUID(), soon(), soon().plus(Duration.ofMinutes(1))));
            }
            List<UUID> taken = new ArrayList<>();
            for (Future<List<OutgoingMail>> claim : threads.invokeAll(claims)) {
                claim.get().forEach(mail -> taken.add(mail.id()));
            }
            assertThat(taken).doesNotHaveDuplicates().hasSize(50);
        }
        assertThat(outgoing.ready(soon(), List.of(), 10)).isEmpty();
        outgoing.releaseAll();
        assertThat(outgoing.ready(soon(), List.of(), 10)).hasSize(1);
    }

    @Test
    void whatAFormerLifeHeldIsDueAtOnceAndItsWordCountsNoMore() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test"), MESSAGE);
        UUID lease = UUID.randomUUID();
        OutgoingMail mail = claim(DEHORS, lease).getFirst();
        try (OutgoingUnderTest next = OutgoingUnderTest.another(id)) {
            next.outgoing().releaseFormerLives();
            UUID theirs = UUID.randomUUID();
            assertThat(next.outgoing().claim(DEHORS, 10, theirs, soon(), soon()))
                    .hasSize(1);
            assertThat(outgoing.settle(delivered(mail, lease), soon())).isFalse();
            assertThat(OutgoingUnderTest.count("outgoing_mail")).isEqualTo(1);
            assertThat(next.outgoing().settle(delivered(mail, theirs), soon())).isTrue();
        }
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isZero();
    }

    @Test
    void theLastRecipientTakesTheMessageAndItsBodyAlong() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test", "esi@dehors.test"), MESSAGE);
        UUID lease = UUID.randomUUID();
        OutgoingMail mail = claim(DEHORS, lease).getFirst();
        assertThat(outgoing.settle(
                        new Settlement(
                                mail.id(),
                                lease,
                                List.of(new Settlement.Taken("kofi@dehors.test", TAKEN)),
                                List.of(new Settlement.Deferred("esi@dehors.test", soon(), LATER, true)),
                                List.of(),
                                List.of(),
                                List.of()),
                        Instant.now()))
                .isTrue();
        assertThat(OutgoingUnderTest.count("body")).isEqualTo(1);
        QueuedMessage left = node.door().show(mail.id()).getFirst();
        assertThat(left.recipients()).containsExactly("esi@dehors.test");
        assertThat(left.attempts()).isEqualTo(1);
        assertThat(left.state()).isEqualTo(State.DELAYED);
        assertThat(left.lastError()).contains("esi@dehors.test: mx.dehors.test: 450 4.2.0 later");

        UUID second = UUID.randomUUID();
        OutgoingMail rest = claim(DEHORS, second).getFirst();
        assertThat(rest.recipients().getFirst().warned()).isTrue();
        outgoing.settle(delivered(rest, second), Instant.now());
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isZero();
        assertThat(OutgoingUnderTest.count("body")).isZero();
    }

    @Test
    void aReportAndTheEndOfItsRecipientAreOneTransaction() throws Exception {
        for (boolean committed : List.of(false, true)) {
            QueueUnderTest.empty();
            OutgoingUnderTest life = OutgoingUnderTest.another(UUID.randomUUID());
            life.send("ama@gouv.tg", List.of("kofi@dehors.test"), MESSAGE);
            UUID lease = UUID.randomUUID();
            OutgoingMail mail =
                    life.outgoing().claim(DEHORS, 10, lease, soon(), soon()).getFirst();
            Settlement failed = new Settlement(
                    mail.id(),
                    lease,
                    List.of(),
                    List.of(),
                    List.of(new Settlement.Failed("kofi@dehors.test", NEVER)),
                    List.of(),
                    List.of(new Settlement.Report("ama@gouv.tg", MESSAGE.getBytes(StandardCharsets.US_ASCII))));
            life.mortal().dieAt(1, committed);
            assertThatThrownBy(() -> life.outgoing().settle(failed, Instant.now()))
                    .hasMessageContaining("killed");
            life.kill();
            assertThat(OutgoingUnderTest.count("queue_mail")).isEqualTo(committed ? 1 : 0);
            assertThat(OutgoingUnderTest.count("outgoing_recipient")).isEqualTo(committed ? 0 : 1);
        }
        assertThat(OutgoingUnderTest.envelopes()).containsExactly(List.of("<>", "ama@gouv.tg"));
    }

    @Test
    void aDestinationThatIsLeftAloneIsNotReadyAndTheOthersAre() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test", "esi@ailleurs.test"), MESSAGE);
        outgoing.unreachable(DEHORS, 1, LATER, Instant.now(), soon().plusSeconds(60));
        outgoing.unreachable(DEHORS, 2, LATER, Instant.now(), soon().plusSeconds(60));
        assertThat(destinations(outgoing.ready(soon(), List.of(), 10)))
                .containsExactly(new Destination("ailleurs.test"));
        assertThat(outgoing.ready(soon().plusSeconds(61), List.of(), 10)).contains(new Ready(DEHORS, 2));
        outgoing.reachable(DEHORS);
        assertThat(outgoing.ready(soon(), List.of(), 10)).hasSize(2);
    }

    @Test
    void whatWaitsTooLongIsFoundAlthoughItIsNotDue() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test"), MESSAGE);
        OutgoingUnderTest.update("update outgoing_recipient set enqueued = enqueued - interval '5 h'");
        OutgoingUnderTest.update("update outgoing_recipient set due = now() + interval '1 h'");
        assertThat(claim(DEHORS, UUID.randomUUID())).isEmpty();
        Instant now = Instant.now();
        assertThat(outgoing.claimOverdue(
                        DEHORS,
                        10,
                        UUID.randomUUID(),
                        now.minus(Duration.ofHours(4)),
                        now.minus(Duration.ofDays(5)),
                        now,
                        soon()))
                .hasSize(1);
    }

    private static QueueFilter domain(String name) {
        return new QueueFilter(
                List.of(), Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty(), Set.of());
    }

    private static QueueFilter in(State state) {
        return new QueueFilter(
                List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of(state));
    }

    private QueueActed act(QueueAct act, QueueFilter which) {
        return node.door().act(act, which, "ticket 812");
    }

    private List<QueuedMessage> list(QueueFilter which) {
        return node.door().list(which, Optional.empty(), 10);
    }

    @Test
    void anOperatorSeesAMessageOnceWithThoseWhoAreMeant() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test", "Afi@dehors.test", "esi@ailleurs.test"), MESSAGE);
        node.send("<>", List.of("ama@dehors.test"), MESSAGE);

        List<QueuedMessage> all = list(QueueFilter.all());
        assertThat(all).hasSize(2).allMatch(message -> message.queue().equals("outgoing"));
        assertThat(all.getFirst().recipientCount()).isEqualTo(3);
        assertThat(all.getFirst().state()).isEqualTo(State.WAITING);
        assertThat(all.getFirst().sizeBytes()).isEqualTo(MESSAGE.length());
        assertThat(node.door()
                        .list(QueueFilter.all(), Optional.of(all.getFirst().id()), 10))
                .containsExactly(all.getLast());
        assertThat(node.door().list(QueueFilter.all(), Optional.empty(), 1)).containsExactly(all.getFirst());
        assertThat(list(domain("ailleurs.test")))
                .singleElement()
                .satisfies(message -> assertThat(message.recipients()).containsExactly("esi@ailleurs.test"));
        claim(new Destination("ailleurs.test"), UUID.randomUUID());
        assertThat(list(in(State.WORKED_ON))).hasSize(1);
        assertThat(node.door().show(accepted(all.getFirst())))
                .as("by the id that it was accepted with")
                .singleElement()
                .satisfies(message -> assertThat(message.recipientCount()).isEqualTo(3));
        outgoing.unreachable(DEHORS, 1, LATER, Instant.now(), soon().plusSeconds(600));
        assertThat(list(in(State.DELAYED))).hasSize(2);
    }

    private static UUID accepted(QueuedMessage message) {
        return QueueUnderTest.CONNECTIONS.<UUID, RuntimeException>autoCommit(c -> Sql.first(
                        c,
                        row -> row.getObject(1, UUID.class),
                        "select queue_id from outgoing_mail where id = ?",
                        message.id())
                .orElseThrow());
    }

    @Test
    void whatTheOperatorDoesConcernsThoseWhoAreMeantAndIsAuditedWithItsReason() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test", "esi@ailleurs.test"), MESSAGE);
        UUID mail = list(QueueFilter.all()).getFirst().id();
        UUID traced = accepted(list(QueueFilter.all()).getFirst());
        node.trail.events().clear();

        assertThat(act(QueueAct.HOLD, domain("DEHORS.test"))).isEqualTo(new QueueActed(1, 0));
        assertThat(act(QueueAct.HOLD, domain("dehors.test"))).isEqualTo(new QueueActed(0, 1));
        assertThat(destinations(outgoing.ready(soon(), List.of(), 10)))
                .containsExactly(new Destination("ailleurs.test"));
        assertThat(outgoing.figures(Instant.now()).held()).isEqualTo(1);
        assertThat(act(QueueAct.RELEASE, in(State.HELD))).isEqualTo(new QueueActed(1, 0));
        outgoing.unreachable(DEHORS, 1, LATER, Instant.now(), soon().plusSeconds(600));
        assertThat(act(QueueAct.RETRY, QueueFilter.of(mail))).isEqualTo(new QueueActed(1, 0));
        assertThat(outgoing.ready(soon(), List.of(), 10)).hasSize(2);
        assertThat(act(QueueAct.DELETE, domain("dehors.test"))).isEqualTo(new QueueActed(1, 0));
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isEqualTo(1);
        assertThat(act(QueueAct.DELETE, QueueFilter.of(mail))).isEqualTo(new QueueActed(1, 0));
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isZero();
        assertThat(OutgoingUnderTest.count("body")).isZero();

        assertThat(node.trail.events())
                .extracting(event -> event.act() + " " + event.subject().text() + " "
                        + event.counterpart().map(Subject::text).orElse(""))
                .filteredOn(told -> !told.startsWith("look-"))
                .containsExactly(
                        "queue-hold message:" + mail + " reason:ticket 812",
                        "queue-release message:" + mail + " reason:ticket 812",
                        "queue-retry message:" + mail + " reason:ticket 812",
                        "queue-delete message:" + mail + " reason:ticket 812",
                        "queue-delete message:" + mail + " reason:ticket 812");
        assertThat(OutgoingUnderTest.count(
                        "trace_outcome where queue_id = ? and outcome = 'deleted' and detail = 'ticket 812'", traced))
                .isEqualTo(2);
    }

    @Test
    void whatIsBeingSentIsNeitherReturnedNorTriedButHeldIfItFails() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test"), MESSAGE);
        UUID lease = UUID.randomUUID();
        OutgoingMail mail = claim(DEHORS, lease).getFirst();

        assertThat(act(QueueAct.BOUNCE, QueueFilter.all())).isEqualTo(new QueueActed(0, 1));
        assertThat(act(QueueAct.RETRY, QueueFilter.all())).isEqualTo(new QueueActed(0, 1));
        assertThat(act(QueueAct.HOLD, QueueFilter.all())).isEqualTo(new QueueActed(1, 0));
        assertThat(outgoing.settle(
                        new Settlement(
                                mail.id(),
                                lease,
                                List.of(),
                                List.of(new Settlement.Deferred("kofi@dehors.test", soon(), LATER, false)),
                                List.of(),
                                List.of(),
                                List.of()),
                        Instant.now()))
                .isTrue();
        assertThat(list(in(State.HELD))).hasSize(1);
    }

    @Test
    void aMessageIsReturnedForThoseWhoAreMeant() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test", "esi@ailleurs.test"), MESSAGE);
        UUID traced = accepted(list(QueueFilter.all()).getFirst());

        assertThat(act(QueueAct.BOUNCE, domain("ailleurs.test"))).isEqualTo(new QueueActed(1, 0));

        assertThat(OutgoingUnderTest.count("outgoing_recipient where recipient = 'kofi@dehors.test'"))
                .isEqualTo(1);
        MailQueueItem returned = node.next();
        assertThat(returned.getMail().getState()).isEqualTo(OperatedSpool.RETURNED);
        assertThat(returned.getMail().getMaybeSender().asString()).isEqualTo("ama@gouv.tg");
        assertThat(returned.getMail().getRecipients()).hasToString("[esi@ailleurs.test]");
        assertThat(returned.getMail().getMessage().getSubject()).isEqualTo("vers dehors");
        returned.done(CompletionStatus.SUCCESS);
        assertThat(OutgoingUnderTest.count("trace_outcome where queue_id = ? and outcome = 'returned'", traced))
                .isEqualTo(1);
        assertThat(act(QueueAct.BOUNCE, QueueFilter.all())).isEqualTo(new QueueActed(1, 0));
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isZero();
        node.next().done(CompletionStatus.SUCCESS);
        assertThat(OutgoingUnderTest.count("body")).isZero();
    }

    @Test
    void eachStepOfAMessageIsTraced() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test", "esi@dehors.test", "afi@dehors.test"), MESSAGE);
        UUID traced = accepted(list(QueueFilter.all()).getFirst());
        UUID lease = UUID.randomUUID();
        OutgoingMail mail = claim(DEHORS, lease).getFirst();
        Settlement settlement = new Settlement(
                mail.id(),
                lease,
                List.of(new Settlement.Taken("kofi@dehors.test", TAKEN)),
                List.of(new Settlement.Deferred("esi@dehors.test", soon(), LATER, false)),
                List.of(new Settlement.Failed("afi@dehors.test", NEVER)),
                List.of(),
                List.of(new Settlement.Report("ama@gouv.tg", MESSAGE.getBytes(StandardCharsets.US_ASCII))));
        outgoing.settle(settlement, Instant.now());
        outgoing.settle(settlement, Instant.now());

        PostgresTraces traces =
                new PostgresTraces(QueueUnderTest.CONNECTIONS, TraceSettings.byDefault(), QueueUnderTest.CLOCK);
        List<MessageTrace> found = traces.find(
                new TraceQuestion(Optional.of(traced.toString()), Optional.empty(), Optional.empty(), Instant.EPOCH),
                10);
        assertThat(found.getFirst().steps())
                .extracting(step -> step.outcome() + " " + step.recipient().orElse("") + " "
                        + step.detail().orElse(""))
                .containsExactlyInAnyOrder(
                        "OUTGOING kofi@dehors.test dehors.test",
                        "OUTGOING esi@dehors.test dehors.test",
                        "OUTGOING afi@dehors.test dehors.test",
                        "OUTGOING_DELIVERED kofi@dehors.test " + TAKEN,
                        "OUTGOING_DEFERRED esi@dehors.test " + LATER,
                        "OUTGOING_FAILED afi@dehors.test " + NEVER);
        assertThat(found).as("the report that it brought forth").hasSize(2);
        assertThat(found.getLast().recipients()).containsExactly("ama@gouv.tg");
    }

    @Test
    void whatIsDeadForLongIsSweptAndTheOthersStay() throws Exception {
        node.send("<>", List.of("kofi@dehors.test", "esi@dehors.test"), MESSAGE);
        node.send("<>", List.of("afi@dehors.test"), MESSAGE);
        OutgoingUnderTest.update("update outgoing_recipient set state = 'dead', tried = now() - interval '31 d'"
                + " where recipient like 'kofi%' or recipient like 'afi%'");
        assertThat(outgoing.sweepDead(Duration.ofDays(32))).isZero();
        assertThat(outgoing.sweepDead(Duration.ofDays(30))).isEqualTo(2);
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isEqualTo(1);
        assertThat(OutgoingUnderTest.count("outgoing_recipient where state = 'waiting'"))
                .isEqualTo(1);
        assertThat(OutgoingUnderTest.count("body")).isEqualTo(1);
    }

    @Test
    void theFiguresCountRecipients() throws Exception {
        node.send("ama@gouv.tg", List.of("kofi@dehors.test", "esi@dehors.test", "afi@dehors.test"), MESSAGE);
        UUID lease = UUID.randomUUID();
        OutgoingMail mail = claim(DEHORS, lease).getFirst();
        outgoing.settle(
                new Settlement(
                        mail.id(),
                        lease,
                        List.of(new Settlement.Taken("kofi@dehors.test", TAKEN)),
                        List.of(new Settlement.Deferred("esi@dehors.test", soon(), LATER, false)),
                        List.of(),
                        List.of(new Settlement.Failed("afi@dehors.test", NEVER)),
                        List.of()),
                Instant.now());
        OutgoingFigures figures = outgoing.figures(Instant.now().plusSeconds(30));
        assertThat(figures.queued()).isEqualTo(1);
        assertThat(figures.deferred()).isEqualTo(1);
        assertThat(figures.dead()).isEqualTo(1);
        assertThat(figures.delivered()).isEqualTo(1);
        assertThat(figures.failed()).isEqualTo(1);
        assertThat(figures.oldest()).isGreaterThan(Duration.ofSeconds(25));
        assertThat(node.door().act(QueueAct.RETRY, QueueFilter.of(mail.id()), "encore"))
                .isEqualTo(new QueueActed(1, 0));
        assertThat(outgoing.figures(Instant.now()).dead()).isZero();
    }
}
