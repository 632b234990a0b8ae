package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tg.gouv.messagerie.directory.MailAddress;

/** The disk of large objects is full: nothing large is acknowledged, small messages and all reading go on. */
@Timeout(60)
class FullBlobDiskTest {
    private static final int LARGE = 60_000;
    private static final int SMALL = 2_000;

    private static Optional<SmallDisk> disk = Optional.empty();
    private static TestMail mail;
    private static Map<String, String> cast;

    @BeforeAll
    static void start() throws Exception {
        disk = SmallDisk.mounted(4);
        assumeTrue(disk.isPresent(), "a disk can be mounted");
        mail = new TestMail(
                TestMail.settings(),
                database -> database,
                TestMail.Ground.usual().withBlobs(disk.get().folder().resolve("blobs")));
        cast = mail.cast();
    }

    @AfterAll
    static void stop() throws IOException {
        if (disk.isPresent()) {
            mail.close();
            disk.get().close();
        }
    }

    @BeforeEach
    void fill() throws IOException {
        disk.orElseThrow().fill();
    }

    @AfterEach
    void free() throws IOException {
        disk.orElseThrow().free();
    }

    private static String of(String name) {
        return Objects.requireNonNull(cast.get(name), name);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(disk.orElseThrow().folder().resolve("blobs"))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void aSubmittedMessageIsRefusedForNow() throws Exception {
        List<Path> before = files();
        try (SmtpClient client = new SmtpClient(mail.server(), of("ama"))) {
            assertThat(client.send(of("ama"), List.of(of("kofi")), "grand", LARGE))
                    .startsWith("452 4.3.1 ");
            assertThat(files()).as("nothing half written").isEqualTo(before);
            assertThat(client.send(of("ama"), List.of(of("kofi")), "petit", SMALL))
                    .startsWith("250 ");
            disk.orElseThrow().free();
            assertThat(client.send(of("ama"), List.of(of("kofi")), "grand-apres", LARGE))
                    .startsWith("250 ");
        }
        try (ImapClient reader = new ImapClient(mail.server(), of("kofi"))) {
            reader.say("SELECT INBOX");
            reader.awaitSearch("SUBJECT grand-apres", 1);
            reader.awaitSearch("SUBJECT petit", 1);
        }
    }

    @Test
    void aTransferredMessageAndOneOverLmtpAreToo() throws Exception {
        try (SmtpClient client = new SmtpClient(mail.server())) {
            assertThat(client.send("a@example.org", List.of(of("kofi")), "grand", LARGE))
                    .startsWith("452 4.3.1 ");
        }
        try (SmtpClient client = SmtpClient.lmtp(mail.server())) {
            assertThat(client.send("a@example.org", List.of(of("kofi")), "grand", LARGE))
                    .startsWith("452 4.3.1 ");
        }
    }

    @Test
    void anAppendIsRefusedForNowAndReadingGoesOn() throws Exception {
        disk.orElseThrow().free();
        byte[] large = SmtpClient.message(of("ama"), "depot", LARGE);
        try (ImapClient client = new ImapClient(mail.server(), of("ama"))) {
            client.say("SELECT INBOX");
            assertThat(client.append("INBOX", large).getLast()).contains(" OK ");
            disk.orElseThrow().fill();
            List<Path> before = files();
            assertThat(client.append("INBOX", large).getLast()).contains(" NO [UNAVAILABLE] ");
            assertThat(files()).as("nothing half written").isEqualTo(before);
            assertThat(client.say("FETCH 1 (FLAGS BODY.PEEK[])").toString()).contains("depot 600");
            client.say("STORE 1 +FLAGS (\\Seen)");
            assertThat(client.say("STATUS INBOX (MESSAGES)").toString()).contains("MESSAGES 1");
            disk.orElseThrow().free();
            assertThat(client.append("INBOX", large).getLast()).contains(" OK ");
        }
    }

    @Test
    void anUploadIsRefusedForNow() throws Exception {
        byte[] large = SmtpClient.message(of("ama"), "envoi", LARGE);
        try (JmapClient client = new JmapClient(mail, MailAddress.of(of("ama")))) {
            var refused = client.uploading(large);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(files().stream().filter(it -> it.toString().contains("incoming")))
                    .isEmpty();
            disk.orElseThrow().free();
            String blob = client.upload(large);
            disk.orElseThrow().fill();
            String inbox = client.call("Mailbox/query", "\"filter\":{\"role\":\"inbox\"}")
                    .path("ids")
                    .path(0)
                    .asText();
            String answer = client.call(
                            "Email/import",
                            "\"emails\":{\"e\":{\"blobId\":\"" + blob + "\",\"mailboxIds\":{\"" + inbox + "\":true}}}")
                    .toString();
            assertThat(answer)
                    .contains(
                            "\"notCreated\":{\"e\":{\"type\":\"serverFail\",\"description\":\"The message bodies cannot be reached\"");
            assertThat(client.download(blob)).isEqualTo(new String(large, StandardCharsets.US_ASCII));
        }
    }
}
