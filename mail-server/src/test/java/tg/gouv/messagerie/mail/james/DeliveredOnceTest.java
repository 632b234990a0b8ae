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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.mail.postgres.MortalConnections;
import tg.gouv.messagerie.mail.postgres.QueueSettings;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.ByteSize;

/*
 * The whole mail server, whose connections to PostgreSQL end before or after each of their uses in turn, from the claim of a mail to the
 * end of its work. What the ended life held is then given to another, as after a kill: whatever the ended one still says finds its
 * lease gone.
 */
/** A mail is in each mailbox once, and what filters and bounces send on is sent once, wherever the program ends. */
class DeliveredOnceTest {
    private static final String ANSWER = "%Auto-Submitted: auto-replied%";

    private static final long AWAITED_MAX_NANOS = 30_000_000_000L;

    @TempDir
    private static Path folder;

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

    private static final MortalConnections.Life LIFE = new MortalConnections.Life();
    private static TestMail mail;
    private static Connections stored;
    private static Map<String, String> first;
    private static Map<String, String> second;
    private static Map<String, String> third;
    private static int answers;

    @BeforeAll
    static void start() throws Exception {
        mail = new TestMail(TestMail.settings(QUEUE), database -> new MortalDatabase(database, LIFE, Set.of()));
        stored = mail.stored().connections("test", "mail", 2);
        first = mail.cast();
        second = mail.cast();
        filter(
                first,
                "kofi",
                "require [\"fileinto\", \"vacation\"];\\r\\nfileinto \"Projets\";\\r\\nvacation \"Absent\";\\r\\n");
        third = mail.cast();
        mail.directory()
                .provisioning()
                .mailingList(new MailingList(
                        MailAddress.of(who(third, "liste")),
                        new GroupCode(who(third, "liste.group")),
                        MailingLists.Writers.STATE,
                        TestMail.WORLD));
        filter(second, "ama", "redirect \"" + who(second, "kofi") + "\";\\r\\n");
    }

    @AfterAll
    static void stop() throws IOException {
        LIFE.live();
        mail.close();
    }

    private static void filter(Map<String, String> cast, String who, String script) throws Exception {
        int length = script.replace("\\r\\n", "\r\n").length();
        Path file = Files.writeString(
                folder.resolve("filter.txt"),
                String.join(
                        "\n",
                        "CONNECT managesieve",
                        "S..",
                        "S: OK",
                        "C: STARTTLS",
                        "S: OK",
                        "TLS",
                        "S..",
                        "S: OK",
                        "C: AUTHENTICATE \"PLAIN\" \"${" + who + ".plain}\"",
                        "S: OK",
                        "C~ PUTSCRIPT \"tri\" {" + length + "+}\\r\\n" + script + "\\r\\n",
                        "S: OK",
                        "C: SETACTIVE \"tri\"",
                        "S: OK"));
        new Script(file, mail.server(), cast).run();
    }

    @Test
    void whereverTheProgramEnds() throws Exception {
        int use = 1;
        for (boolean died = true; died; use++) {
            boolean before = once("avant-" + use, use, false);
            died = once("apres-" + use, use, true) || before;
        }
        assertThat(use).as("how many uses a mail takes").isGreaterThan(10);
    }

    /** The program lives on and tries again: what one filter could not ask is not taken for no filter. */
    @Test
    void whereverPostgresqlFailsOnce() throws Exception {
        int use = 1;
        for (boolean failed = true; failed; use++) {
            boolean before = failing("panne-avant-" + use, use, false);
            failed = failing("panne-apres-" + use, use, true) || before;
        }
        assertThat(use).as("how many uses a mail takes").isGreaterThan(10);
    }

    @Test
    void theOctetsOfAHeaderReachTheMailbox() throws Exception {
        String header = "From: " + TestMail.WORLD
                + "\r\nReturn-Path: <faux@example.org>\r\nSubject: essai-octets. caf\u00e9\r\n";
        mail.server()
                .submission()
                .submit(
                        TestMail.WORLD,
                        List.of(MailAddress.of(who(second, "kofi"))),
                        new ByteArrayInputStream(
                                (header + "\r\nl'\u00e9t\u00e9\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        await(DeliveredOnceTest::isEmpty);

        String stored = DeliveredOnceTest.stored
                .autoCommit(c -> Sql.first(
                        c,
                        row -> row.getString(1),
                        "select convert_from(m.header || b.bytes, 'LATIN1') from message m join body b on b.id = m.body_id"
                                + " where convert_from(m.header, 'LATIN1') like '%essai-octets.%'"))
                .orElseThrow();
        assertThat(stored)
                .startsWith("Return-Path: <" + TestMail.WORLD + ">\r\nDelivered-To: " + who(second, "kofi") + "\r\n")
                .contains("Subject: essai-octets. caf\u00e9\r\n")
                .doesNotContain("faux@example.org")
                .endsWith("\r\n\r\nl'\u00e9t\u00e9\r\n");
    }

    /** Sends a mail, ends the program at one use, and lets another finish; tells whether the program did end. */
    private static boolean once(String subject, int use, boolean committed) throws Exception {
        update("delete from vacation_answer"); // else the sender would be answered once in all
        LIFE.holdQueue(true);
        send(subject);
        LIFE.dieAt(use, committed);
        LIFE.holdQueue(false);
        await(() -> LIFE.isDead() || isEmpty());
        boolean died = LIFE.isDead() && !isEmpty();
        LIFE.die();
        Thread.sleep(150); // the ended life says what it has to say
        endLeases();
        LIFE.live();
        await(DeliveredOnceTest::isEmpty);
        check(subject);
        return died;
    }

    private static void endLeases() {
        update(
                "update queue_mail set lease_life = gen_random_uuid(), lease = gen_random_uuid(), lease_until = now() - interval '1 h'"
                        + " where lease_life is not null");
    }

    /** Sends a mail of which one use fails; tells whether it did. */
    private static boolean failing(String subject, int use, boolean committed) throws Exception {
        update("delete from vacation_answer");
        LIFE.holdQueue(true);
        send(subject);
        LIFE.failAt(use, committed);
        LIFE.holdQueue(false);
        await(() -> LIFE.hasFailed() || isEmpty());
        boolean failed = LIFE.hasFailed() && !isEmpty();
        Thread.sleep(150); // mostly it is delivered in this time
        endLeases(); // of a claim that nobody knows of, since its answer did not come
        LIFE.live();
        await(DeliveredOnceTest::isEmpty);
        check(subject);
        return failed;
    }

    private static void send(String subject) throws IOException {
        String message = "From: " + TestMail.WORLD + "\r\nTo: " + who(first, "ama") + ", " + who(first, "kofi")
                + ", " + who(second, "ama") + "\r\nReply-To: "
                + TestMail.WORLD + "\r\nSubject: essai-" + subject + ".\r\n\r\nBonjour " + "x".repeat(40_000) + "\r\n";
        mail.server()
                .submission()
                .submit(
                        TestMail.WORLD,
                        List.of(
                                MailAddress.of(who(first, "ama")),
                                MailAddress.of(who(first, "kofi")),
                                MailAddress.of(who(second, "ama")),
                                MailAddress.of(who(third, "liste")),
                                MailAddress.of("personne@" + TestMail.DOMAIN)),
                        new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)));
    }

    private static void check(String subject) {
        assertThat(delivered(who(first, "ama"), "INBOX", subject)).as(subject).isEqualTo(1);
        assertThat(delivered(who(first, "kofi"), "Projets", subject))
                .as(subject)
                .isEqualTo(1);
        assertThat(delivered(who(first, "kofi"), "INBOX", subject)).as(subject).isZero();
        assertThat(delivered(who(second, "ama"), "INBOX", subject)).as(subject).isZero();
        assertThat(delivered(who(second, "kofi"), "INBOX", subject))
                .as("the redirect of " + subject)
                .isEqualTo(1);
        for (String reader : List.of("ama", "kofi")) {
            assertThat(delivered(who(third, reader), "INBOX", subject))
                    .as("the list's " + subject)
                    .isEqualTo(1);
        }
        assertThat(delivered(TestMail.WORLD.toString(), "INBOX", subject))
                .as("the bounce of " + subject)
                .isEqualTo(1);
        answers++;
        assertThat(delivered(TestMail.WORLD.toString(), "INBOX", null))
                .as("the answer to " + subject)
                .isEqualTo(answers);
        assertThat(count("repository_mail where convert_from(header, 'LATIN1') like ?", like(subject)))
                .as("what nobody can have, of " + subject)
                .isEqualTo(1);
        assertThat(count("delivered")).isZero();
        assertThat(count(
                        "message m join body b on b.id = m.body_id where b.size_bytes > 40000"
                                + " and convert_from(m.header, 'LATIN1') like ?",
                        like(subject)))
                .isGreaterThanOrEqualTo(3);
        assertThat(count(
                        "(select distinct m.body_id from message m join body b on b.id = m.body_id"
                                + " where b.size_bytes > 40000 and convert_from(m.header, 'LATIN1') like ?) one",
                        like(subject)))
                .as("the body is written once, for all of " + subject)
                .isEqualTo(1);
    }

    private static long delivered(String address, String mailbox, @Nullable String subject) {
        return count(
                "mailbox_message p join mailbox b on b.id = p.mailbox_id join message m on m.id = p.message_id"
                        + " where b.owner_id = ? and b.name = ? and convert_from(m.header, 'LATIN1') like ?"
                        + " and (convert_from(m.header, 'LATIN1') like ?) = ?",
                mail.owner(address),
                mailbox,
                like(subject),
                ANSWER,
                subject == null);
    }

    private static String who(Map<String, String> cast, String name) {
        return Objects.requireNonNull(cast.get(name));
    }

    /** Part of a header; of an answer's if there is no subject. */
    private static String like(@Nullable String subject) {
        return subject == null ? ANSWER : "%essai-" + subject + ".%";
    }

    private static boolean isEmpty() {
        return count("queue_mail") == 0;
    }

    private static long count(String from, Object... parameters) {
        return stored.autoCommit(c -> Sql.first(c, row -> row.getLong(1), "select count(*) from " + from, parameters)
                .orElseThrow());
    }

    private static void update(String sql) {
        stored.autoCommit(c -> Sql.update(c, sql));
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
}
