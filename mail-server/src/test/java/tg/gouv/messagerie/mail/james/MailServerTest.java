package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;

/** What a running mail server promises beyond its conversations; the outside world is sealed here. */
class MailServerTest {
    private static TestMail mail;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.sealed());
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    @Test
    void opensEveryDoorOnLoopbackAndIsWell() {
        assertThat(mail.server().ports())
                .containsOnlyKeys("smtp", "submission", "submissions", "lmtp", "imap", "imaps", "managesieve");
        assertThat(mail.server().ports().values()).allMatch(port -> port > 0).doesNotHaveDuplicates();
        assertThat(mail.server().isWell()).isTrue();
    }

    @Test
    void deliversToTheSealedMailboxWhatIsForTheOutsideAndSaysForWhom() throws Exception {
        run(Map.of(), """
                CONNECT submissions TLS
                S: 220 .*
                C: EHLO client
                S*: 250-.*
                S: 250 .*
                C: AUTH PLAIN ${ama.plain}
                S: 235 .*
                C: MAIL FROM:<${ama}>
                S: 250 .*
                C: RCPT TO:<ministre@example.org>
                S: 250 .*
                C: RCPT TO:<${kofi}>
                S: 250 .*
                C: DATA
                S: 354 .*
                C: From: ${ama}
                C: Subject: dehors
                C: X-Messagerie-Outside-Recipient: menteur@example.org
                C:
                C: x
                C: .
                S: 250 .*
                CONNECT imaps TLS
                S: \\* OK .*
                C: a1 LOGIN ${world} ${secret}
                S: a1 OK.*
                POLL STATUS INBOX (MESSAGES) => \\* STATUS "?INBOX"? \\(MESSAGES 1\\)
                C: a2 SELECT INBOX
                S..
                S: a2 OK.*
                C: a3 FETCH 1 BODY.PEEK[HEADER.FIELDS (X-Messagerie-Outside-Recipient)]
                S: \\* 1 FETCH .*
                S: X-Messagerie-Outside-Recipient: ministre@example\\.org
                S:
                S..
                S: a3 OK.*
                CONNECT imaps AS kofi TLS
                S: \\* OK .*
                C: b1 LOGIN ${kofi} ${secret}
                S: b1 OK.*
                POLL STATUS INBOX (MESSAGES) => \\* STATUS "?INBOX"? \\(MESSAGES 1\\)
                """);
    }

    @Test
    void notesWhoWritesInTheNameOfAFunctionAndNotWhoWritesInTheOwn() throws Exception {
        Map<String, String> cast = mail.cast();
        for (String from : List.of("ama", "directeur")) {
            run(cast, """
                    CONNECT submissions TLS
                    S: 220 .*
                    C: EHLO client
                    S*: 250-.*
                    S: 250 .*
                    C: AUTH PLAIN ${ama.plain}
                    S: 235 .*
                    C: MAIL FROM:<${ama}>
                    S: 250 .*
                    C: RCPT TO:<${kofi}>
                    S: 250 .*
                    C: DATA
                    S: 354 .*
                    C: From: <${%s}>
                    C:
                    C: x
                    C: .
                    S: 250 .*
                    """.formatted(from));
        }

        List<AuditEvent.Sending> sendings = mail.audited().stream()
                .filter(AuditEvent.Sending.class::isInstance)
                .map(AuditEvent.Sending.class::cast)
                .toList();
        assertThat(sendings).hasSize(1);
        AuditEvent.Sending sending = sendings.getFirst();
        assertThat(sending.subject().id())
                .isEqualTo(mail.owner(Objects.requireNonNull(cast.get("directeur")))
                        .toString());
        assertThat(sending.circumstances().actor())
                .isEqualTo(new Actor.Account(mail.owner(Objects.requireNonNull(cast.get("ama")))));
    }

    @Test
    void answersJmapForASignedPrincipalAlone() throws Exception {
        Map<String, String> cast = mail.cast();
        MailAddress kofi = MailAddress.of(Objects.requireNonNull(cast.get("kofi")));
        submit(kofi, "par le programme");
        String signed = mail.server().jmapKey().sign(mail.principal(kofi));
        JmapKey other = JmapKey.random(new SecureRandom(), Clock.systemUTC());

        assertThat(jmap("GET", "/jmap/session", null, null).statusCode()).isEqualTo(401);
        assertThat(jmap("GET", "/jmap/session", other.sign(mail.principal(kofi)), null)
                        .statusCode())
                .isEqualTo(401);
        assertThat(jmap("POST", "/authentication", signed, "{}").statusCode()).isEqualTo(404);
        HttpResponse<String> session = jmap("GET", "/jmap/session", signed, null);
        assertThat(session.statusCode()).isEqualTo(200);
        assertThat(session.body()).doesNotContain("delegation");
        assertThat(jmap(
                                "POST",
                                "/jmap",
                                signed,
                                "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:apache:james:params:jmap:delegation\"],"
                                        + "\"methodCalls\":[]}")
                        .body())
                .contains("unknownCapability");
        String account = session.body().replaceAll("(?s).*\"urn:ietf:params:jmap:mail\":\"([0-9a-f]{16,})\".*", "$1");

        String query = "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],\"methodCalls\":["
                + "[\"Email/query\",{\"accountId\":\"" + account + "\"},\"q\"],"
                + "[\"Email/get\",{\"accountId\":\"" + account + "\",\"properties\":[\"subject\"],"
                + "\"#ids\":{\"resultOf\":\"q\",\"name\":\"Email/query\",\"path\":\"/ids/*\"}},\"g\"]]}";
        await(() -> jmap("POST", "/jmap", signed, query).body().contains("\"subject\":\"par le programme\""));
    }

    /** RFC 8621 section 8, RFC 3834 section 5; the absence outlives a restart. */
    @Test
    void answersForWhoIsAwayOnceAndSaysItIsAProgram() throws Exception {
        Map<String, String> cast = mail.cast();
        MailAddress ama = MailAddress.of(Objects.requireNonNull(cast.get("ama")));
        MailAddress kofi = MailAddress.of(Objects.requireNonNull(cast.get("kofi")));
        assertThat(vacation(kofi, "{\"textBody\":\"" + "x".repeat(70_000) + "\"}"))
                .contains("invalidArguments", "65536")
                .doesNotContain("\"updated\"");
        assertThat(vacation(
                        kofi, "{\"isEnabled\":true,\"textBody\":\"Absent\\nun mois.\",\"htmlBody\":\"<b>Absent</b>\"}"))
                .contains("\"updated\"");
        mail.restart();

        submit(ama, kofi, "une question");
        run(cast, """
                CONNECT imaps TLS
                S: \\* OK .*
                C: a1 LOGIN ${ama} ${secret}
                S: a1 OK.*
                POLL STATUS INBOX (MESSAGES) => \\* STATUS "?INBOX"? \\(MESSAGES 1\\)
                C: a2 SELECT INBOX
                S..
                S: a2 OK.*
                C: a3 FETCH 1 BODY[]
                S: \\* 1 FETCH .*
                S: Return-Path: <>
                S..
                S: From: ${kofi}
                S: To: ${ama}
                S: Message-ID: <.*@mail\\.gouv\\.test>
                S: Subject: Auto: une question
                S: MIME-Version: 1.0
                S: Content-Type: multipart/alternative;.*
                S..
                S: Auto-Submitted: auto-replied
                S..
                S: Content-Type: text/plain; charset=UTF-8
                S..
                S: Absent
                S: un mois\\.
                S..
                S: Content-Type: text/html; charset=UTF-8
                S..
                S: <b>Absent</b>
                S..
                S: a3 OK.*
                """);
        submit(ama, kofi, "une autre");
        run(cast, """
                CONNECT imaps TLS
                S: \\* OK .*
                C: a1 LOGIN ${kofi} ${secret}
                S: a1 OK.*
                POLL STATUS INBOX (MESSAGES) => \\* STATUS "?INBOX"? \\(MESSAGES 2\\)
                """);
        submit(kofi, ama, "merci");
        run(cast, """
                CONNECT imaps TLS
                S: \\* OK .*
                C: a1 LOGIN ${ama} ${secret}
                S: a1 OK.*
                POLL STATUS INBOX (MESSAGES UIDNEXT) => \\* STATUS "?INBOX"? \\(MESSAGES 2 UIDNEXT 3\\)
                """);
    }

    /** RFC 9425 section 4, with the names of its draft: the limits are those of the settings. */
    @Test
    void tellsJmapClientsTheQuota() throws Exception {
        MailAddress ama = MailAddress.of(Objects.requireNonNull(mail.cast().get("ama")));
        assertThat(asked(ama, "urn:ietf:params:jmap:quota", "Quota/get", "\"ids\":null"))
                .contains("\"used\":0", "\"limit\":" + (5L << 30), "\"limit\":1000000");
    }

    private String vacation(MailAddress account, String patch) throws Exception {
        return asked(
                account,
                "urn:ietf:params:jmap:vacationresponse",
                "VacationResponse/set",
                "\"update\":{\"singleton\":" + patch + "}");
    }

    private String asked(MailAddress account, String capability, String method, String arguments) throws Exception {
        String signed = mail.server().jmapKey().sign(mail.principal(account));
        String id = jmap("GET", "/jmap/session", signed, null)
                .body()
                .replaceAll("(?s).*\"urn:ietf:params:jmap:mail\":\"([0-9a-f]{16,})\".*", "$1");
        return jmap(
                        "POST",
                        "/jmap",
                        signed,
                        "{\"using\":[\"urn:ietf:params:jmap:core\",\"" + capability + "\"],\"methodCalls\":[[\""
                                + method + "\",{\"accountId\":\"" + id + "\"," + arguments + "},\"x\"]]}")
                .body();
    }

    @Test
    void keepsMailAndItsNumbersOverARestart() throws Exception {
        Map<String, String> cast = mail.cast();
        submit(MailAddress.of(Objects.requireNonNull(cast.get("ama"))), "avant");
        run(cast, """
                CONNECT imaps TLS
                S: \\* OK .*
                C: a1 LOGIN ${ama} ${secret}
                S: a1 OK.*
                POLL STATUS INBOX (MESSAGES UIDNEXT) => \\* STATUS "?INBOX"? \\(MESSAGES 1 UIDNEXT 2\\)
                C: a2 SELECT INBOX
                S..
                S: a2 OK.*
                C: a3 STORE 1 +FLAGS (\\Flagged dossier)
                S..
                S: a3 OK.*
                """);

        Instant begin = Instant.now();
        mail.restart();
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(30));

        submit(MailAddress.of(Objects.requireNonNull(cast.get("ama"))), "apres");
        run(cast, """
                CONNECT imaps TLS
                S: \\* OK .*
                C: a1 LOGIN ${ama} ${secret}
                S: a1 OK.*
                POLL STATUS INBOX (MESSAGES UIDNEXT) => \\* STATUS "?INBOX"? \\(MESSAGES 2 UIDNEXT 3\\)
                C: a2 SELECT INBOX
                S..
                S: a2 OK.*
                C: a3 UID FETCH 1 (FLAGS)
                S: \\* 1 FETCH \\(FLAGS \\((?=.*\\\\Flagged)(?=.*dossier).*\\) UID 1\\)
                S: a3 OK.*
                """);
    }

    @Test
    void endsWithinFiveSecondsWithClientsConnected() throws Exception {
        try (Client imap = new Client(port("imaps"), true);
                Client smtp = new Client(port("smtp"), false);
                Client sieve = new Client(port("managesieve"), false)) {
            assertThat(imap.line()).startsWith("* OK");
            assertThat(smtp.line()).startsWith("220");
            assertThat(sieve.line()).isEqualTo("\"IMPLEMENTATION\" \"Messagerie\"");
            Instant begin = Instant.now();
            mail.server().close();
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
            assertThat(mail.server().isWell()).isFalse();
        } finally {
            mail.restart();
        }
        assertThat(mail.server().isWell()).isTrue();
    }

    /** James alone would keep the whole answer in memory: two such clients ended a server of 400 MB (ARCHITECTURE, section 5). */
    @Test
    void endsTheConnectionOfAClientThatAsksAndDoesNotRead() throws Exception {
        Map<String, String> cast = mail.cast();
        int size = 900_000;
        int fetches = 100;
        try (Client reader = new Client(port("imaps"), true)) {
            assertThat(reader.line()).startsWith("* OK");
            ask(reader, "a1 LOGIN " + cast.get("ama") + " " + TestMail.SECRET);
            reader.send("a2 APPEND INBOX {" + size + "+}");
            reader.send(("x".repeat(78) + "\r\n").repeat(size / 80).getBytes(StandardCharsets.US_ASCII));
            ask(reader, "");
            ask(reader, "a3 SELECT INBOX");
            for (int i = 0; i < fetches; i++) {
                reader.send("f" + i + " FETCH 1 BODY.PEEK[]");
            }
            await(() -> !stillTakes(reader));
            long heard = 0;
            try {
                for (String line = reader.line(); line != null; line = reader.line()) {
                    heard += line.length();
                }
            } catch (IOException _) {
                // reset is an end too
            }
            assertThat(heard).isLessThan((long) size * fetches / 2);
        }
        assertThat(mail.server().isWell()).isTrue();
    }

    private static boolean stillTakes(Client client) {
        try {
            client.send("n NOOP");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void ask(Client client, String command) throws IOException {
        client.send(command);
        String line = Objects.requireNonNull(client.line());
        while (!line.matches("a[0-9] .*")) {
            line = Objects.requireNonNull(client.line());
        }
        assertThat(line).matches("a[0-9] OK.*");
    }

    private static int port(String name) {
        return Objects.requireNonNull(mail.server().ports().get(name));
    }

    private static void submit(MailAddress recipient, String subject) throws IOException {
        submit(TestMail.WORLD, recipient, subject);
    }

    private static void submit(MailAddress sender, MailAddress recipient, String subject) throws IOException {
        String message = "From: " + sender + "\r\nTo: " + recipient + "\r\nSubject: " + subject + "\r\n\r\nx\r\n";
        mail.server()
                .submission()
                .submit(sender, List.of(recipient), new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)));
    }

    private void run(Map<String, String> cast, String script) throws IOException, InterruptedException {
        Map<String, String> variables = cast.isEmpty() ? mail.cast() : cast;
        variables.put("world", TestMail.WORLD.toString());
        Path file = Files.writeString(folder.resolve("script.txt"), script);
        new Script(file, mail.server(), variables).run();
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

    private static HttpResponse<String> jmap(
            String method,
            String path,
            @org.jspecify.annotations.Nullable String signed,
            @org.jspecify.annotations.Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(mail.server().jmap() + path))
                .header("Accept", "application/json; jmapVersion=rfc-8621")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (signed != null) {
            request.header(JmapKey.HEADER, signed);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
