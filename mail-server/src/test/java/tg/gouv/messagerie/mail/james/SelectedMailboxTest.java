package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session is told of the mailbox that it selected, while another changes it. */
class SelectedMailboxTest {
    private static TestMail mail;

    private String address;
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
    void signIn() throws IOException {
        address = Objects.requireNonNull(mail.cast().get("ama"));
        ama = new ImapClient(mail.server(), address);
        other = new ImapClient(mail.server(), address);
        ama.say("CREATE Dossier");
    }

    @AfterEach
    void hangUp() throws IOException {
        ama.close();
        other.close();
    }

    private void append(String... subjects) throws IOException {
        for (String subject : subjects) {
            other.append("Dossier", subject, "");
        }
    }

    @Test
    void tellsAtTheEndOfEachCommandWhatAnotherSessionDid() throws IOException {
        append("un", "deux");
        ama.say("SELECT Dossier");
        other.say("SELECT Dossier");
        append("trois");
        other.say("STORE 1 +FLAGS (\\Flagged)");
        assertThat(ama.say("LIST \"\" Dossier"))
                .contains("* 3 EXISTS")
                .anyMatch(line -> line.matches("\\* 1 FETCH \\(.*\\\\Flagged.*\\)"));
        other.say("STORE 2 +FLAGS.SILENT (\\Deleted)");
        other.say("EXPUNGE");
        assertThat(ama.say("NOOP")).first().isEqualTo("* 2 EXPUNGE");
        assertThat(ama.say("NOOP")).hasSize(1);
    }

    /** RFC 9051 section 7.5.1. */
    @Test
    void doesNotExpungeWhileNumbersAreSpokenOf() throws IOException {
        append("un", "deux", "trois");
        ama.say("SELECT Dossier");
        other.say("SELECT Dossier");
        other.say("STORE 1 +FLAGS.SILENT (\\Deleted)");
        other.say("EXPUNGE");
        assertThat(ama.say("FETCH 1:3 (UID)"))
                .noneMatch(line -> line.contains("EXPUNGE"))
                .contains("* 2 FETCH (UID 2)", "* 3 FETCH (UID 3)");
        assertThat(ama.say("STORE 3 +FLAGS (\\Seen)")).noneMatch(line -> line.contains("EXPUNGE"));
        assertThat(ama.say("SEARCH ALL")).contains("* SEARCH 2 3").noneMatch(line -> line.contains("EXPUNGE"));
        assertThat(ama.say("UID FETCH 3 (FLAGS)"))
                .anyMatch(line -> line.startsWith("* 3 FETCH"))
                .contains("* 1 EXPUNGE");
        assertThat(ama.say("FETCH 1:2 (UID)")).contains("* 1 FETCH (UID 2)", "* 2 FETCH (UID 3)");
    }

    @Test
    void announcesAKeywordBeforeItIsFirstUsed() throws IOException {
        append("un");
        ama.say("SELECT Dossier");
        other.say("SELECT Dossier");
        List<String> own = ama.say("STORE 1 +FLAGS (Urgent)");
        assertThat(own.get(0)).startsWith("* FLAGS (").contains("Urgent");
        assertThat(own.get(1)).contains("PERMANENTFLAGS").contains("Urgent");
        List<String> others = other.say("FETCH 1 (FLAGS)");
        assertThat(others.get(0)).startsWith("* FLAGS (").contains("Urgent");
        assertThat(others.get(2)).startsWith("* 1 FETCH").contains("Urgent");
        assertThat(ama.say("STORE 1 +FLAGS (Urgent)")).noneMatch(line -> line.startsWith("* FLAGS"));
    }

    /** RFC 3501 section 2.3.2. */
    @Test
    void givesARecentMessageToOneSession() throws IOException {
        append("un");
        assertThat(ama.say("EXAMINE Dossier")).contains("* 1 RECENT");
        assertThat(ama.say("SELECT Dossier")).contains("* 1 RECENT");
        assertThat(other.say("SELECT Dossier")).contains("* 0 RECENT");
        append("deux"); // the other session's own
        try (ImapClient third = new ImapClient(mail.server(), address)) {
            third.append("Dossier", "trois", "");
        }
        ama.say("NOOP");
        other.say("NOOP");
        List<String> all = new ArrayList<>(ama.say("FETCH 2:3 (FLAGS)"));
        all.addAll(other.say("FETCH 2:3 (FLAGS)"));
        assertThat(all.stream().filter(line -> line.matches("\\* 2 FETCH .*Recent.*")))
                .hasSize(1);
        assertThat(all.stream().filter(line -> line.matches("\\* 3 FETCH .*Recent.*")))
                .hasSize(1);
    }

    /** RFC 9051 section 6.4.6: silence is about one's own change. */
    @Test
    void isSilentAboutOwnChangesOnly() throws IOException {
        append("un", "deux");
        ama.say("SELECT Dossier");
        other.say("SELECT Dossier");
        assertThat(ama.say("STORE 1:2 +FLAGS.SILENT (\\Seen)")).hasSize(1);
        assertThat(ama.say("NOOP")).hasSize(1);
        other.say("STORE 2 +FLAGS.SILENT (\\Flagged)");
        assertThat(ama.say("STORE 1:2 +FLAGS.SILENT (\\Answered)"))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("* 2 FETCH")
                .contains("\\Flagged", "\\Answered", "\\Seen");
        assertThat(ama.say("STORE 1 -FLAGS (\\Seen)")).hasSize(2);
    }

    /** RFC 7162 section 3.1.4 and 3.2.5. */
    @Test
    void tellsModSeqsAndWhatVanished() throws IOException {
        append("un", "deux", "trois");
        String known = ama.say("SELECT Dossier (CONDSTORE)").stream()
                .filter(line -> line.contains("HIGHESTMODSEQ"))
                .map(line -> line.replaceAll("\\D+(\\d+).*", "$1"))
                .findFirst()
                .orElseThrow();
        String validity = ama.say("STATUS Dossier (UIDVALIDITY)").getFirst().replaceAll(".*UIDVALIDITY (\\d+).*", "$1");
        ama.say("UNSELECT");
        other.say("SELECT Dossier");
        other.say("STORE 1 +FLAGS (\\Deleted)");
        other.say("EXPUNGE");
        other.say("STORE 2 +FLAGS (\\Flagged)");
        assertThat(ama.say("CAPABILITY")).first().asString().contains(" CONDSTORE", " QRESYNC", " ENABLE");
        ama.say("ENABLE QRESYNC");
        List<String> told = ama.say("SELECT Dossier (QRESYNC (" + validity + " " + known + "))");
        assertThat(told).contains("* VANISHED (EARLIER) 1").anyMatch(line -> line.matches("\\* 2 FETCH .*UID 3.*"));
        assertThat(told.stream().filter(line -> line.contains(" FETCH "))).hasSize(1);
        other.say("STORE 1 +FLAGS.SILENT (\\Deleted)");
        other.say("EXPUNGE");
        assertThat(ama.say("NOOP")).contains("* VANISHED 2");
        other.say("STORE 1 +FLAGS.SILENT (\\Seen)");
        assertThat(ama.say("NOOP")).first().asString().contains("MODSEQ (").contains("UID 3");
    }

    /** RFC 7162 section 3.2.6. */
    @Test
    void namesWhatVanishedSinceAndNothingElse() throws IOException {
        append("un", "deux", "trois", "quatre", "cinq", "six");
        other.say("SELECT Dossier");
        other.say("STORE 1 +FLAGS.SILENT (\\Deleted)");
        other.say("EXPUNGE");
        String known = other.say("STATUS Dossier (HIGHESTMODSEQ)").getFirst().replaceAll(".*SEQ (\\d+).*", "$1");
        other.say("STORE 1,3,5 +FLAGS.SILENT (\\Deleted)"); // UIDs 2, 4, 6
        other.say("EXPUNGE");
        ama.say("ENABLE QRESYNC");
        ama.say("SELECT Dossier");
        assertThat(vanished("UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + known + " VANISHED)"))
                .containsExactly("* VANISHED (EARLIER) 2,4,6");
        assertThat(vanished("UID FETCH 3:5,100 (FLAGS) (CHANGEDSINCE " + known + " VANISHED)"))
                .containsExactly("* VANISHED (EARLIER) 4");
        assertThat(vanished("UID FETCH 3:4294967295 (FLAGS) (CHANGEDSINCE " + known + " VANISHED)"))
                .containsExactly("* VANISHED (EARLIER) 4,6");
        assertThat(vanished("UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)"))
                .containsExactly("* VANISHED (EARLIER) 1:2,4,6");
        // what the client counts still is not earlier: it is told at the end of the command
        other.say("STORE 1 +FLAGS.SILENT (\\Deleted)"); // UID 3
        other.say("EXPUNGE");
        append("sept");
        assertThat(vanished("UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + known + " VANISHED)"))
                .containsExactly("* VANISHED (EARLIER) 2,4,6", "* VANISHED 3");
        assertThat(ama.ask("FETCH 1 (FLAGS) (CHANGEDSINCE 1 VANISHED)").getLast())
                .contains(" BAD ");
        assertThat(ama.say("UID FETCH 5 (FLAGS)")).anyMatch(line -> line.startsWith("* 1 FETCH"));
    }

    private List<String> vanished(String command) throws IOException {
        return ama.say(command).stream()
                .filter(line -> line.contains("VANISHED"))
                .toList();
    }

    /** RFC 9051 section 7.4.1: what the client was not told of yet is neither found nor changed. */
    @Test
    void findsAndChangesOnlyWhatTheClientWasToldOf() throws IOException {
        ama.say("SELECT Dossier");
        append("un");
        assertThat(ama.say("UID SEARCH ALL")).contains("* SEARCH", "* 1 EXISTS");
        assertThat(ama.say("UID SEARCH ALL")).contains("* SEARCH 1");
        append("deux");
        assertThat(ama.say("UID SEARCH RETURN (COUNT MAX) ALL"))
                .anyMatch(line -> line.matches("\\* ESEARCH .*COUNT 1.*"))
                .contains("* 2 EXISTS");
        append("trois");
        assertThat(ama.say("UID STORE 1:* +FLAGS (\\Deleted)")).contains("* 3 EXISTS");
        other.say("SELECT Dossier");
        other.say("EXPUNGE");
        assertThat(other.say("UID SEARCH ALL")).contains("* SEARCH 3");
        append("quatre");
        ama.say("NOOP");
        assertThat(ama.say("UID FETCH 3:* (FLAGS)")).noneMatch(line -> line.contains("Deleted"));
    }

    @Test
    void anEmptyMailboxIsAskedInVain() throws IOException {
        ama.say("SELECT Dossier");
        assertThat(ama.say("UID FETCH 1:* (FLAGS)")).hasSize(1);
        assertThat(ama.say("UID STORE 1:* +FLAGS (\\Seen)")).hasSize(1);
        assertThat(ama.ask("FETCH 1 (FLAGS)").getLast()).contains(" BAD ");
    }

    /** RFC 4314 section 4: CLOSE that cannot expunge succeeds. */
    @Test
    void closesEvenWhatIsGone() throws IOException {
        ama.say("SELECT Dossier");
        other.say("DELETE Dossier");
        assertThat(ama.say("CLOSE")).hasSize(1);
        ama.say("SELECT INBOX");
    }

    @Test
    void endsTheSessionWhoseMailboxIsDeletedAndKeepsTheOneWhoseMailboxIsRenamed() throws IOException {
        append("un");
        ama.say("SELECT Dossier");
        other.say("RENAME Dossier Affaire");
        assertThat(ama.say("FETCH 1 (UID)")).contains("* 1 FETCH (UID 1)");
        other.say("DELETE Affaire");
        assertThat(ama.ask("NOOP")).first().asString().startsWith("* BYE");
        assertThat(ama.isOver()).isTrue();
    }

    @Test
    void whoDeletesTheirOwnSelectedMailboxStaysSignedIn() throws IOException {
        ama.say("SELECT Dossier");
        ama.say("DELETE Dossier");
        ama.say("SELECT INBOX");
    }

    @Test
    void nothingIsSelectedAfterASelectThatFails() throws IOException {
        append("un");
        ama.say("SELECT Dossier");
        assertThat(ama.ask("SELECT Inconnu").getLast()).contains(" NO ");
        assertThat(ama.ask("FETCH 1 (UID)").getLast()).doesNotContain(" OK");
    }

    /** RFC 6851 section 4.3. */
    @Test
    void saysWhatAMoveMadeBeforeItExpunges() throws IOException {
        append("un", "deux");
        ama.say("SELECT Dossier");
        List<String> told = ama.say("MOVE 1 INBOX");
        assertThat(told.get(0)).matches("\\* OK \\[COPYUID \\d+ 1 \\d+\\].*");
        assertThat(told.get(1)).isEqualTo("* 1 EXPUNGE");
        assertThat(told.getLast()).doesNotContain("COPYUID");
    }

    /** RFC 9051 section 6.3.3. */
    @Test
    void aMailboxThatIsExaminedHasNoPermanentFlags() throws IOException {
        assertThat(ama.say("EXAMINE Dossier")).anyMatch(line -> line.startsWith("* OK [PERMANENTFLAGS ()]"));
    }

    /** RFC 9051 section 6.3.13. */
    @Test
    void showsWhatHappensWhileItIdles() throws IOException {
        append("un");
        ama.say("SELECT Dossier");
        other.say("SELECT Dossier");
        ama.idle();
        append("deux");
        assertThat(ama.line()).isEqualTo("* 2 EXISTS");
        assertThat(ama.line()).endsWith("RECENT");
        other.say("STORE 1 +FLAGS (\\Answered)");
        assertThat(ama.line()).startsWith("* 1 FETCH").contains("\\Answered");
        other.say("STORE 1 +FLAGS.SILENT (\\Deleted)");
        assertThat(ama.line()).startsWith("* 1 FETCH").contains("\\Deleted");
        other.say("EXPUNGE");
        assertThat(ama.line()).isEqualTo("* 1 EXPUNGE");
        assertThat(ama.done().getLast()).contains("OK");
        assertThat(ama.say("FETCH 1 (UID)")).contains("* 1 FETCH (UID 2)");
    }

    @Test
    void endsAnIdleWhoseMailboxIsDeleted() throws IOException {
        ama.say("SELECT Dossier");
        ama.idle();
        other.say("DELETE Dossier");
        assertThat(ama.line()).startsWith("* BYE");
        assertThat(ama.isOver()).isTrue();
    }
}
