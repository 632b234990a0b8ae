package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.mail.trace.MessageTrace;
import tg.gouv.messagerie.mail.trace.TraceQuestion;

/** What is refused at a door can be traced: once for each recipient, with the reply and without content. */
class RefusalsTracedTest {
    private static final long AWAITED_MAX_NANOS = 20_000_000_000L;

    @TempDir
    private static Path folder;

    private static TestMail mail;
    private static Map<String, String> cast;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
        cast = mail.cast();
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    private static void run(String... lines) throws Exception {
        Path file = Files.writeString(folder.resolve("script.txt"), String.join("\n", lines));
        new Script(file, mail.server(), cast).run();
    }

    /** The refusals of a sender, as soon as there are so many. */
    private static List<MessageTrace> refused(String sender, int count) throws InterruptedException {
        long deadline = System.nanoTime() + AWAITED_MAX_NANOS;
        while (true) {
            List<MessageTrace> found = mail
                    .server()
                    .traces()
                    .find(new TraceQuestion(Optional.empty(), Optional.of(sender), Optional.empty(), Instant.EPOCH), 50)
                    .stream()
                    .filter(trace ->
                            trace.steps().stream().anyMatch(step -> step.outcome() == MessageTrace.Outcome.REFUSED))
                    .toList();
            if (found.size() >= count) {
                assertThat(found).hasSize(count);
                return found;
            }
            assertThat(System.nanoTime())
                    .as("%s refusals, found %s", count, found)
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private static List<String> told(List<MessageTrace> refusals) {
        return refusals.stream()
                .map(each -> each.door().orElseThrow() + " " + each.account().orElse("-") + " "
                        + String.join(",", each.recipients()) + " "
                        + each.steps().getFirst().detail().orElseThrow().substring(0, 9))
                .toList();
    }

    @Test
    void unknownRecipientsAndRelayingAreTracedOnceEach() throws Exception {
        run(
                "CONNECT smtp",
                "S: 220 .*",
                "C: EHLO client",
                "S*: 250-.*",
                "S: 250 .*",
                "C: MAIL FROM:<inconnu@ailleurs.test>",
                "S: 250 .*",
                "C: RCPT TO:<personne@${domain}>",
                "S: 550 5.1.1 .*",
                "C: RCPT TO:<quelqu-un@dehors.test>",
                "S: 550 5.7.1 .*",
                "C: RCPT TO:<${ama}>",
                "S: 250 .*",
                "C: RSET",
                "S: 250 .*",
                "C: QUIT");

        List<MessageTrace> refusals = refused("inconnu@ailleurs.test", 2);
        assertThat(told(refusals))
                .containsExactlyInAnyOrder(
                        "smtp - personne@" + TestMail.DOMAIN + " 550 5.1.1", "smtp - quelqu-un@dehors.test 550 5.7.1");
        assertThat(refusals.getFirst().client()).contains("127.0.0.1");
        assertThat(mail.server()
                        .traces()
                        .find(
                                new TraceQuestion(
                                        Optional.of(refusals.getFirst().name()),
                                        Optional.empty(),
                                        Optional.of("PERSONNE@" + TestMail.DOMAIN),
                                        Instant.EPOCH),
                                10))
                .hasSize(1);
    }

    @Test
    void aForgedSenderATooLargeOneAndAForgedFromAreTraced() throws Exception {
        String ama = Objects.requireNonNull(cast.get("ama"));
        run(
                "CONNECT smtp",
                "S: 220 .*",
                "C: EHLO client",
                "S*: 250-.*",
                "S: 250 .*",
                "C: MAIL FROM:<" + ama + ">",
                "S: 550 5.7.1 .*",
                "C: MAIL FROM:<gros@ailleurs.test> SIZE=99999999999",
                "S: 552 5.3.4 .*",
                "C: MAIL FROM:<faux@ailleurs.test>",
                "S: 250 .*",
                "C: RCPT TO:<personne@${domain}>",
                "S: 550 5.1.1 .*",
                "C: RCPT TO:<${ama}>",
                "S: 250 .*",
                "C: DATA",
                "S: 354 .*",
                "C: From: " + ama,
                "C: Subject: secret",
                "C:",
                "C: secret",
                "C: .",
                "S: 550 5.7.1 .*",
                "C: QUIT");

        assertThat(told(refused(ama, 1))).containsExactly("smtp -  550 5.7.1");
        assertThat(told(refused("gros@ailleurs.test", 1))).containsExactly("smtp -  552 5.3.4");
        List<MessageTrace> forged = refused("faux@ailleurs.test", 2);
        assertThat(told(forged))
                .containsExactlyInAnyOrder(
                        "smtp - personne@" + TestMail.DOMAIN + " 550 5.1.1", "smtp - " + ama + " 550 5.7.1");
        assertThat(forged.toString()).doesNotContain("secret");
    }

    @Test
    void oneOfUsInAnothersNameIsTracedWithTheAccount() throws Exception {
        String ama = Objects.requireNonNull(cast.get("ama"));
        run(
                "CONNECT submissions TLS",
                "S: 220 .*",
                "C: EHLO client",
                "S*: 250-.*",
                "S: 250 .*",
                "C: MAIL FROM:<rien@ailleurs.test>",
                "S: 530 .*",
                "C: AUTH PLAIN ${ama.plain}",
                "S: 235 .*",
                "C: MAIL FROM:<rien@ailleurs.test>",
                "S: 550 5.7.1 .*",
                "C: QUIT");

        assertThat(told(refused("rien@ailleurs.test", 1))).containsExactly("submission " + ama + "  550 5.7.1");
    }
}
