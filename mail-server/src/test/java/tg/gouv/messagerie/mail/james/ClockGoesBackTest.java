package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tg.gouv.messagerie.mail.postgres.MortalConnections;
import tg.gouv.messagerie.mail.postgres.QueueSettings;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** The clock is put back by hours while mail waits, is leased, is tried again, and clients idle: nothing waits for hours. */
@Timeout(90)
class ClockGoesBackTest {
    private static final Duration BACK = Duration.ofHours(2);
    private static final QueueSettings QUEUE = new QueueSettings(
            6,
            Duration.ofSeconds(3),
            Duration.ofMillis(100),
            50,
            8,
            3,
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            30,
            ByteSize.parse("64KB"));

    private static final MovedClock CLOCK = new MovedClock();
    private static final MortalConnections.Life LIFE = new MortalConnections.Life();
    private static TestMail mail;
    private static Connections stored;

    private static final class MovedClock extends Clock {
        private volatile Duration ahead = BACK.multipliedBy(2);

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }

        void goBack() {
            ahead = ahead.minus(BACK);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeAll
    static void start() {
        mail = new TestMail(
                TestMail.settings(QUEUE),
                database -> new MortalDatabase(database, LIFE, Set.of("mail")),
                TestMail.Ground.usual().withClock(CLOCK));
        stored = mail.stored().connections("test", "mail", 2);
    }

    @AfterAll
    static void stop() throws IOException {
        LIFE.holdQueue(false);
        mail.close();
    }

    private static void update(String sql) {
        stored.<Integer, RuntimeException>autoCommit(c -> Sql.update(c, sql));
    }

    @Test
    void nothingWaitsAndNumbersGoUp() throws Exception {
        Map<String, String> cast = mail.cast();
        String kofi = Objects.requireNonNull(cast.get("kofi"));
        String ama = Objects.requireNonNull(cast.get("ama"));
        try (SmtpClient client = new SmtpClient(mail.server());
                ImapClient idle = new ImapClient(mail.server(), kofi);
                ImapClient own = new ImapClient(mail.server(), ama)) {
            idle.say("SELECT INBOX");
            String before =
                    own.append("INBOX", SmtpClient.message(ama, "avant", 1_000)).getLast();
            String modseq = own.say("STATUS INBOX (HIGHESTMODSEQ)").getFirst();

            LIFE.holdQueue(true);
            for (String subject : List.of("attend", "loue", "essaie")) {
                assertThat(client.send("a@example.org", List.of(kofi), subject + ".", 1_000))
                        .startsWith("250 ");
            }
            // one that a node which is dead holds, one that failed and is tried again soon
            update(
                    "update queue_mail set lease_life = gen_random_uuid(), lease_node = gen_random_uuid(), lease = gen_random_uuid(),"
                            + " lease_until = enqueued + interval '3 s' where convert_from(header, 'LATIN1') like '%loue.%'");
            update(
                    "update queue_mail set attempts = 2, due = enqueued + interval '4 s', enqueued = enqueued - interval '3 h'"
                            + " where convert_from(header, 'LATIN1') like '%essaie.%'");
            idle.idle();
            CLOCK.goBack();
            LIFE.holdQueue(false);
            String told = idle.line();
            while (!told.equals("* 3 EXISTS")) { // two that come at once are told together
                told = idle.line();
            }
            idle.done();
            idle.awaitSearch("SUBJECT attend", 1);
            idle.awaitSearch("SUBJECT loue", 1);
            idle.awaitSearch("SUBJECT essaie", 1);

            assertThat(client.send("a@example.org", List.of(kofi), "apres.", 1_000))
                    .startsWith("250 ");
            idle.awaitSearch("SUBJECT apres", 1);
            String after =
                    own.append("INBOX", SmtpClient.message(ama, "apres", 1_000)).getLast();
            assertThat(number(after, "APPENDUID \\d+ (\\d+)")).isGreaterThan(number(before, "APPENDUID \\d+ (\\d+)"));
            assertThat(number(own.say("STATUS INBOX (HIGHESTMODSEQ)").getFirst(), "HIGHESTMODSEQ (\\d+)"))
                    .isGreaterThan(number(modseq, "HIGHESTMODSEQ (\\d+)"));
        }
    }

    /** Whoever was told to wait some minutes, for too many wrong passwords, waits no hours. */
    @Test
    void whoHadToWaitToSignInWaitsNoLonger() throws Exception {
        Map<String, String> cast = mail.cast();
        String kofi = Objects.requireNonNull(cast.get("kofi"));
        String answer = "";
        for (int i = 0; i < 60 && !answer.contains("UNAVAILABLE"); i++) {
            try (ImapClient client = ImapClient.greeted(mail.server())) {
                answer = client.ask("LOGIN " + kofi + " faux" + i).getLast();
            }
        }
        assertThat(answer).contains(" NO [UNAVAILABLE] ");
        CLOCK.goBack();
        try (ImapClient client = ImapClient.greeted(mail.server())) {
            assertThat(client.ask("LOGIN " + kofi + " " + TestMail.SECRET).getLast())
                    .contains(" OK");
        }
    }

    private static long number(String line, String regex) {
        var found = java.util.regex.Pattern.compile(regex).matcher(line);
        assertThat(found.find()).as(line).isTrue();
        return Long.parseLong(found.group(1));
    }
}
