package tg.gouv.messagerie.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MimePartTest {
    private static final String MIXED = """
            Content-Type: multipart/mixed; boundary=a

            preamble
            --a

            one
            --a
            Content-Type: multipart/alternative; boundary="a b"

            --a b
            Content-Type: text/plain

            two

            --a b
            Content-Type: message/rfc822

            Subject: inner

            three
            --a b--
            --a--
            epilogue
            """.replace("\n", "\r\n");

    private static MimePart read(String message) {
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        try {
            MimePart whole = MimePart.read(new ByteArrayInputStream(octets));
            assertThat(whole.end()).isEqualTo(octets.length);
            return whole;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String body(String message, int... path) {
        MimePart part = read(message).at(path).orElseThrow();
        return message.substring((int) part.bodyStart(), (int) part.end());
    }

    @Test
    void knowsWhereThePartsAre() {
        assertThat(body(MIXED, 1)).isEqualTo("one");
        assertThat(body(MIXED, 2, 1)).isEqualTo("two\r\n");
        assertThat(body(MIXED, 2, 2)).isEqualTo("Subject: inner\r\n\r\nthree");
        assertThat(body(MIXED, 2, 2, 1)).isEqualTo("three");
        MimePart whole = read(MIXED);
        assertThat(whole.parts()).hasSize(2);
        assertThat(whole.at(new int[] {3})).isEmpty();
        assertThat(whole.at(new int[] {1, 1})).isEmpty();
        assertThat(whole.at(new int[] {2, 1}).orElseThrow().lines()).isEqualTo(1);
        assertThat(whole.at(new int[] {2, 2}).orElseThrow().lines()).isEqualTo(2);
    }

    @Test
    void aDelimiterOfAnOuterMultipartEndsTheInner() {
        String message = MIXED.replace("--a b--\r\n", "");
        assertThat(body(message, 2, 2, 1)).isEqualTo("three");
        assertThat(read(message).parts()).hasSize(2);
    }

    @Test
    void whatLooksLikeADelimiterIsNone() {
        String message = MIXED.replace("one", "--ab\r\n--a-\r\n --a\r\n-- a");
        assertThat(body(message, 1)).isEqualTo("--ab\r\n--a-\r\n --a\r\n-- a");
    }

    @Test
    void aMessageThatEndsInTheMiddleIsDividedSoFar() {
        for (int length = 0; length <= MIXED.length(); length++) {
            read(MIXED.substring(0, length));
            read(MIXED.substring(0, length).replace("\r", ""));
        }
    }

    /** However its octets come, a message is divided in the same way. */
    @Test
    void piecesMakeNoDifference() throws IOException {
        Random random = new Random(1);
        String message = MIXED.replace("three", "x".repeat(100_000) + "\r\n--a b".replace("\r\n", "y"));
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        MimePart whole = read(message);
        for (int i = 0; i < 20; i++) {
            MimePart again = MimePart.read(new ByteArrayInputStream(octets) {
                @Override
                public synchronized int read(byte[] into, int from, int length) {
                    return super.read(into, from, Math.min(length, 1 + random.nextInt(5_000)));
                }
            });
            MimePart part = again.at(new int[] {2, 2, 1}).orElseThrow();
            assertThat(part.end())
                    .isEqualTo(whole.at(new int[] {2, 2, 1}).orElseThrow().end());
            assertThat(part.lines()).isZero();
        }
    }

    static String multiparts(int depth) {
        StringBuilder message = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            message.append("Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n");
        }
        return message.append("\r\nx\r\n").toString();
    }

    static String messages(int depth) {
        return "Content-Type: message/rfc822\r\n\r\n".repeat(depth) + "Subject: x\r\n\r\nx\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"multiparts", "messages"})
    void whatIsNestedDeeperIsLeftWhole(String kind) {
        UnaryOperator<String> nested = levels ->
                kind.equals("messages") ? messages(Integer.parseInt(levels)) : multiparts(Integer.parseInt(levels));
        assertThat(isTooDeep(nested.apply("" + MimePart.DEPTH_MAX))).isFalse();
        assertThat(isTooDeep(nested.apply("" + (MimePart.DEPTH_MAX + 1)))).isTrue();
        assertTimeout(Duration.ofSeconds(5), () -> {
            MimePart part = read(nested.apply("30000"));
            int depth = 0;
            while (!part.isOpaque()) {
                part = part.message().isPresent()
                        ? part.message().get()
                        : part.parts().getFirst();
                depth++;
            }
            assertThat(depth).isEqualTo(MimePart.DEPTH_MAX);
            assertThat(part.end()).isGreaterThan(800_000);
        });
    }

    private static boolean isTooDeep(String message) {
        try (InputStream in = new ByteArrayInputStream(message.getBytes(StandardCharsets.US_ASCII))) {
            return Nesting.isTooDeep(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMessageOfPartsAloneTakesLittle() {
        String message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\n".repeat(1_000_000);
        assertTimeout(
                Duration.ofSeconds(10), () -> assertThat(read(message).parts()).hasSize(MimePart.PARTS_MAX));
        assertThat(isTooDeep(message)).isFalse();
    }
}
