package tg.gouv.messagerie.mail.transfer.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static tg.gouv.messagerie.mail.transfer.outgoing.TransferUnderTest.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.mail.postgres.OutgoingUnderTest;

/** What is handed over, when it is tried again, and who is told. */
class OutgoingTransferTest {
    private static final String MESSAGE =
            "From: ama@gouv.test\r\nSubject: vers dehors\r\nMessage-ID: <une@gouv.test>\r\n\r\nBonjour.\r\n";

    private final TestInternet internet = new TestInternet();
    private final List<PeerServer> peers = new ArrayList<>();
    private PeerServer peer;
    private @Nullable TransferUnderTest running;

    @BeforeEach
    void start() throws Exception {
        peer = peer();
        internet.simple("dehors.test", "198.51.100.1", peer);
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
        peers.forEach(PeerServer::close);
    }

    private PeerServer peer() throws Exception {
        PeerServer another = new PeerServer();
        peers.add(another);
        return another;
    }

    private TransferUnderTest running() {
        if (running == null) {
            running = TransferUnderTest.usual(internet);
        }
        return running;
    }

    private void send(String... recipients) throws Exception {
        running().node.send("ama@gouv.test", List.of(recipients), MESSAGE);
    }

    private static String report() {
        await(() -> !OutgoingUnderTest.spooled().isEmpty());
        return OutgoingUnderTest.spooled().getFirst();
    }

    // Octets

    @Test
    void aMessageArrivesOctetByOctet() throws Exception {
        String message = "From: ama@gouv.test\r\nSubject: caf\u00e9\r\n\r\n.\r\n..\r\n.a\r\n\r\nb\u00e9\r\n";
        running().node.send("ama@gouv.test", List.of("kofi@dehors.test"), message);
        running().awaitGone();

        assertThat(peer.taken()).hasSize(1);
        PeerServer.Taken taken = peer.taken().getFirst();
        assertThat(taken.data()).isEqualTo(message);
        assertThat(taken.from()).isEqualTo("ama@gouv.test");
        assertThat(taken.to()).containsExactly("kofi@dehors.test");
        assertThat(peer.commands())
                .contains(
                        "EHLO " + TransferUnderTest.HOST_NAME,
                        "MAIL FROM:<ama@gouv.test> SIZE=" + message.length() + " BODY=8BITMIME");
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isZero();
        assertThat(OutgoingUnderTest.count("body")).isZero();
        assertThat(OutgoingUnderTest.spooled()).isEmpty();
    }

    /** What a server that takes a lone LF for the end of a line would see as the end of the message, and commands after it. */
    @Test
    void noLineEndsButByCrLf() throws Exception {
        running()
                .node
                .send(
                        "ama@gouv.test",
                        List.of("kofi@dehors.test"),
                        "Subject: x\r\n\r\na\n.\nMAIL FROM:<b@gouv.test>\r.\rc\r\r\n.\r\nfin");
        running().awaitGone();
        assertThat(peer.taken().getFirst().data())
                .isEqualTo("Subject: x\r\n\r\na\r\n.\r\nMAIL FROM:<b@gouv.test>\r\n.\r\nc\r\n\r\n.\r\nfin\r\n");
        assertThat(peer.taken()).hasSize(1);
    }

    @Test
    void aLargeMessageComesOutOfTheBlobStore() throws Exception {
        String message = "Subject: grand\r\n\r\n" + ("0123456789".repeat(7) + "\r\n").repeat(20_000);
        running().node.send("ama@gouv.test", List.of("kofi@dehors.test"), message);
        running().awaitGone();
        assertThat(peer.taken().getFirst().data()).isEqualTo(message);
    }

    @Test
    void aDamagedMessageIsNotSentAndKept() throws Exception {
        peer.behave((command, number) -> command.equals("CONNECT") && number == 1 ? "421 4.3.2 later" : null);
        send("kofi@dehors.test");
        OutgoingUnderTest.update("update body set bytes = 'Autre chose'::bytea");
        await(() -> OutgoingUnderTest.count("outgoing_recipient where state = 'dead' and status = '5.6.0'") == 1);
        assertThat(peer.taken()).isEmpty();
        assertThat(OutgoingUnderTest.spooled()).isEmpty();
    }

    // Routes

    @Test
    void theNextServerIsTriedWhenOneIsAwayOrRefuses() throws Exception {
        PeerServer refusing = peer();
        refusing.behave((command, _) -> command.equals("CONNECT") ? "554 5.3.2 not here" : null);
        internet.domain("dehors.test", "10 a.test", "20 b.test", "30 c.test")
                .host("a.test", "198.51.100.10", "2001:db8::10")
                .host("b.test", "2001:db8::11")
                .behind("2001:db8::11", refusing)
                .host("c.test", "198.51.100.12")
                .behind("198.51.100.12", peer);
        send("kofi@dehors.test");
        running().awaitGone();
        assertThat(peer.taken()).hasSize(1);
        assertThat(internet.tried())
                .containsExactly(
                        "2001:db8:0:0:0:0:0:10:25", "198.51.100.10:25", "2001:db8:0:0:0:0:0:11:25", "198.51.100.12:25");
    }

    @Test
    void nobodyLeadsUsToOurOwnMachine() throws Exception {
        internet.domain("piege.test", "10 mx.piege.test").host("mx.piege.test", "127.0.0.1", "::1");
        internet.domain("lien.test", "10 mx.lien.test").host("mx.lien.test", "169.254.169.254");
        send("kofi@piege.test", "esi@lien.test");
        running().awaitGone();
        assertThat(internet.tried()).isEmpty();
        await(() -> OutgoingUnderTest.spooled().size() == 2);
        assertThat(String.join("", OutgoingUnderTest.spooled())).contains("Status: 5.4.6", "Status: 5.4.4", "revient");
    }

    // Refusals

    @Test
    void whatIsRefusedIsReportedAndTheOthersHaveIt() throws Exception {
        peer.behave((command, _) ->
                command.equals("RCPT TO:<personne@dehors.test>") ? "550-5.1.1 Nobody\r\n550 5.1.1 of that name" : null);
        send("kofi@dehors.test", "personne@dehors.test");
        String report = report();
        running().awaitGone();
        assertThat(peer.taken()).hasSize(1);
        assertThat(peer.taken().getFirst().to()).containsExactly("kofi@dehors.test");
        assertThat(OutgoingUnderTest.envelopes()).containsExactly(List.of("<>", "ama@gouv.test"));
        assertThat(report)
                .contains(
                        "From: MAILER-DAEMON@" + TransferUnderTest.HOST_NAME,
                        "To: ama@gouv.test",
                        "Auto-Submitted: auto-replied",
                        "In-Reply-To: <une@gouv.test>",
                        "multipart/report",
                        "report-type=delivery-status",
                        "Reporting-MTA: dns; " + TransferUnderTest.HOST_NAME,
                        "Final-Recipient: rfc822; personne@dehors.test",
                        "Action: failed",
                        "Status: 5.1.1",
                        "Remote-MTA: dns; mx.dehors.test",
                        "Diagnostic-Code: smtp; 550 5.1.1 Nobody 5.1.1 of that name",
                        "could not be delivered to",
                        "Subject: vers dehors")
                .doesNotContain("kofi@dehors.test");
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isZero();
        assertThat(OutgoingUnderTest.count("queue_mail")).isEqualTo(1);
    }

    @Test
    void aNullMxIsReportedAtOnce() throws Exception {
        internet.domain("muet.test", "0 ");
        send("kofi@muet.test", "esi@inconnu.test");
        await(() -> OutgoingUnderTest.spooled().size() == 2);
        running().awaitGone();
        assertThat(String.join("", OutgoingUnderTest.spooled()))
                .contains("Status: 5.1.10", "Status: 5.1.2", "this domain accepts no mail");
        assertThat(internet.tried()).isEmpty();
    }

    @Test
    void whatComesFromNobodyIsReportedToNobodyAndKept() throws Exception {
        peer.behave((command, _) -> command.startsWith("RCPT") ? "550 5.1.1 no" : null);
        running().node.send("<>", List.of("kofi@dehors.test"), MESSAGE);
        await(() -> OutgoingUnderTest.count("outgoing_recipient where state = 'dead'") == 1);
        assertThat(peer.commands()).contains("MAIL FROM:<> SIZE=" + MESSAGE.length());
        assertThat(OutgoingUnderTest.spooled()).isEmpty();
        assertThat(running().node.outgoing().figures(Instant.now()).dead()).isEqualTo(1);
    }

    @Test
    void aMessageLargerThanAServerTakesIsNotSent() throws Exception {
        PeerServer small = new PeerServer(List.of("SIZE 100"), null, false);
        peers.add(small);
        internet.simple("petit.test", "198.51.100.5", small);
        running().node.send("ama@gouv.test", List.of("kofi@petit.test"), MESSAGE + "x".repeat(100));
        assertThat(report()).contains("Status: 5.3.4", "larger than");
        assertThat(small.commands()).noneMatch(each -> each.startsWith("MAIL"));
    }

    @Test
    void aServerWithoutExtensionsGetsWhatItUnderstands() throws Exception {
        PeerServer old = new PeerServer(List.of(), null, false);
        peers.add(old);
        old.behave((command, _) -> command.startsWith("EHLO") ? "502 what?" : null);
        internet.simple("ancien.test", "198.51.100.6", old);
        send("kofi@ancien.test", "esi@ancien.test");
        running().awaitGone();
        assertThat(old.taken().getFirst().to()).containsExactlyInAnyOrder("kofi@ancien.test", "esi@ancien.test");
        assertThat(old.commands()).contains("HELO " + TransferUnderTest.HOST_NAME, "MAIL FROM:<ama@gouv.test>");

        running().node.send("ama@gouv.test", List.of("kofi@ancien.test"), "Subject: \u00e9\r\n\r\n");
        assertThat(report()).contains("Status: 5.6.3");
    }

    // Trying again

    @Test
    void greylistingIsWaitedOut() throws Exception {
        peer.behave((command, number) -> command.startsWith("RCPT") && number <= 2 ? "450 4.7.1 come back" : null);
        send("kofi@dehors.test");
        running().awaitGone();
        assertThat(peer.taken()).hasSize(1);
        assertThat(peer.connections()).isGreaterThanOrEqualTo(2);
        assertThat(OutgoingUnderTest.spooled()).isEmpty();
    }

    @Test
    void aServerThatSaysLaterAtAnyPointIsTriedAgain() throws Exception {
        for (String command : List.of("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", ".")) {
            for (String reply : List.of("421 4.3.2 closing", "451 4.3.0 later", PeerServer.DROP)) {
                if (command.equals(".") && reply.equals(PeerServer.DROP)) {
                    continue; // another test
                }
                PeerServer unwilling = peer();
                String first = command;
                unwilling.behave((said, number) -> said.startsWith(first) && number == 1 ? reply : null);
                internet.simple("encore.test", "198.51.100.7", unwilling);
                OutgoingUnderTest.update("delete from outgoing_destination");
                send("kofi@encore.test");
                running().awaitGone();
                assertThat(unwilling.taken()).as("%s at %s", reply, command).hasSize(1);
            }
        }
        assertThat(OutgoingUnderTest.spooled()).isEmpty();
    }

    /** RFC 1047: whether it arrived cannot be known, so it is sent again, and is the same message. */
    @Test
    void aConnectionThatIsLostAfterTheEndOfAMessageIsNoAnswer() throws Exception {
        peer.behave((command, number) -> command.equals(".") && number == 1 ? PeerServer.DROP : null);
        send("kofi@dehors.test");
        running().awaitGone();
        assertThat(peer.taken()).hasSize(2);
        assertThat(peer.taken().get(0).data()).isEqualTo(peer.taken().get(1).data());
        assertThat(peer.taken().get(1).data()).contains("Message-ID: <une@gouv.test>");
        assertThat(OutgoingUnderTest.spooled()).isEmpty();
    }

    @Test
    void aServerThatFallsSilentIsLeftAfterATime() throws Exception {
        running = new TransferUnderTest(
                internet, TransferUnderTest.settings(), TransferUnderTest.patience(Duration.ofMillis(300)));
        for (String command : List.of("CONNECT", "MAIL", "DATA")) {
            PeerServer silent = peer();
            silent.behave((said, number) -> said.startsWith(command) && number == 1 ? PeerServer.SILENCE : null);
            internet.simple("silence.test", "198.51.100.8", silent);
            send("kofi@silence.test");
            running().awaitGone();
            assertThat(silent.taken()).as(command).hasSize(1);
        }
    }

    @Test
    void whatIsNoSmtpIsLeft() throws Exception {
        for (String nonsense : List.of("HTTP/1.1 200 OK", "2xx", "220-" + "x".repeat(5_000), "999 what", "25")) {
            PeerServer strange = peer();
            strange.behave((said, number) -> said.equals("CONNECT") && number == 1 ? nonsense : null);
            internet.simple("bizarre.test", "198.51.100.9", strange);
            send("kofi@bizarre.test");
            running().awaitGone();
            assertThat(strange.taken()).as(nonsense).hasSize(1);
        }
    }

    @Test
    void theSenderIsToldOnceThatItTakesLongAndAfterFiveDaysThatItIsOver() throws Exception {
        internet.domain("mort.test", "10 mx.mort.test").host("mx.mort.test", "198.51.100.66");
        for (int i = 0; i < 250; i++) {
            running().node.send("ama@gouv.test", List.of("kofi" + i + "@mort.test"), MESSAGE);
        }
        await(() -> OutgoingUnderTest.count("outgoing_destination where failures > 1") == 1);
        assertThat(OutgoingUnderTest.spooled()).isEmpty();

        running().clock.putForward(Duration.ofHours(5));
        await(() -> OutgoingUnderTest.count("queue_mail") == 250);
        assertThat(report())
                .contains("Action: delayed", "Status: 4.4.1", "Will-Retry-Until: ", "has not reached")
                .doesNotContain("Action: failed");
        OutgoingUnderTest.update("delete from queue_mail");
        long failures = OutgoingUnderTest.count("outgoing_recipient where attempts > 3");
        await(() -> OutgoingUnderTest.count("outgoing_recipient where attempts > 5") > failures);
        assertThat(OutgoingUnderTest.count("queue_mail")).as("told once").isZero();

        running().clock.putForward(Duration.ofDays(5));
        await(() -> OutgoingUnderTest.count("queue_mail") == 250);
        running().awaitGone();
        assertThat(report()).contains("Action: failed", "Status: 5.4.7", "several days");
    }

    // Many

    @Test
    void aThousandRecipientsAreOneMessageInTenTransactionsOfOneConnection() throws Exception {
        String[] thousand = IntStream.range(0, 1_000)
                .mapToObj(i -> "k" + i + "@dehors.test")
                .toArray(String[]::new);
        send(thousand);
        running().awaitGone();
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isZero();
        List<String> all =
                peer.taken().stream().flatMap(each -> each.to().stream()).toList();
        assertThat(all).containsExactlyInAnyOrder(thousand);
        assertThat(peer.taken()).allMatch(each -> each.to().size() <= 100);
        assertThat(peer.taken().size()).isLessThanOrEqualTo(12);
        assertThat(peer.connections()).isLessThanOrEqualTo(5);
    }

    @Test
    void thoseWhoAreTooManyForAServerGetTheirOwnTransaction() throws Exception {
        List<String> inThis = new ArrayList<>();
        peer.behave((command, _) -> {
            if (command.startsWith("MAIL")) {
                inThis.clear();
            } else if (command.startsWith("RCPT")) {
                if (inThis.size() == 30) {
                    return "452 4.5.3 too many";
                }
                inThis.add(command);
            }
            return null;
        });
        send(IntStream.range(0, 100).mapToObj(i -> "k" + i + "@dehors.test").toArray(String[]::new));
        running().awaitGone();
        assertThat(peer.taken()).extracting(each -> each.to().size()).containsExactly(30, 30, 30, 10);
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void oneConnectionCarriesManyMessages() throws Exception {
        peer.behave((command, number) -> command.equals("CONNECT") && number == 1 ? "421 4.3.2 later" : null);
        send("k@dehors.test");
        await(() -> OutgoingUnderTest.count("outgoing_destination") == 1);
        OutgoingUnderTest.update("update outgoing_destination set not_before = now() + interval '1 h'");
        for (int i = 0; i < 40; i++) {
            send("k" + i + "@dehors.test");
        }
        OutgoingUnderTest.update("update outgoing_destination set not_before = now()");
        running().awaitGone();
        assertThat(peer.taken()).hasSize(41);
        assertThat(peer.connections()).isLessThanOrEqualTo(4);
        assertThat(OutgoingUnderTest.count("outgoing_destination")).isZero();
    }

    @Test
    void slowAndDeadDestinationsHoldNobody() throws Exception {
        PeerServer slow = peer();
        slow.behave((command, _) -> command.equals("CONNECT") ? PeerServer.SILENCE : null);
        internet.simple("lent.test", "198.51.100.20", slow);
        running = new TransferUnderTest(
                internet, TransferUnderTest.settings(), TransferUnderTest.patience(Duration.ofSeconds(30)));
        for (int i = 0; i < 300; i++) {
            send("k" + i + "@lent.test");
        }
        for (int i = 0; i < 20; i++) {
            internet.domain("mort" + i + ".test", "10 mx.mort" + i + ".test")
                    .host("mx.mort" + i + ".test", "198.51.100.99");
            send("kofi@mort" + i + ".test");
        }
        await(() -> slow.connections() >= 1);
        send("kofi@dehors.test");
        await(() -> peer.taken().size() == 1);
        assertThat(slow.connections()).as("bounded for one destination").isLessThanOrEqualTo(2);
        assertThat(OutgoingUnderTest.count("outgoing_recipient where destination = 'lent.test'"))
                .isEqualTo(300);
        slow.close();
    }

    @Test
    void theFiguresAreKeptForWhoAsks() throws Exception {
        send("kofi@dehors.test");
        running().awaitGone();
        running().clock.putForward(Duration.ofSeconds(30));
        await(() -> running().transfer.figures().delivered() == 1);
        assertThat(running().transfer.figures().queued()).isZero();
    }

    // Ends of the program

    /** PostgreSQL is away from the reply on, for a while. */
    @Test
    void whatWasTakenIsNotSentAgainWhenItsOutcomeCannotBeWritten() throws Exception {
        peer.behave((command, _) -> {
            if (command.equals(".")) {
                running().node.mortal().die();
            }
            return null;
        });
        send("kofi@dehors.test");
        await(() -> peer.taken().size() == 1);
        Thread.sleep(300); // it tries, in vain
        assertThat(OutgoingUnderTest.count("outgoing_recipient")).isEqualTo(1);
        running().node.mortal().live();
        running().awaitGone();
        assertThat(peer.taken()).hasSize(1);
        assertThat(OutgoingUnderTest.count("outgoing_mail")).isZero();
    }

    /** PostgreSQL is away when what was claimed is to be given back; this life takes it up again all the same. */
    @Test
    void whatCouldNotBeGivenBackIsNotForgotten() throws Exception {
        peer.behave((command, number) -> {
            if (command.startsWith("MAIL") && number == 1) {
                running().node.mortal().die();
                throw new IllegalStateException("the test breaks this conversation off");
            }
            return null;
        });
        send("kofi@dehors.test");
        await(() -> running().node.mortal().isDead());
        Thread.sleep(300);
        running().node.mortal().live();
        running().awaitGone();
        assertThat(peer.taken()).hasSize(1);
    }

    /** The program ends before or after each of its uses of PostgreSQL, from the claim to the outcome. */
    @Test
    void whereverTheProgramEndsEverybodyHasItOrTheSenderIsToldOnce() throws Exception {
        peer.behave((command, _) -> command.startsWith("RCPT TO:<personne") ? "550 5.1.1 nobody" : null);
        int again = 0;
        for (boolean committed : List.of(false, true)) {
            for (int use = 1; use <= 8; use++) {
                String who = "k" + use + committed + "@dehors.test";
                OutgoingUnderTest.update("delete from queue_mail");
                running().node.mortal().dieAt(use + 6, committed); // the first ones submit and enqueue
                try {
                    send(who, "personne@dehors.test");
                } catch (Exception e) {
                    assertThat(e).hasStackTraceContaining("killed");
                }
                await(() -> running().node.mortal().isDead() || OutgoingUnderTest.count("outgoing_recipient") == 0);
                running().kill();
                boolean there = OutgoingUnderTest.count("queue_mail where array_length(recipients, 1) = 2") == 0;
                running().restart();
                running().awaitGone();
                if (!there) {
                    continue; // it ended before the message was ours to send
                }
                List<PeerServer.Taken> had = peer.taken().stream()
                        .filter(each -> each.to().contains(who))
                        .toList();
                assertThat(had).as("use %s %s", use, committed).isNotEmpty();
                again += had.size() - 1;
                assertThat(had).allMatch(each -> each.data().contains("Message-ID: <une@gouv.test>"));
                assertThat(OutgoingUnderTest.envelopes())
                        .as("reports, use %s %s", use, committed)
                        .containsExactly(List.of("<>", "ama@gouv.test"));
                assertThat(OutgoingUnderTest.count("outgoing_mail")).isZero();
            }
        }
        assertThat(again)
                .as("the program did end between the reply and the outcome")
                .isPositive();
    }
}
