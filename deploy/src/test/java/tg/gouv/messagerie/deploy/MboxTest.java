package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.mail.KeptMail.Message;

/** A mailbox as a file (RFC 4155): nothing is lost, and no line of a message begins another one. */
class MboxTest {
    private static final String BEGINNING = "From MAILER-DAEMON Mon Jan  5 07:08:09 2026\n";

    @Test
    void flagsAreFieldsAndLinesEndAsInAFile() throws IOException {
        assertThat(written("Subject: a\r\n\r\nb\r\n", "\\Answered", "\\Seen", "$Important", "projet"))
                .isEqualTo(BEGINNING + "Status: RO\nX-Status: A\nX-Keywords: $Important projet\nSubject: a\n\nb\n\n");
        assertThat(written("Subject: a\r\n\r\nno end")).isEqualTo(BEGINNING + "Status: O\nSubject: a\n\nno end\n\n");
    }

    @Test
    void aLineThatWouldBeginAMessageIsQuotedAsOftenAsItIs() throws IOException {
        assertThat(body("From here\r\n>From there\r\n>>From\r\nFrom\tx\r\n From y\r\nFro"))
                .isEqualTo(">From here\n>>From there\n>>From\nFrom\tx\n From y\nFro\n\n");
    }

    @Test
    void octetsStayWhatTheyAre() throws IOException {
        assertThat(body("\u00e9\u0000\r\r\n\rx\n")).isEqualTo("\u00e9\u0000\r\n\rx\n\n");
        String large = "From " + "é".repeat(40_000);
        assertThat(body(large)).isEqualTo(">" + large + "\n\n");
    }

    private static String body(String body) throws IOException {
        return written("A: b\r\n\r\n" + body).substring((BEGINNING + "Status: O\nA: b\n\n").length());
    }

    private static String written(String message, String... flags) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Mbox(out)
                .add(new Message(
                        1,
                        Instant.parse("2026-01-05T07:08:09Z"),
                        List.of(flags),
                        new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1))));
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
