package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.MailAddress;

/** What a JMAP client has of the server is still there after a restart, and nothing that happened meanwhile is hidden from it. */
class JmapStoresTest {
    private static TestMail mail;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    @Test
    void keepsStatesIdentitiesAndUploadsOverARestart() throws Exception {
        MailAddress ama = person("ama");
        String large = "Subject: avant\r\n\r\n" + "x".repeat(100_000);
        String before;
        String mailboxesBefore;
        String identity;
        String blob;
        try (JmapClient client = new JmapClient(mail, ama)) {
            submit(ama, "avant");
            await(() -> client.call("Email/query", "").path("ids").size() == 1);
            before = client.call("Email/get", "\"ids\":[]").path("state").asText();
            mailboxesBefore =
                    client.call("Mailbox/get", "\"ids\":[]").path("state").asText();
            identity = client.call(
                            "Identity/set",
                            "\"create\":{\"i\":{\"name\":\"Ama, cabinet\",\"email\":\"" + ama
                                    + "\",\"textSignature\":\"Respectueusement\"}}")
                    .path("created")
                    .path("i")
                    .path("id")
                    .asText();
            blob = client.upload(large.getBytes(StandardCharsets.US_ASCII));
        }

        mail.restart();

        try (JmapClient client = new JmapClient(mail, ama)) {
            assertThat(client.call("Email/get", "\"ids\":[]").path("state").asText())
                    .isEqualTo(before);
            submit(ama, "apres");
            JsonNode changes = awaitChanges(client, before);
            assertThat(changes.path("created")).hasSize(1);
            assertThat(changes.path("updated")).isEmpty();
            assertThat(changes.path("destroyed")).isEmpty();
            JsonNode made = client.call(
                    "Email/get",
                    "\"ids\":[" + changes.path("created").path(0) + "],\"properties\":[\"subject\",\"preview\"]");
            assertThat(made.path("list").path(0).path("subject").asText()).isEqualTo("apres");
            assertThat(made.path("list").path(0).path("preview").asText()).isEqualTo("x");

            JsonNode mailboxes = client.call("Mailbox/changes", "\"sinceState\":\"" + mailboxesBefore + "\"");
            assertThat(mailboxes.path("updated")).hasSize(1);
            assertThat(mailboxes.path("created")).isEmpty();
            assertThat(mailboxes.path("updatedProperties").toString()).contains("totalEmails");

            JsonNode found = client.call("Identity/get", "\"ids\":[\"" + identity + "\"]");
            assertThat(found.path("list").path(0).path("name").asText()).isEqualTo("Ama, cabinet");
            assertThat(found.path("list").path(0).path("textSignature").asText())
                    .isEqualTo("Respectueusement");
            assertThat(client.download(blob)).isEqualTo(large);
        }
    }

    @Test
    void tellsAWaitingClientOfADeliveryWithTheStateThatGetAnswers() throws Exception {
        MailAddress kofi = person("kofi");
        try (JmapClient client = new JmapClient(mail, kofi)) {
            CompletableFuture<String> event = client.nextState("Email,EmailDelivery");
            Thread.sleep(500); // until James has registered it, which nothing tells
            submit(kofi, "reveil");
            String told = event.get(20, TimeUnit.SECONDS);
            assertThat(told).contains("event: state").contains("EmailDelivery");
            await(() -> client.call("Email/query", "").path("ids").size() == 1);
            assertThat(told)
                    .contains(
                            client.call("Email/get", "\"ids\":[]").path("state").asText());
        }
    }

    @Test
    void anUnknownStateIsRefusedAsTheStandardSays() throws Exception {
        try (JmapClient client = new JmapClient(mail, person("ama"))) {
            String unknown = "\"sinceState\":\"5f3bd6e4-5a4b-4c4d-9c3e-8d1b2a3c4d5e\"";
            for (String method : List.of("Email/changes", "Mailbox/changes")) {
                assertThat(client.call(method, unknown).path("type").asText()).isEqualTo("cannotCalculateChanges");
            }
        }
    }

    @Test
    void listsAMailboxByDateNewestFirst() throws Exception {
        MailAddress kofi = person("kofi");
        try (JmapClient client = new JmapClient(mail, kofi)) {
            submit(kofi, "un");
            await(() -> client.call("Email/query", "").path("ids").size() == 1);
            submit(kofi, "deux");
            await(() -> client.call("Email/query", "").path("ids").size() == 2);
            String inbox = client.call("Mailbox/query", "\"filter\":{\"role\":\"inbox\"}")
                    .path("ids")
                    .path(0)
                    .asText();
            JsonNode ids = client.call(
                            "Email/query",
                            "\"filter\":{\"inMailbox\":\"" + inbox
                                    + "\"},\"sort\":[{\"property\":\"receivedAt\",\"isAscending\":false}]")
                    .path("ids");
            JsonNode first = client.call(
                    "Email/get", "\"ids\":[" + ids.path(0) + "],\"properties\":[\"subject\",\"receivedAt\"]");
            assertThat(ids).hasSize(2);
            assertThat(first.path("list").path(0).path("subject").asText()).isEqualTo("deux");
        }
    }

    private static JsonNode awaitChanges(JmapClient client, String since) throws Exception {
        await(() -> client.call("Email/changes", "\"sinceState\":\"" + since + "\"")
                        .path("created")
                        .size()
                > 0);
        return client.call("Email/changes", "\"sinceState\":\"" + since + "\"");
    }

    private static MailAddress person(String name) {
        return MailAddress.of(Objects.requireNonNull(mail.cast().get(name)));
    }

    private static void submit(MailAddress recipient, String subject) throws IOException {
        String message =
                "From: " + TestMail.WORLD + "\r\nTo: " + recipient + "\r\nSubject: " + subject + "\r\n\r\nx\r\n";
        mail.server()
                .submission()
                .submit(
                        TestMail.WORLD,
                        List.of(recipient),
                        new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        Instant end = Instant.now().plusSeconds(20);
        while (!condition.holds()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(50);
        }
    }
}
