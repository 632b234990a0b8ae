package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** STORE on the condition that nobody changed the message since (RFC 7162 section 3.1.3). */
class StoreTest {
    private static final int ROUNDS = 200;

    private static TestMail mail;

    private ImapClient ama;
    private ImapClient other;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    @BeforeEach
    void select() throws IOException {
        String address = Objects.requireNonNull(mail.cast().get("ama"));
        ama = new ImapClient(mail.server(), address);
        other = new ImapClient(mail.server(), address);
        for (String subject : List.of("un", "deux", "trois")) {
            ama.append("INBOX", subject, "");
        }
        ama.say("SELECT INBOX (CONDSTORE)");
        other.say("SELECT INBOX (CONDSTORE)");
    }

    @AfterEach
    void hangUp() throws IOException {
        ama.close();
        other.close();
    }

    private long modSeq(int message) throws IOException {
        return ama.say("FETCH " + message + " (MODSEQ)").stream()
                .filter(line -> line.startsWith("* " + message + " FETCH"))
                .map(line -> line.replaceAll(".*MODSEQ \\((\\d+)\\).*", "$1"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void ofTwoSessionsThatSawTheSameOneChangesTheMessage() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < ROUNDS; round++) {
                String silent = round % 2 == 0 ? "" : ".SILENT";
                String store = "UID STORE 2 (UNCHANGEDSINCE " + modSeq(2) + ") +FLAGS" + silent;
                Future<List<String>> one = both.submit(() -> {
                    start.await();
                    return ama.say(store + " (\\Flagged)");
                });
                Future<List<String>> two = both.submit(() -> {
                    start.await();
                    return other.say(store + " (\\Answered)");
                });
                List<Boolean> won = List.of(won(one.get()), won(two.get()));
                assertThat(won).as("round %d", round).containsOnlyOnce(true);
                String flags = ama.say("UID FETCH 2 (FLAGS)").getFirst();
                assertThat(flags.contains("\\Flagged")).isEqualTo(won.getFirst());
                assertThat(flags.contains("\\Answered")).isEqualTo(won.getLast());
                ama.say("UID STORE 2 FLAGS.SILENT ()");
            }
        }
    }

    private static boolean won(List<String> answer) {
        return !answer.getLast().contains("[MODIFIED 2]");
    }

    @Test
    void changesThoseThatAreUnchangedAndNamesTheOthers() throws IOException {
        long known = modSeq(3);
        other.say("STORE 2 +FLAGS (\\Flagged)");
        List<String> told = ama.say("STORE 1:3 (UNCHANGEDSINCE " + known + ") +FLAGS (\\Seen)");
        assertThat(told.getLast()).contains("[MODIFIED 2]");
        assertThat(told).anyMatch(line -> line.matches("\\* 1 FETCH \\(MODSEQ \\(\\d+\\) .*Seen.*"));
        assertThat(told).anyMatch(line -> line.matches("\\* 3 FETCH \\(MODSEQ \\(\\d+\\) .*Seen.*"));
        assertThat(ama.say("FETCH 2 (FLAGS)").getFirst()).contains("\\Flagged").doesNotContain("\\Seen");
        assertThat(ama.say("UID STORE 2:3 (UNCHANGEDSINCE " + known + ") +FLAGS (\\Seen)")
                        .getLast())
                .contains("[MODIFIED 2:3]");
    }

    /** Silence is about flags: that there is a new MODSEQ is told. */
    @Test
    void tellsTheModSeqAlsoInSilence() throws IOException {
        List<String> told = ama.say("UID STORE 1 (UNCHANGEDSINCE " + modSeq(1) + ") +FLAGS.SILENT (\\Seen)");
        assertThat(told).hasSize(2);
        assertThat(told.getFirst()).matches("\\* 1 FETCH \\(MODSEQ \\(" + modSeq(1) + "\\) UID 1\\)");
    }

    @Test
    void flagsThatAreThereAlreadyAreNoChange() throws IOException {
        ama.say("STORE 1 +FLAGS (\\Seen)");
        long known = modSeq(1);
        List<String> told = ama.say("STORE 1 (UNCHANGEDSINCE " + known + ") +FLAGS (\\Seen)");
        assertThat(told.getLast()).doesNotContain("MODIFIED");
        assertThat(modSeq(1)).isEqualTo(known);
        assertThat(other.say("STORE 1 (UNCHANGEDSINCE " + (known - 1) + ") +FLAGS (\\Seen)")
                        .getLast())
                .contains("[MODIFIED 1]");
    }

    /** Of MODSEQ 0 a system flag exists always, a keyword if it is set. */
    @Test
    void takesAKeywordThatNobodyHasYet() throws IOException {
        assertThat(ama.say("STORE 1 (UNCHANGEDSINCE 0) +FLAGS (\\Seen)").getLast())
                .contains("[MODIFIED 1]");
        assertThat(ama.say("STORE 1 (UNCHANGEDSINCE 0) +FLAGS ($Traite)").getLast())
                .doesNotContain("MODIFIED");
        other.say("NOOP");
        assertThat(other.say("STORE 1 (UNCHANGEDSINCE 0) +FLAGS ($traite)").getLast())
                .contains("[MODIFIED 1]");
    }

    /** The client knows the UID by APPENDUID, not by EXISTS. */
    @Test
    void changesAMessageThatTheClientAppendedElsewhere() throws IOException {
        ama.append("INBOX", "quatre", "");
        String uid = ama.say("FETCH 4 (UID)").getFirst().replaceAll(".*UID (\\d+).*", "$1");

        List<String> said = other.say("UID STORE " + uid + " +FLAGS (\\Flagged)");

        assertThat(said).contains("* 4 EXISTS");
        assertThat(said.toString()).contains("* 4 FETCH (").contains("\\Flagged");
        assertThat(ama.say("FETCH 4 (FLAGS)").toString()).contains("\\Flagged");
    }

    @Test
    void aClientThatAsksForWhatCameIsGivenItAtOnce() throws IOException {
        long last = Long.parseLong(ama.say("FETCH 3 (UID)").getFirst().replaceAll(".*UID (\\d+).*", "$1"));
        ama.append("INBOX", "quatre", "");

        assertThat(other.say("UID FETCH " + (last + 1) + ":* (ENVELOPE)").toString())
                .contains("* 4 EXISTS", "* 4 FETCH (", "quatre");
    }
}
