package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/*
 * Where Dovecot's imaptest found James 3.8.1 wrong; each test fails on it.
 */
/** What IMAP understands of a command: sets, dates, patterns, names. */
@Timeout(60)
class ImapReadingTest {
    private static TestMail mail;

    private String address;
    private ImapClient ama;

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
    }

    @AfterEach
    void hangUp() throws IOException {
        ama.close();
    }

    /** Five messages whose numbers are not their UIDs: 1, 3, 4, 5, 6. */
    private void fiveMessages() throws IOException {
        ama.say("CREATE Dossier");
        for (String subject : List.of("un", "gone", "deux", "trois", "quatre", "cinq")) {
            ama.append("Dossier", subject, "");
        }
        ama.say("SELECT Dossier");
        ama.say("STORE 2 +FLAGS.SILENT (\\Deleted)");
        ama.say("EXPUNGE");
    }

    /** RFC 9051 section 6.4.4. */
    @Test
    void aSetThatIsDeniedOrOneOfTwoDoesNotBoundASearch() throws IOException {
        fiveMessages();
        assertThat(ama.say("SEARCH NOT 2,4")).contains("* SEARCH 1 3 5");
        assertThat(ama.say("SEARCH OR 1 UID 3")).contains("* SEARCH 1 2");
        assertThat(ama.say("SEARCH 1:3 NOT UID 3")).contains("* SEARCH 1 3");
        assertThat(ama.say("SEARCH OR (1:2 NOT 1) (4:5 NOT 5)")).contains("* SEARCH 2 4");
        assertThat(ama.say("SEARCH 1:3,2:4")).contains("* SEARCH 1 2 3 4");
    }

    @Test
    void headersAreReadThoughASetBoundsTheSearch() throws IOException {
        fiveMessages();
        assertThat(ama.say("SEARCH 1:4 SUBJECT deux")).contains("* SEARCH 2");
        assertThat(ama.say("UID SEARCH UID 1:* SUBJECT cinq")).contains("* SEARCH 6");
        assertThat(ama.say("UID SEARCH UID 1:3 BODY trois")).contains("* SEARCH");
        assertThat(ama.say("UID SEARCH UID 1:4 BODY trois")).contains("* SEARCH 4");
    }

    /** RFC 9051 section 6.4.4: whatever the time and the zone. */
    @Test
    void aDateOfTheHeaderIsTheOneThatIsWrittenThere() throws IOException {
        ama.say("CREATE Dates");
        ama.append("Dates", "un\r\nDate: Sat, 24 Mar 2007 23:59:59 +0200", "");
        ama.append("Dates", "deux\r\nDate: Sun, 25 Mar 2007 00:00:00 +0200", "");
        ama.append("Dates", "trois\r\nDate: 25 Mar 2007 23:30:00 -0500 (EST)", "");
        ama.append("Dates", "quatre\r\nDate: hier", "");
        ama.say("SELECT Dates");
        assertThat(ama.say("SEARCH SENTON 24-Mar-2007")).contains("* SEARCH 1");
        assertThat(ama.say("SEARCH SENTON 25-Mar-2007")).contains("* SEARCH 2 3");
        assertThat(ama.say("SEARCH SENTBEFORE 25-Mar-2007")).contains("* SEARCH 1");
        assertThat(ama.say("SEARCH SENTSINCE 25-Mar-2007")).contains("* SEARCH 2 3");
        assertThat(ama.say("SEARCH 1:2 SENTSINCE 25-Mar-2007")).contains("* SEARCH 2");
    }

    /** RFC 4731 section 3.2. */
    @Test
    void theModSeqOfTheFirstOrTheLastIsItsOwn() throws IOException {
        fiveMessages();
        ama.say("ENABLE CONDSTORE");
        long one = modSeq(ama.say("STORE 1 +FLAGS (\\Seen)").getFirst());
        long three = modSeq(ama.say("STORE 3 +FLAGS (\\Seen)").getFirst());
        long two = modSeq(ama.say("STORE 2 +FLAGS (\\Seen)").getFirst());
        assertThat(ama.say("SEARCH RETURN (MIN) 1:3 MODSEQ 1").getFirst()).endsWith(" MIN 1 MODSEQ " + one);
        assertThat(ama.say("SEARCH RETURN (MAX) 1:3 MODSEQ 1").getFirst()).endsWith(" MAX 3 MODSEQ " + three);
        assertThat(ama.say("SEARCH RETURN (MIN MAX) 1:3 MODSEQ 1").getFirst()).endsWith(" MODSEQ " + three);
        assertThat(ama.say("UID SEARCH RETURN (MAX) 1:3 MODSEQ 1").getFirst()).endsWith(" MAX 4 MODSEQ " + three);
        assertThat(ama.say("SEARCH RETURN (ALL) 1:3 MODSEQ 1").getFirst()).endsWith(" ALL 1:3 MODSEQ " + two);
        assertThat(ama.say("SEARCH RETURN (MIN) 1:3 MODSEQ " + (two + 1)).getFirst())
                .doesNotContain("MODSEQ");
    }

    private static long modSeq(String fetch) {
        return Long.parseLong(fetch.replaceAll(".*MODSEQ \\((\\d+)\\).*", "$1"));
    }

    /** RFC 4315 section 3. */
    @Test
    void whatWasCopiedIsNamedByItsUids() throws IOException {
        fiveMessages();
        ama.say("CREATE Copies");
        assertThat(ama.say("COPY 2:3 Copies").getLast()).matches(".*\\[COPYUID \\d+ 3:4 1:2\\].*");
        assertThat(ama.say("UID COPY 1:3,6:* Copies").getLast()).matches(".*\\[COPYUID \\d+ 1,3,6 3:5\\].*");
        assertThat(ama.say("UID COPY 99,100 Copies").getLast()).contains(" OK").doesNotContain("COPYUID");
        List<String> moved = ama.say("MOVE 2,*:5 Copies");
        assertThat(moved.getFirst()).matches("\\* OK \\[COPYUID \\d+ 3,6 6:7\\].*");
        assertThat(moved.getLast()).doesNotContain("COPYUID");
        assertThat(ama.say("UID MOVE 99 Copies")).singleElement().asString().contains(" OK");
    }

    /** RFC 5258 section 3. */
    @Test
    void listTakesSeveralPatternsAndTellsAMailboxOnce() throws IOException {
        ama.say("CREATE Affaires.Un");
        ama.say("CREATE Affaires.Deux");
        assertThat(ama.say("LIST \"\" (Affaires.% \"Affaires.Un\" INBOX)"))
                .hasSize(4)
                .anyMatch(line -> line.endsWith("Affaires.Un\"") || line.endsWith("Affaires.Un"))
                .anyMatch(line -> line.contains("INBOX"));
        assertThat(ama.say("LIST \"\" (Affaires.Un Affaires.Deux) RETURN (STATUS (MESSAGES))"))
                .hasSize(5);
        assertThat(ama.ask("LIST \"\" ()").getLast()).contains(" BAD ");
    }

    /** RFC 5258 section 3.1. */
    @Test
    void listRefusesOptionsThatItDoesNotKnow() throws IOException {
        assertThat(ama.ask("LIST (imaptest) \"\" \"\"").getLast()).contains(" BAD ");
        assertThat(ama.ask("LIST (RECURSIVEMATCH) \"\" \"\"").getLast()).contains(" BAD ");
        assertThat(ama.ask("LIST (RECURSIVEMATCH REMOTE) \"\" \"\"").getLast()).contains(" BAD ");
        assertThat(ama.ask("LIST \"\" \"\" RETURN (imaptest)").getLast()).contains(" BAD ");
        assertThat(ama.say("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" *").getLast()).contains(" OK");
    }

    @Test
    void aNameThatIsNotWellEncodedIsRefused() throws IOException {
        assertThat(ama.ask("SELECT !#$$&'+,-.0123456789:;<=>?@^_`|[}").getLast())
                .contains(" NO [CANNOT]");
        assertThat(ama.ask("CREATE &A").getLast()).contains(" NO ");
        assertThat(ama.say("LIST \"\" !#$$&'+,-.0123456789:;<=>?@^_`|[}%*")).hasSize(1);
        assertThat(ama.say("NOOP").getLast()).contains(" OK");
    }

    /** RFC 2971 section 3.3: thirty fields, values of 1,024 octets. */
    @Test
    void theLongestIdIsTakenBeforeSignIn() throws IOException {
        StringBuilder id = new StringBuilder("a ID (");
        for (int i = 10; i < 40; i++) {
            id.append(i == 10 ? "" : " ")
                    .append("\"field")
                    .append(i)
                    .append("x".repeat(23))
                    .append("\" \"");
            id.append("v".repeat(1024)).append('"');
        }
        try (Client client =
                new Client(Objects.requireNonNull(mail.server().ports().get("imaps")), true)) {
            client.line();
            client.send(id.append(')').toString());
            String line = client.line();
            while (line != null && line.startsWith("* ID")) {
                line = client.line();
            }
            assertThat(line).startsWith("a OK");
        }
    }
}
