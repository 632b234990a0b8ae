package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ImapTest {
    private static TestMail mail;

    @BeforeAll
    static void start() {
        mail = TestMail.start();
    }

    @AfterAll
    static void stop() {
        mail.close();
    }

    @Test
    void nobodySignsInInClear() {
        try (Wire imap = greeted(mail.clear("imap"))) {
            assertThat(imap.imap("CAPABILITY"))
                    .contains("LOGINDISABLED", "STARTTLS")
                    .doesNotContain("AUTH=PLAIN");
            assertThat(imap.imap("LOGIN " + TestMail.AMA + " " + TestMail.SECRET))
                    .contains("t NO [PRIVACYREQUIRED]");
            assertThat(imap.imap("AUTHENTICATE PLAIN " + Wire.plain(TestMail.AMA, TestMail.SECRET)))
                    .contains("t NO [PRIVACYREQUIRED]");
        }
    }

    @Test
    void afterStartTlsPeopleSignIn() {
        try (Wire clear = greeted(mail.clear("imap"))) {
            assertThat(clear.imap("STARTTLS")).contains("t OK");
            Wire imap = clear.startTls(mail.identity.authority());
            assertThat(imap.imap("CAPABILITY"))
                    .contains("AUTH=PLAIN", "SASL-IR")
                    .doesNotContain("LOGINDISABLED");
            assertThat(imap.imap("LOGIN " + TestMail.AMA_ALIAS + " " + TestMail.SECRET))
                    .contains("t OK");
        }
    }

    @Test
    void whatFollowsStartTlsInClearIsNotObeyed() {
        try (Wire imap = greeted(mail.clear("imap"))) {
            imap.bytes("t STARTTLS\r\nx NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(imap.until("nothing begins like this")).doesNotContain("x OK");
        }
    }

    @Test
    void authenticateWithAndWithoutAnInitialResponse() {
        try (Wire imap = greeted(mail.tls("imaps"))) {
            assertThat(imap.imap("AUTHENTICATE PLAIN " + Wire.plain(TestMail.AMA, TestMail.SECRET)))
                    .contains("t OK");
        }
        try (Wire imap = greeted(mail.tls("imaps"))) {
            assertThat(imap.send("t AUTHENTICATE PLAIN").line()).startsWith("+");
            assertThat(imap.send(Wire.plain(TestMail.AMA, TestMail.SECRET)).until("t "))
                    .contains("t OK");
            assertThat(imap.imap("SELECT INBOX")).contains("t OK");
        }
    }

    @Test
    void aWrongSecretIsRefusedAndAThirdEndsTheConnection() {
        try (Wire imap = greeted(mail.tls("imaps"))) {
            assertThat(imap.imap("LOGIN inconnu@gouv.tg faux1")).contains("t NO [AUTHENTICATIONFAILED]");
            assertThat(imap.send("t AUTHENTICATE PLAIN").line()).startsWith("+");
            assertThat(imap.send(Wire.plain("inconnu@gouv.tg", "faux2")).until("t "))
                    .contains("t NO [AUTHENTICATIONFAILED]");
            assertThat(imap.imap("LOGIN inconnu@gouv.tg faux3")).contains("t NO [AUTHENTICATIONFAILED]");
            assertThat(imap.line()).startsWith("* BYE");
            assertThat(imap.line()).isNull();
        }
    }

    @Test
    void aHolderOpensTheFunctionMailbox() {
        try (Wire imap = greeted(mail.tls("imaps"))) {
            assertThat(imap.imap("LOGIN \"" + TestMail.BUDGET + "*" + TestMail.AMA + "\" " + TestMail.SECRET))
                    .contains("t OK");
            assertThat(imap.imap("SELECT INBOX")).contains("t OK");
        }
        try (Wire imap = greeted(mail.tls("imaps"))) {
            assertThat(imap.imap("LOGIN \"" + TestMail.BUDGET + "*" + TestMail.KOFI + "\" " + TestMail.SECRET))
                    .contains("t NO [AUTHENTICATIONFAILED]");
        }
    }

    @Test
    void theDefaultMailboxesAreThereWithTheirUses() {
        try (Wire imap = signedIn(TestMail.AMA)) {
            String list = imap.imap("LIST \"\" *");
            assertThat(list).contains("INBOX");
            for (String use : List.of("Drafts", "Sent", "Junk", "Trash", "Archive")) {
                assertThat(list).containsPattern("\\\\" + use + "[ )].* \"?" + use + "\"?\n");
            }
            assertThat(imap.imap("LSUB \"\" *")).contains("INBOX", "Drafts", "Archive");
        }
    }

    @Test
    void strangeNamesAreAnsweredNo() {
        try (Wire imap = signedIn(TestMail.AMA)) {
            for (String command :
                    List.of("SELECT \"#x\"", "STATUS \"#x\" (MESSAGES)", "EXAMINE \"#x\"", "CREATE \"#x\"")) {
                assertThat(imap.imap(command)).as(command).contains("t NO");
            }
            assertThat(imap.imap("LIST \"\" \"#x\"")).containsPattern("t (NO|OK)");
            assertThat(imap.imap("NOOP")).contains("t OK");
        }
    }

    @Test
    void tooMuchBeforeSignInEndsTheConnection() {
        try (Wire imap = greeted(mail.tls("imaps"))) {
            imap.send("t LOGIN {1000000+}");
            try {
                for (int i = 0; i < 64; i++) {
                    imap.bytes(new byte[1024]);
                }
            } catch (java.io.UncheckedIOException e) {
                assertThat(e).hasMessageNotContaining("Timeout"); // closed while we wrote
            }
            String end = imap.until("nothing begins like this");
            assertThat(end).doesNotContain("t OK").doesNotContain("t NO");
        }
    }

    @Test
    void aLiteralLargerThanAMessageIsRefused() {
        try (Wire imap = signedIn(TestMail.AMA)) {
            imap.send("t APPEND INBOX {1048577}");
            assertThat(imap.until("t ")).startsWith("t NO [TOOBIG]");
            assertThat(imap.imap("NOOP")).contains("t OK");
            imap.send("t APPEND INBOX {9999999999999999999+}");
            assertThat(imap.line()).startsWith("* BYE [TOOBIG]");
            assertThat(imap.line()).isNull();
        }
    }

    @Test
    void whatIsAppendedIsFetchedOctetForOctet() {
        byte[] message = ("From: <" + TestMail.AMA + ">\r\nSubject: Brouillon\r\n\r\nUne ligne.\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (Wire imap = signedIn(TestMail.AMA)) {
            assertThat(imap.send("t APPEND Drafts (\\Draft) {" + message.length + "}")
                            .line())
                    .startsWith("+");
            imap.bytes(message);
            assertThat(imap.send("").until("t ")).contains("t OK");
            assertThat(imap.imap("SELECT Drafts")).contains("1 EXISTS");
            assertThat(imap.imap("FETCH 1 (FLAGS BODY[])"))
                    .contains("\\Draft", "Une ligne.", "{" + message.length + "}");
        }
    }

    private static Wire signedIn(String login) {
        Wire imap = greeted(mail.tls("imaps"));
        assertThat(imap.imap("LOGIN " + login + " " + TestMail.SECRET)).contains("t OK");
        return imap;
    }

    private static Wire greeted(Wire imap) {
        assertThat(imap.line()).startsWith("* OK");
        return imap;
    }
}
