package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.postgres.MortalConnections;
import tg.gouv.messagerie.mail.postgres.QueueSettings;
import tg.gouv.messagerie.mail.transfer.outgoing.PeerServer;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** The whole mail server with {@code outside = "send"}: what people and filters send leaves once, and what fails comes back. */
class SentOutsideTest {
    private static final long AWAITED_MAX_NANOS = 30_000_000_000L;

    private static final QueueSettings QUEUE = new QueueSettings(
            6,
            Duration.ofMinutes(5),
            Duration.ofMillis(100),
            50,
            8,
            3,
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            30,
            ByteSize.parse("64KB"));

    @TempDir
    private static Path folder;

    private static final MortalConnections.Life LIFE = new MortalConnections.Life();
    private static TestMail mail;
    private static PeerServer peer;
    private static Connections stored;
    private static Map<String, String> cast;

    @BeforeAll
    static void start() throws Exception {
        // What is handed over already is another test's matter: this one ends what leads to it.
        mail = new TestMail(
                TestMail.sending(QUEUE), database -> new MortalDatabase(database, LIFE, Set.of("mail-outgoing")));
        peer = new PeerServer();
        peer.behave((command, _) -> command.startsWith("RCPT TO:<personne@") ? "550 5.1.1 Nobody of that name" : null);
        mail.internet.simple("dehors.test", "198.51.100.1", peer);
        stored = mail.stored().connections("test", "mail", 2);
        cast = mail.cast();
        run(
                "CONNECT managesieve",
                "S..",
                "S: OK",
                "C: STARTTLS",
                "S: OK",
                "TLS",
                "S..",
                "S: OK",
                "C: AUTHENTICATE \"PLAIN\" \"${kofi.plain}\"",
                "S: OK",
                "C~ PUTSCRIPT \"tri\" {" + "redirect \"kofi@dehors.test\";\r\n".length()
                        + "+}\\r\\nredirect \"kofi@dehors.test\";\\r\\n\\r\\n",
                "S: OK",
                "C: SETACTIVE \"tri\"",
                "S: OK");
    }

    @AfterAll
    static void stop() throws IOException {
        LIFE.live();
        mail.close();
        peer.close();
    }

    private static void run(String... lines) throws Exception {
        Path file = Files.writeString(folder.resolve("script.txt"), String.join("\n", lines));
        new Script(file, mail.server(), cast).run();
    }

    private static List<PeerServer.Taken> taken(String subject) {
        return peer.taken().stream()
                .filter(each -> each.data().contains("Subject: essai-" + subject + ".\r\n"))
                .toList();
    }

    private static long inbox(String who, String like) {
        return count(
                "mailbox_message p join mailbox b on b.id = p.mailbox_id join message m on m.id = p.message_id"
                        + " join body o on o.id = m.body_id where b.owner_id = ? and b.name = 'INBOX'"
                        + " and convert_from(m.header || coalesce(o.bytes, ''), 'LATIN1') like ?",
                mail.owner(Objects.requireNonNull(cast.get(who))),
                like);
    }

    private static long count(String from, Object... parameters) {
        return stored.autoCommit(c -> Sql.first(c, row -> row.getLong(1), "select count(*) from " + from, parameters)
                .orElseThrow());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + AWAITED_MAX_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("what was awaited did not happen");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Test
    void whatAPersonSubmitsLeavesAndWhatIsRefusedComesBack() throws Exception {
        run(
                "CONNECT submissions TLS",
                "S: 220 .*",
                "C: EHLO client",
                "S*: 250-.*",
                "S: 250 .*",
                "C: AUTH PLAIN ${ama.plain}",
                "S: 235 .*",
                "C: MAIL FROM:<${ama}>",
                "S: 250 .*",
                "C: RCPT TO:<kofi@dehors.test>",
                "S: 250 .*",
                "C: RCPT TO:<personne@dehors.test>",
                "S: 250 .*",
                "C: RCPT TO:<${directeur}>",
                "S: 250 .*",
                "C: DATA",
                "S: 354 .*",
                "C: From: ${ama}",
                "C: To: kofi@dehors.test",
                "C: Bcc: ${directeur}",
                "C: Subject: essai-soumis.",
                "C:",
                "C: Bonjour dehors.",
                "C: .",
                "S: 250 .*",
                "C: QUIT");
        await(() -> taken("soumis").size() == 1 && inbox("ama", "%Status: 5.1.1%") == 1);
        PeerServer.Taken out = taken("soumis").getFirst();
        assertThat(out.to()).containsExactly("kofi@dehors.test");
        assertThat(out.from()).isEqualTo(cast.get("ama"));
        assertThat(out.data())
                .contains("Received: ", "Message-ID: <", "Date: ", "\r\n\r\nBonjour dehors.\r\n")
                .doesNotContain("Bcc", "Return-Path");
        assertThat(inbox("ama", "%Diagnostic-Code: smtp; 550 5.1.1 Nobody of that name%"))
                .isEqualTo(1);
        assertThat(inbox("directeur", "%essai-soumis.%")).isEqualTo(1);
        await(() -> count("queue_mail") == 0 && count("outgoing_mail") == 0);
        assertThat(count("repository_mail")).isZero();
        await(() -> mail.server().outgoingFigures().delivered() >= 1);
    }

    @Test
    void aStrangerCannotSendThroughUs() throws Exception {
        run(
                "CONNECT smtp",
                "S: 220 .*",
                "C: EHLO client",
                "S*: 250-.*",
                "S: 250 .*",
                "C: MAIL FROM:<quelqu-un@ailleurs.test>",
                "S: 250 .*",
                "C: RCPT TO:<kofi@dehors.test>",
                "S: 550 5.7.1 .*",
                "C: QUIT");
    }

    /** The program ends before and after each use of PostgreSQL, from the claim of the mail to the end of what it brings forth. */
    @Test
    void whereverTheProgramEndsAMessageAndARedirectLeaveOnce() throws Exception {
        int use = 1;
        for (boolean died = true; died; use++) {
            boolean before = once("avant-" + use, use, false);
            died = once("apres-" + use, use, true) || before;
        }
        assertThat(use).as("how many uses a mail takes").isGreaterThan(8);
    }

    private static boolean once(String subject, int use, boolean committed) throws Exception {
        LIFE.holdQueue(true);
        String message = "From: " + TestMail.WORLD + "\r\nTo: tous\r\nSubject: essai-" + subject + ".\r\n\r\nBonjour "
                + "x".repeat(40_000) + "\r\n";
        mail.server()
                .submission()
                .submit(
                        TestMail.WORLD,
                        List.of(
                                MailAddress.of(Objects.requireNonNull(cast.get("kofi"))),
                                MailAddress.of("esi@dehors.test"),
                                MailAddress.of("afi@dehors.test")),
                        new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)));
        LIFE.dieAt(use, committed);
        LIFE.holdQueue(false);
        await(() -> LIFE.isDead() || count("queue_mail") == 0);
        boolean died = LIFE.isDead() && count("queue_mail") > 0;
        LIFE.die();
        Thread.sleep(150); // the ended life says what it has to say
        stored.autoCommit(c -> Sql.update(
                c,
                "update queue_mail set lease_life = gen_random_uuid(), lease = gen_random_uuid(),"
                        + " lease_until = now() - interval '1 h' where lease_life is not null"));
        LIFE.live();
        await(() -> count("queue_mail") == 0 && count("outgoing_mail") == 0);
        assertThat(taken(subject).stream()
                        .filter(each -> each.to().contains("kofi@dehors.test"))
                        .toList())
                .as("the redirect of " + subject)
                .hasSize(1);
        assertThat(taken(subject).stream()
                        .filter(each -> !each.to().contains("kofi@dehors.test"))
                        .toList())
                .as("the others of " + subject)
                .hasSize(1)
                .allMatch(each -> each.to().size() == 2);
        assertThat(count("delivered")).isZero();
        return died;
    }
}
