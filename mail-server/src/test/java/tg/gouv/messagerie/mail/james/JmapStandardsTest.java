package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tg.gouv.messagerie.directory.MailAddress;

/** What RFC 8620 and RFC 8621 ask of JMAP and James 3.8.1 does not do; each test fails on his methods alone. */
@Timeout(60)
class JmapStandardsTest {
    private static TestMail mail;
    private JmapClient client;
    private JmapClient other;
    private String kofi;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    @BeforeEach
    void two() throws Exception {
        Map<String, String> cast = mail.cast();
        client = new JmapClient(mail, MailAddress.of(Objects.requireNonNull(cast.get("ama"))));
        kofi = Objects.requireNonNull(cast.get("kofi"));
        other = new JmapClient(mail, MailAddress.of(kofi));
    }

    @AfterEach
    void close() {
        client.close();
        other.close();
    }

    private String inbox(JmapClient of) throws Exception {
        return of.call("Mailbox/query", "\"filter\":{\"role\":\"inbox\"}")
                .path("ids")
                .path(0)
                .asText();
    }

    private String imported(String keywords) throws Exception {
        String blob = client.upload("Subject: a\r\n\r\nb\r\n".getBytes(StandardCharsets.US_ASCII));
        JsonNode answer = client.call(
                "Email/import",
                "\"emails\":{\"i\":{\"blobId\":\"" + blob + "\",\"mailboxIds\":{\"" + inbox(client) + "\":true}"
                        + keywords + "}}");
        assertThat(answer.path("created").path("i").path("id").isTextual())
                .as(answer.toString())
                .isTrue();
        return answer.path("created").path("i").path("id").asText();
    }

    /** RFC 8620 section 3.6.1. */
    @Test
    void whatTheSessionAnnouncesHolds() throws Exception {
        String calls =
                IntStream.range(0, 17).mapToObj(_ -> "[\"Core/echo\",{},\"e\"]").collect(Collectors.joining(","));
        assertThat(client.post("{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[" + calls + "]}"))
                .contains("urn:ietf:params:jmap:error:limit", "maxCallsInRequest", "400");
        String large = "{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[[\"Core/echo\",{\"x\":\""
                + "y".repeat(10_000_000) + "\"},\"e\"]]}";
        assertThat(client.post(large)).contains("urn:ietf:params:jmap:error:limit", "maxSizeRequest");
        assertThat(client.post("{\"using\":")).contains("urn:ietf:params:jmap:error:notJSON");
        assertThat(client.post("[".repeat(100_000))).contains("urn:ietf:params:jmap:error:notJSON");
        assertThat(client.post("{\"using\":7}")).contains("urn:ietf:params:jmap:error:notRequest");
        String ids = IntStream.range(0, 501).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        assertThat(client.call("Email/get", "\"ids\":[" + ids + "]")
                        .path("type")
                        .asText())
                .isEqualTo("requestTooLarge");
        assertThat(client.call("Email/set", "\"destroy\":[" + ids + "]")
                        .path("type")
                        .asText())
                .isEqualTo("requestTooLarge");
    }

    /** RFC 8620 section 5.3. */
    @Test
    void ifInStateIsCompared() throws Exception {
        String before = client.call("Mailbox/get", "\"ids\":[]").path("state").asText();
        assertThat(client.call("Mailbox/set", "\"ifInState\":\"" + before + "\",\"create\":{\"a\":{\"name\":\"un\"}}")
                        .path("created")
                        .has("a"))
                .isTrue();
        assertThat(client.call("Mailbox/set", "\"ifInState\":\"" + before + "\",\"create\":{\"b\":{\"name\":\"deux\"}}")
                        .path("type")
                        .asText())
                .isEqualTo("stateMismatch");
        assertThat(client.call("Mailbox/query", "\"filter\":{\"name\":\"DEU\"}").path("ids"))
                .isEmpty();
        String state = client.call("Email/get", "\"ids\":[]").path("state").asText();
        String email = imported("");
        assertThat(client.call("Email/set", "\"ifInState\":\"" + state + "\",\"destroy\":[\"" + email + "\"]")
                        .path("type")
                        .asText())
                .isEqualTo("stateMismatch");
        assertThat(client.call("Email/get", "\"ids\":[\"" + email + "\"],\"properties\":[\"id\"]")
                        .path("list"))
                .hasSize(1);
    }

    /** RFC 8620 section 5.3: of two who saw the same state one changes something. */
    @Test
    void ifInStateIsOneActWithTheChange() throws Exception {
        List<String> emails = List.of(imported(""), imported(""), imported(""));
        CyclicBarrier start = new CyclicBarrier(2);
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 60; round++) {
                String state =
                        client.call("Email/get", "\"ids\":[]").path("state").asText();
                List<Future<JsonNode>> answers = new ArrayList<>();
                for (String mine : List.of("a", "b")) {
                    String update = emails.stream()
                            .map(email -> "\"" + email + "\":{\"keywords/" + mine + "\":true,\"keywords/" + mine
                                    + emails.indexOf(email) + "\":true}")
                            .collect(Collectors.joining(","));
                    answers.add(both.submit(() -> {
                        start.await();
                        return client.call("Email/set", "\"ifInState\":\"" + state + "\",\"update\":{" + update + "}");
                    }));
                }
                List<Integer> updated = new ArrayList<>();
                for (Future<JsonNode> answer : answers) {
                    JsonNode told = answer.get();
                    updated.add(told.path("updated").size());
                    assertThat(told.path("type").asText().equals("stateMismatch"))
                            .as("round %d: %s", round, told)
                            .isEqualTo(updated.getLast() == 0);
                }
                assertThat(updated).as("round %d", round).containsExactlyInAnyOrder(0, 3);
                for (JsonNode each : client.call(
                                "Email/get",
                                "\"ids\":[\"" + String.join("\",\"", emails) + "\"],\"properties\":[\"keywords\"]")
                        .path("list")) {
                    assertThat(each.path("keywords").has("a")).isEqualTo(updated.getFirst() == 3);
                    assertThat(each.path("keywords").has("b")).isEqualTo(updated.getLast() == 3);
                }
                for (String email : emails) {
                    client.call("Email/set", "\"update\":{\"" + email + "\":{\"keywords\":{}}}");
                }
            }
        }
    }

    @Test
    void ifInStateHoldsForMailboxesAndNewMessages() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        String blob = client.upload("Subject: a\r\n\r\nb\r\n".getBytes(StandardCharsets.US_ASCII));
        String inbox = inbox(client);
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 20; round++) {
                String kind = round % 2 == 0 ? "Mailbox" : "Email";
                String state =
                        client.call(kind + "/get", "\"ids\":[]").path("state").asText();
                List<Future<JsonNode>> answers = new ArrayList<>();
                for (String mine : List.of("a" + round, "b" + round)) {
                    answers.add(both.submit(() -> {
                        start.await();
                        return kind.equals("Mailbox")
                                ? client.call(
                                        "Mailbox/set",
                                        "\"ifInState\":\"" + state + "\",\"create\":{\"m\":{\"name\":\"" + mine
                                                + "\"}}")
                                : client.call(
                                        "Email/import",
                                        "\"ifInState\":\"" + state + "\",\"emails\":{\"m\":{\"blobId\":\"" + blob
                                                + "\",\"mailboxIds\":{\"" + inbox + "\":true}}}");
                    }));
                }
                List<Boolean> created = new ArrayList<>();
                for (Future<JsonNode> answer : answers) {
                    JsonNode told = answer.get();
                    created.add(told.path("created").has("m"));
                    assertThat(told.path("type").asText().equals("stateMismatch"))
                            .as("round %d: %s", round, told)
                            .isNotEqualTo(created.getLast());
                }
                assertThat(created).as("round %d", round).containsExactlyInAnyOrder(true, false);
            }
        }
        assertThat(client.call("Email/query", "\"calculateTotal\":true")
                        .path("total")
                        .asInt())
                .isEqualTo(10);
    }

    /** RFC 8621 section 4.1.1. */
    @Test
    void noKeywordsAreKeywordsToo() throws Exception {
        JsonNode created = client.call(
                "Email/set",
                "\"create\":{\"e\":{\"mailboxIds\":{\"" + inbox(client)
                        + "\":true},\"keywords\":{},\"subject\":\"a\",\"bodyValues\":{\"t\":{\"value\":\"b\"}},"
                        + "\"textBody\":[{\"partId\":\"t\",\"type\":\"text/plain\"}]}}");
        assertThat(created.path("created").has("e")).as(created.toString()).isTrue();
        String email = created.path("created").path("e").path("id").asText();
        for (String patch : List.of("{\"keywords\":{\"$seen\":true,\"x\":true}}", "{\"keywords\":{}}")) {
            JsonNode told = client.call("Email/set", "\"update\":{\"" + email + "\":" + patch + "}");
            assertThat(told.path("updated").has(email)).as(told.toString()).isTrue();
            assertThat(client.call("Email/get", "\"ids\":[\"" + email + "\"],\"properties\":[\"keywords\"]")
                            .path("list")
                            .path(0)
                            .path("keywords"))
                    .hasSize(patch.contains("seen") ? 2 : 0);
        }
        assertThat(client.call("Email/set", "\"update\":{\"" + email + "\":{\"keywords\":{},\"keywords/$seen\":true}}")
                        .path("notUpdated")
                        .has(email))
                .isTrue();
    }

    /** A signature over a message holds after its import. */
    @Test
    void aMessageIsImportedAsItIs() throws Exception {
        String message = """
                subject:  d\u00e9j\u00e0
                 vu
                Content-Type: multipart/signed; boundary=b; x="y"

                preamble
                --b\s
                Content-Type: text/plain;
                \tcharset=utf-8
                Content-Transfer-Encoding: quoted-printable

                =41=\s
                B
                --b
                Content-Transfer-Encoding: base64

                QUJD RA==
                --b--
                epilogue
                """.replace("\n", "\r\n");
        String blob = client.upload(message.getBytes(StandardCharsets.UTF_8));
        JsonNode told = client.call(
                "Email/import",
                "\"emails\":{\"i\":{\"blobId\":\"" + blob + "\",\"mailboxIds\":{\"" + inbox(client) + "\":true}}}");
        JsonNode created = told.path("created").path("i");
        assertThat(created.path("size").asInt())
                .as(told.toString())
                .isEqualTo(message.getBytes(StandardCharsets.UTF_8).length);
        assertThat(client.download(created.path("blobId").asText())).isEqualTo(message);
    }

    /** A message whose parts are in one another some thousand times is not imported; nothing waits for it. */
    @Test
    void aMessageThatIsNestedTooDeeplyIsNotImported() throws Exception {
        String blob = client.upload(IntStream.range(0, 3_000)
                .mapToObj(i -> "Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII));
        JsonNode told = client.call(
                "Email/import",
                "\"emails\":{\"i\":{\"blobId\":\"" + blob + "\",\"mailboxIds\":{\"" + inbox(client) + "\":true}}}");
        assertThat(told.path("notCreated").path("i").path("type").asText())
                .as(told.toString())
                .isEqualTo("invalidEmail");
    }

    /** RFC 8621 section 4.8. */
    @Test
    void aMessageIsImportedWithoutKeywords() throws Exception {
        for (String keywords : new String[] {"", ",\"keywords\":{}"}) {
            String email = imported(keywords);
            assertThat(client.call("Email/get", "\"ids\":[\"" + email + "\"],\"properties\":[\"keywords\"]")
                            .path("list")
                            .path(0)
                            .path("keywords"))
                    .isEmpty();
        }
        String flagged = imported(",\"keywords\":{\"$flagged\":true}");
        assertThat(client.call("Email/get", "\"ids\":[\"" + flagged + "\"],\"properties\":[\"keywords\"]")
                        .path("list")
                        .path(0)
                        .path("keywords")
                        .has("$flagged"))
                .isTrue();
    }

    /** RFC 8620 section 5.5. */
    @Test
    void queriesCount() throws Exception {
        for (int i = 0; i < 3; i++) {
            imported("");
        }
        JsonNode one = client.call("Email/query", "\"limit\":1,\"calculateTotal\":true");
        assertThat(one.path("ids")).hasSize(1);
        assertThat(one.path("total").asInt()).isEqualTo(3);
        assertThat(client.call("Email/query", "\"limit\":1").has("total")).isFalse();
        JsonNode boxes = client.call("Mailbox/query", "\"limit\":2,\"calculateTotal\":true");
        assertThat(boxes.path("ids")).hasSize(2);
        assertThat(boxes.path("total").asInt())
                .isEqualTo(
                        client.call("Mailbox/get", "\"ids\":null").path("list").size());
    }

    /** RFC 8621 sections 2 and 2.3. */
    @Test
    void mailboxesAreFoundByNameAndParent() throws Exception {
        String parent = client.call("Mailbox/set", "\"create\":{\"p\":{\"name\":\"Dossiers\"}}")
                .path("created")
                .path("p")
                .path("id")
                .asText();
        String child = client.call(
                        "Mailbox/set", "\"create\":{\"c\":{\"name\":\"Budget\",\"parentId\":\"" + parent + "\"}}")
                .path("created")
                .path("c")
                .path("id")
                .asText();
        assertThat(ids("\"filter\":{\"name\":\"udge\"}")).isEqualTo("[\"" + child + "\"]");
        assertThat(ids("\"filter\":{\"parentId\":\"" + parent + "\"}")).isEqualTo("[\"" + child + "\"]");
        assertThat(ids("\"filter\":{\"operator\":\"AND\",\"conditions\":[{\"parentId\":null},{\"name\":\"doss\"}]}"))
                .isEqualTo("[\"" + parent + "\"]");
        assertThat(client.call("Mailbox/query", "\"filter\":{\"colour\":\"red\"}")
                        .path("type")
                        .asText())
                .isEqualTo("unsupportedFilter");
        assertThat(client.call("Mailbox/query", "\"sort\":[{\"property\":\"colour\"}]")
                        .path("type")
                        .asText())
                .isEqualTo("unsupportedSort");
        JsonNode top = client.call("Mailbox/get", "\"ids\":[\"" + parent + "\"]")
                .path("list")
                .path(0);
        assertThat(top.has("parentId")).isTrue();
        assertThat(top.path("parentId").isNull()).isTrue();
        assertThat(client.call("Mailbox/get", "\"ids\":[\"" + parent + "\"],\"properties\":[\"name\"]")
                        .path("list")
                        .path(0)
                        .has("parentId"))
                .isFalse();
    }

    private String ids(String query) throws Exception {
        return client.call("Mailbox/query", query).path("ids").toString();
    }

    /** RFC 8620 section 5.3, RFC 8621 section 4.6. */
    @Test
    void errorsAreOfTheStandard() throws Exception {
        String email = imported("");
        assertThat(client.call("Email/set", "\"update\":{\"" + email + "\":{\"mailboxIds\":{\"999999\":true}}}")
                        .path("notUpdated")
                        .path(email)
                        .path("type")
                        .asText())
                .isEqualTo("invalidProperties");
        assertThat(client.call("Mailbox/set", "\"create\":{\"a\":{\"name\":\"\"}}")
                        .path("notCreated")
                        .path("a")
                        .path("type")
                        .asText())
                .isEqualTo("invalidProperties");
        assertThat(client.call(
                                "Email/import",
                                "\"emails\":{\"i\":{\"blobId\":\"uploads-6f1c5a4e-0000-0000-0000-000000000000\",\"mailboxIds\":{\""
                                        + inbox(client) + "\":true}}}")
                        .path("notCreated")
                        .path("i")
                        .path("type")
                        .asText())
                .isEqualTo("invalidProperties");
        assertThat(client.call("Email/set", "\"destroy\":[\"0199ffff-0000-7000-8000-000000000000\"]")
                        .path("notDestroyed")
                        .path("0199ffff-0000-7000-8000-000000000000")
                        .path("type")
                        .asText())
                .isEqualTo("notFound");
    }

    /** RFC 8621 section 2, RFC 4314: a reader of a shared mailbox is told that more is forbidden. */
    @Test
    void whoMayOnlyReadAMailboxIsForbiddenMore() throws Exception {
        String email = imported("");
        String shared = inbox(client);
        JsonNode grant = client.call(
                "Mailbox/set", "\"update\":{\"" + shared + "\":{\"sharedWith/" + kofi + "\":[\"r\",\"l\"]}}");
        assertThat(grant.path("updated").has(shared)).as(grant.toString()).isTrue();
        assertThat(other.call("Email/get", "\"ids\":[\"" + email + "\"],\"properties\":[\"subject\"]")
                        .path("list")
                        .path(0)
                        .path("subject")
                        .asText())
                .isEqualTo("a");
        for (String patch : new String[] {
            "{\"keywords/$seen\":true}",
            "{\"keywords/$flagged\":true}",
            "{\"mailboxIds\":{\"" + inbox(other) + "\":true}}"
        }) {
            assertThat(other.call("Email/set", "\"update\":{\"" + email + "\":" + patch + "}")
                            .path("notUpdated")
                            .path(email)
                            .path("type")
                            .asText())
                    .as(patch)
                    .isEqualTo("forbidden");
        }
        assertThat(other.call("Email/set", "\"destroy\":[\"" + email + "\"]").path("destroyed"))
                .isEmpty();
        assertThat(client.call("Email/get", "\"ids\":[\"" + email + "\"],\"properties\":[\"keywords\"]")
                        .path("list")
                        .path(0)
                        .path("keywords"))
                .isEmpty();
    }
}
