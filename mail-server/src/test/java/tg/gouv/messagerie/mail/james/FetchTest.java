package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What FETCH tells of a message and its parts (RFC 9051 section 6.4.5), octet by octet. */
class FetchTest {
    private static final String INNER = """
            From: sub@domain.org
            Date: Sun, 12 Aug 2012 12:34:56 +0300
            Subject: submsg
            Content-Type: multipart/digest; boundary="foo"

            prologue

            --foo\s

            From: m1@example.com
            Subject: m1

            m1 body

            --foo\s
            X-Mime:   m2
              header

            From: m2@example.com
            Subject: m2

            m2 body

            --foo--

            epilogue

            """.replace("\n", "\r\n");

    private static final String OUTER = "From: user@domain.org\r\nContent-Type: message/rfc822\r\n\r\n";

    private static TestMail mail;

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
        ama = new ImapClient(mail.server(), Objects.requireNonNull(mail.cast().get("ama")));
    }

    @AfterEach
    void hangUp() throws IOException {
        ama.close();
    }

    private void given(String message) throws IOException {
        assertThat(ama.append("INBOX", message.getBytes(StandardCharsets.UTF_8), "")
                        .getLast())
                .contains(" OK ");
        ama.say("SELECT INBOX");
    }

    private void section(String name, String octets) throws IOException {
        String told = String.join("\r\n", ama.say("FETCH 1 (BODY.PEEK[" + name + "])"));
        assertThat(told)
                .startsWith("* 1 FETCH (BODY[" + name + "] {" + octets.getBytes(StandardCharsets.UTF_8).length + "}\r\n"
                        + octets + ")\r\n");
    }

    private String told(String items) throws IOException {
        return String.join("\r\n", ama.say("FETCH 1 (" + items + ")"));
    }

    @Test
    void dividesAMessageThatIsAPart() throws IOException {
        given(OUTER + INNER);
        section("1", INNER);
        section("TEXT", INNER);
        section("1.HEADER", INNER.substring(0, INNER.indexOf("prologue")));
        section("1.TEXT", INNER.substring(INNER.indexOf("prologue")));
        section("1.HEADER.FIELDS (SUBJECT X-FOO)", "Subject: submsg\r\n\r\n");
        section("1.HEADER.FIELDS.NOT (SUBJECT DATE CONTENT-TYPE)", "From: sub@domain.org\r\n\r\n");
        section("1.1", "From: m1@example.com\r\nSubject: m1\r\n\r\nm1 body\r\n");
        section("1.1.MIME", "\r\n");
        section("1.1.HEADER", "From: m1@example.com\r\nSubject: m1\r\n\r\n");
        section("1.1.TEXT", "m1 body\r\n");
        section("1.2.MIME", "X-Mime:   m2\r\n  header\r\n\r\n"); // as it was written: a signature may be over it
        section("1.2.1", "m2 body\r\n");
        section("1.3", "");
    }

    @Test
    void dividesAMessageInAMessageInAMessage() throws IOException {
        String inmost = "From: sub@domain.org\r\nSubject: submsg\r\n\r\nHello world\r\n";
        given(OUTER + OUTER + inmost);
        section("1", OUTER + inmost);
        section("1.HEADER", OUTER);
        section("1.TEXT", inmost);
        section("1.1", inmost);
        section("1.1.HEADER", "From: sub@domain.org\r\nSubject: submsg\r\n\r\n");
        section("1.1.TEXT", "Hello world\r\n");
        section("1.1.1", "Hello world\r\n");
        assertThat(told("BODY"))
                .contains("BODY (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" " + (OUTER + inmost).length() + " (")
                .contains("(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" " + inmost.length() + " (NIL \"submsg\" ")
                .contains("(\"TEXT\" \"PLAIN\" (\"charset\" \"US-ASCII\") NIL NIL \"7BIT\" 13 1) 4) 7)");
    }

    @Test
    void tellsPiecesOfSections() throws IOException {
        given(OUTER + INNER);
        assertThat(told("BODY.PEEK[1.1.TEXT]<3.4>")).startsWith("* 1 FETCH (BODY[1.1.TEXT]<3> {4}\r\nbody)");
        assertThat(told("BODY.PEEK[1.1.TEXT]<3.999>")).startsWith("* 1 FETCH (BODY[1.1.TEXT]<3> {6}\r\nbody\r\n)");
        assertThat(told("BODY.PEEK[1.1.TEXT]<999.4>")).startsWith("* 1 FETCH (BODY[1.1.TEXT]<999> {0}\r\n)");
    }

    /** RFC 5322 section 3.4, RFC 9051 section 7.5.2: names as they are meant, in ASCII. */
    @Test
    void keepsTheNamesOfAnEnvelope() throws IOException {
        given("""
                From: koffi@domain.tg (Koffi Mensah)
                Sender: "Mensah, Koffi \\"le grand\\"" <koffi@domain.tg>
                Reply-To: J. Dupont <j@domain.tg>, a@domain.tg (Ama, de (tout) ici)
                To: équipe: Éric Énée <e@domain.tg>, =?utf-8?q?=C3=89ric?= <f@domain.tg>;
                Cc: group2: (foo) ;
                Subject: déjà vu et revu
                Message-ID: <a@b>

                x
                """.replace("\n", "\r\n"));
        String envelope = told("ENVELOPE");
        assertThat(envelope)
                .contains("((\"Koffi Mensah\" NIL \"koffi\" \"domain.tg\"))")
                .contains("((\"Mensah, Koffi \\\"le grand\\\"\" NIL \"koffi\" \"domain.tg\"))")
                .contains("((\"J. Dupont\" NIL \"j\" \"domain.tg\")(\"Ama, de (tout) ici\" NIL \"a\" \"domain.tg\"))")
                .contains("((NIL NIL \"group2\" NIL)(NIL NIL NIL NIL))")
                .contains("\"<a@b>\"");
        assertThat(envelope.chars().allMatch(c -> c < 128)).isTrue();
        assertThat(javax.mail.internet.MimeUtility.decodeText(
                        envelope.replaceAll(".*ENVELOPE \\(NIL \"([^\"]*)\".*(?s:.*)", "$1")))
                .isEqualTo("déjà vu et revu");
        assertThat(envelope).doesNotContain("?\"").contains("NIL \"e\" \"domain.tg\"");
    }

    @Test
    void tellsEightBitHeadersAsTheyAre() throws IOException {
        given("Subject: déjà vu\r\nTo: x\r\n\r\nx\r\n");
        section("HEADER.FIELDS (SUBJECT)", "Subject: déjà vu\r\n\r\n");
        section("HEADER", "Subject: déjà vu\r\nTo: x\r\n\r\n");
    }

    /** A multipart in which no part is found is told as one of an empty part, as the grammar asks. */
    @Test
    void tellsAStructureOfWhatHasNone() throws IOException {
        given("Content-Type: multipart/mixed; boundary=b\r\n\r\nx\r\n");
        assertThat(told("BODYSTRUCTURE"))
                .contains(
                        "BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"charset\" \"US-ASCII\") NIL NIL \"7BIT\" 0 0 NIL NIL NIL"
                                + " NIL) \"MIXED\"");
    }

    @Test
    void tellsTheStructureOfParts() throws IOException {
        given("""
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain; charset=utf-8
                Content-Disposition: attachment; filename="a b.txt"
                Content-ID: <1@b>
                Content-Transfer-Encoding: quoted-printable

                un
                deux
                --b
                Content-Type: image/png
                Content-Transfer-Encoding: base64

                AAAA
                --b--
                """.replace("\n", "\r\n"));
        assertThat(told("BODYSTRUCTURE"))
                .startsWith("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"charset\" \"utf-8\") \"<1@b>\" NIL"
                        + " \"QUOTED-PRINTABLE\" 8 1 NIL (\"attachment\" (\"filename\" \"a b.txt\")) NIL NIL)"
                        + "(\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 4 NIL NIL NIL NIL) \"MIXED\""
                        + " (\"boundary\" \"b\") NIL NIL NIL))");
    }

    @Test
    void setsSeenOnlyWithoutPeek() throws IOException {
        given(OUTER + INNER);
        assertThat(told("BODY.PEEK[1.1.TEXT] FLAGS")).doesNotContain("\\Seen");
        assertThat(told("BODY[1.1.TEXT]")).contains("FLAGS (").contains("\\Seen");
    }
}
