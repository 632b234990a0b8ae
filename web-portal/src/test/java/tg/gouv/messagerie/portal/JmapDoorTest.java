package tg.gouv.messagerie.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.Handler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.Ground;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.JmapPrincipal;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.http.HttpSettings;
import tg.gouv.messagerie.platform.http.RawHttp;
import tg.gouv.messagerie.platform.http.RawHttp.Answer;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;

class JmapDoorTest {
    private static final Account AMA = account("ama@gouv.tg");
    private static final Account CABINET = account("cabinet@gouv.tg");
    private static final String AS_AMA = authorization("ama@gouv.tg:très secret");

    @TempDir
    static Path data;

    private static TlsIdentity identity;

    private final JmapKey key = JmapKey.random(new SecureRandom(), Clock.systemUTC());
    private Backend james;
    private HttpServer server;

    @BeforeAll
    static void open() {
        identity = TlsIdentities.open(TlsSettings.byDefault(), data, Clock.systemUTC(), new SecureRandom());
    }

    @AfterAll
    static void close() {
        identity.close();
    }

    @BeforeEach
    void start() {
        james = new Backend();
        server = server(Duration.ofSeconds(20), 10);
    }

    @AfterEach
    void stop() {
        server.close();
        james.close();
    }

    @Test
    void passesOnWhoSignedInAndNothingThatTheClientWroteAboutItself() throws IOException {
        String forged = JmapKey.random(new SecureRandom(), Clock.systemUTC())
                .sign(new JmapPrincipal(
                        CABINET.primary(), CABINET.id(), CABINET.id(), InetAddress.getLoopbackAddress()));
        Answer answer = ask(
                "POST",
                "/jmap?x=%C3%A9",
                AS_AMA + "Content-Type: application/json\r\nAccept: application/json\r\n"
                        + "X-Messagerie-Principal: " + forged + "\r\nX-JMAP-PREFIX: https://evil.example\r\n"
                        + "X-Forwarded-For: 192.0.2.7\r\nForwarded: for=192.0.2.7\r\nX-User: cabinet@gouv.tg\r\n"
                        + "Cookie: a=b\r\nConnection: X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\nProxy-Authorization: Basic eA==\r\n"
                        + "Via: 1.1 evil\r\nExpect: 100-continue\r\nContent-Length: 2\r\n",
                "{}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(james.asked()).hasSize(1);
        Backend.Asked asked = james.asked().getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.uri()).isEqualTo("/jmap?x=%C3%A9");
        assertThat(asked.bodyBytes()).isEqualTo(2);
        assertThat(asked.headers().keySet())
                .isSubsetOf(Set.of(
                        "host",
                        "accept",
                        "content-type",
                        "content-length",
                        "transfer-encoding",
                        "x-messagerie-principal",
                        "x-jmap-prefix",
                        "x-jmap-websocket-prefix"));
        assertThat(asked.headers().get("host")).containsExactly(james.endpoint().toString());
        assertThat(asked.headers().get("x-jmap-prefix")).containsExactly("https://mail.gouv.tg");
        assertThat(asked.headers().get("x-jmap-websocket-prefix")).containsExactly("wss://mail.gouv.tg");
        assertThat(principal(asked))
                .contains(new JmapPrincipal(
                        AMA.primary(), AMA.id(), AMA.id(), InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
    }

    @Test
    void opensTheFunctionMailboxThatTheLoginNames() throws IOException {
        ask("GET", "/jmap/session", authorization("cabinet@gouv.tg*ama@gouv.tg:très secret"), "");
        assertThat(principal(james.asked().getFirst()).orElseThrow().account()).isEqualTo(CABINET.primary());
    }

    @Test
    void refusesWhoMayOnlyReadAFunctionMailbox() throws IOException {
        Answer answer = ask("GET", "/jmap/session", authorization("archives@gouv.tg*ama@gouv.tg:très secret"), "");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(james.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Authorization: Basic\r\n",
                "Authorization: Basic !!!\r\n",
                "Authorization: Bearer abc\r\n",
                "Authorization: Basic YW1hQGdvdXYudGc=\r\n", // no colon
                "Authorization: Basic YW1hQGdvdXYudGc6d3Jvbmc=\r\n", // wrong
                "Authorization: Basic YTpi\r\nAuthorization: Basic YTpi\r\n",
                "X-Messagerie-Principal: forged\r\n"
            })
    void challengesWhoeverDoesNotSignIn(String headers) throws IOException {
        Answer answer = ask("GET", "/jmap/session", headers, "");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).contains("Basic realm=\"gouv.tg\", charset=\"UTF-8\"");
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(james.asked()).isEmpty();
    }

    @Test
    void saysWhenAThrottledClientMayTryAgain() throws IOException {
        Answer answer = ask("GET", "/jmap/session", authorization("throttled@gouv.tg:x"), "");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.header("Retry-After").orElseThrow())).isBetween(30, 42);
        assertThat(answer.header("WWW-Authenticate")).isEmpty();
        assertThat(james.asked()).isEmpty();
    }

    @Test
    void neverSaysWrongWhenItCouldNotAsk() throws IOException {
        Answer answer = ask("GET", "/jmap/session", authorization("unavailable@gouv.tg:x"), "");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isPresent();
        assertThat(answer.body()).doesNotContain("PostgreSQL");
        assertThat(james.asked()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /jmap/ws, 404",
        "GET, /jmap/other, 404",
        "GET, /upload, 404",
        "POST, /upload/a/b, 404",
        "GET, /download/a, 404",
        "GET, /download/a//b, 400",
        "POST, /authentication, 404",
        "GET, /jmap, 405",
        "OPTIONS, /jmap, 405",
        "PUT, /upload/a, 405",
        "GET, /jmap%2Fsession, 400"
    })
    void servesOnlyTheResourcesOfJmapByTheirMethods(String method, String path, int status) throws IOException {
        assertThat(ask(method, path, AS_AMA, "").status()).isEqualTo(status);
        assertThat(james.asked()).isEmpty();
    }

    @Test
    void leadsFromTheWellKnownAddressToTheSession() throws IOException {
        Answer answer = ask("GET", "/.well-known/jmap", "", "");
        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.header("Location")).contains("/jmap/session");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example\r\n",
                "Origin: null\r\n",
                "Origin: http://mail.gouv.tg\r\n",
                "Sec-Fetch-Site: cross-site\r\n",
                "Sec-Fetch-Site: same-site\r\n"
            })
    void refusesWhatThePageOfAnotherSiteAsks(String header) throws IOException {
        assertThat(ask("GET", "/jmap/session", AS_AMA + header, "").status()).isEqualTo(403);
        assertThat(james.asked()).isEmpty();
    }

    @Test
    void takesWhatOurOwnPagesAskAndOnlyJson() throws IOException {
        String own = AS_AMA + "Origin: https://mail.gouv.tg\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 2\r\n";
        assertThat(ask("POST", "/jmap", own + "Content-Type: application/json; charset=utf-8\r\n", "{}")
                        .status())
                .isEqualTo(200);
        assertThat(ask("POST", "/jmap", own + "Content-Type: text/plain\r\n", "{}")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void refusesAnUploadOverTheLimitDeclaredOrNot() throws IOException {
        String upload = AS_AMA + "Content-Type: image/png\r\n";
        assertThat(ask("POST", "/upload/a", upload + "Content-Length: 20001\r\n", "")
                        .status())
                .isEqualTo(413);
        assertThat(ask("POST", "/upload/a", upload + "Transfer-Encoding: chunked\r\n", chunked(20_001))
                        .status())
                .isEqualTo(413);
        assertThat(james.asked()).isEmpty();
        assertThat(ask("POST", "/upload/a", upload + "Transfer-Encoding: chunked\r\n", chunked(20_000))
                        .status())
                .isEqualTo(200);
        assertThat(james.asked().getFirst().bodyBytes()).isEqualTo(20_000);
    }

    @Test
    void answers504WhenJamesIsSlow() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        james.answers(exchange -> await(never));
        try (HttpServer impatient = server(Duration.ofMillis(400), 10)) {
            assertThat(ask(impatient, "GET", "/jmap/session", AS_AMA, "").status())
                    .isEqualTo(504);
        }
        never.countDown();
    }

    @Test
    void answers503WhenJamesDoesAndSaysWhenToTryAgain() throws IOException {
        james.answers(exchange -> Backend.answer(exchange, 503, "{\"detail\":\"innards\"}"));
        Answer answer = ask("POST", "/jmap", AS_AMA + "Content-Type: application/json\r\nContent-Length: 2\r\n", "{}");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isPresent();
        assertThat(answer.body()).doesNotContain("innards");
    }

    @Test
    void answers502WhenJamesIsNotThereOrFailsAndTellsNothingAboutIt() throws IOException {
        for (int status : new int[] {500, 401}) {
            james.answers(exchange -> Backend.answer(exchange, status, "java.lang.IllegalStateException: secret"));
            Answer answer = ask("GET", "/jmap/session", AS_AMA, "");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).doesNotContain("secret");
            assertThat(answer.header("WWW-Authenticate")).isEmpty();
        }
        james.close();
        assertThat(ask("GET", "/jmap/session", AS_AMA, "").status()).isEqualTo(502);
    }

    @Test
    void passesBackWhatJamesRefuses() throws IOException {
        james.answers(exchange -> Backend.answer(exchange, 400, "{\"type\":\"urn:ietf:params:jmap:error:notJSON\"}"));
        Answer answer = ask("POST", "/jmap", AS_AMA + "Content-Type: application/json\r\nContent-Length: 1\r\n", "{");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("notJSON");
    }

    @Test
    void givesADownloadToBeSavedAndNotToBeShown() throws IOException {
        String body = "0123456789".repeat(500_000);
        james.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.getResponseHeaders().set("Set-Cookie", "a=b");
            exchange.getResponseHeaders().set("Server", "james");
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
            exchange.getResponseHeaders().set("Content-Security-Policy", "default-src *");
            Backend.answer(exchange, 200, body);
        });
        Answer answer = ask("GET", "/download/a/b?type=text/html&name=a%20b.html", AS_AMA, "");
        assertThat(james.asked().getFirst().uri()).isEqualTo("/download/a/b?type=text/html&name=a%20b.html");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.header("Content-Disposition")).contains("attachment");
        assertThat(answer.header("Content-Security-Policy"))
                .contains("sandbox; default-src 'none'; frame-ancestors 'none'");
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(answer.header("Server")).isEmpty();
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void connectsAnEventSourceBeforeTheFirstEventAndPassesEachOneAtOnce() throws Exception {
        CountDownLatch mayTell = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        james.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            await(mayTell);
            exchange.getResponseBody().write("event: state\n\n".getBytes(StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            await(mayEnd);
        });
        try (RawHttp client = RawHttp.tls(server.port(), identity.authority())) {
            client.send(raw("GET", "/eventSource?types=*&closeAfter=no&ping=0", AS_AMA, ""));
            Answer head = client.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).contains("text/event-stream;charset=utf-8");
            mayTell.countDown();
            assertThat(Integer.parseInt(client.line(), 16)).isEqualTo(14);
            assertThat(client.line()).isEqualTo("event: state");
            mayEnd.countDown();
        }
    }

    @Test
    void asksAClientToComeBackWhenEveryPlaceIsTaken() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        james.answers(exchange -> {
            came.countDown();
            await(mayAnswer);
            Backend.answer(exchange, 200, "{}");
        });
        try (HttpServer small = server(Duration.ofSeconds(20), 1);
                RawHttp first = RawHttp.tls(small.port(), identity.authority())) {
            first.send(raw("GET", "/jmap/session", AS_AMA, ""));
            came.await();
            Answer second = ask(small, "GET", "/jmap/session", AS_AMA, "");
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.header("Retry-After")).isPresent();
            mayAnswer.countDown();
            assertThat(first.answer().status()).isEqualTo(200);
        }
    }

    private HttpServer server(Duration timeout, int requestsMax) {
        JmapDoorSettings settings = new JmapDoorSettings(
                PublicUrl.parse("https://mail.gouv.tg"),
                ByteSize.parse("10KB"),
                new ByteSize(20_000),
                timeout,
                requestsMax,
                10);
        JmapDoor door = new JmapDoor(
                settings, james.endpoint(), JmapDoorTest::signIn, new NoSessions(), key, Clock.systemUTC());
        Map<String, Handler> doors = new HashMap<>(door.byPathPrefix());
        doors.put("/", new Welcome(new MailOffer("mail.gouv.tg", 993, 465), settings.publicUrl()));
        return HttpServer.start(HttpSettings.byDefault().at(Endpoint.parse("127.0.0.1:0")), identity, doors);
    }

    /** A small directory of two accounts. */
    private static SignIn signIn(String login, Secret secret, InetAddress from, SignIns.Protocol protocol) {
        assertThat(protocol).isEqualTo(SignIns.Protocol.JMAP);
        assertThat(from.isLoopbackAddress()).isTrue();
        boolean right = secret.reveal().equals("très secret");
        return switch (login) {
            case "ama@gouv.tg" -> right ? granted(AMA, AMA, FunctionAccess.HOLDER) : new SignIn.Refused();
            case "cabinet@gouv.tg*ama@gouv.tg" ->
                right ? granted(CABINET, AMA, FunctionAccess.HOLDER) : new SignIn.Refused();
            case "archives@gouv.tg*ama@gouv.tg" ->
                right ? granted(CABINET, AMA, FunctionAccess.READER) : new SignIn.Refused();
            case "throttled@gouv.tg" -> new SignIn.Throttled(Instant.now().plusSeconds(42));
            case "unavailable@gouv.tg" -> throw new StoreUnavailable("PostgreSQL is away", true);
            default -> new SignIn.Refused();
        };
    }

    /** Nothing ends here. */
    private static final class NoSessions implements Sessions {
        @Override
        public Session began(SignIn.Granted granted, SignIns.Protocol protocol, InetAddress from, Runnable end) {
            return () -> {};
        }

        @Override
        public List<Live> of(AccountId actor) {
            return List.of();
        }

        @Override
        public void signOut(AccountId account) {}
    }

    private static SignIn granted(Account account, Account actor, FunctionAccess access) {
        return new SignIn.Granted(account, actor, access, Ground.ofPassword(Instant.EPOCH, 0));
    }

    private Optional<JmapPrincipal> principal(Backend.Asked asked) {
        List<String> signed = asked.headers().getOrDefault("x-messagerie-principal", List.of());
        assertThat(signed).hasSize(1);
        return key.verify(signed.getFirst());
    }

    private Answer ask(String method, String path, String headers, String body) throws IOException {
        return ask(server, method, path, headers, body);
    }

    private static Answer ask(HttpServer asked, String method, String path, String headers, String body)
            throws IOException {
        try (RawHttp client = RawHttp.tls(asked.port(), identity.authority())) {
            client.send(raw(method, path, headers, body));
            Answer answer = client.answer();
            return answer.status() == 100 ? client.answer() : answer;
        }
    }

    private static String raw(String method, String path, String headers, String body) {
        return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n" + body;
    }

    private static String chunked(int size) {
        return Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n0\r\n\r\n";
    }

    private static String authorization(String both) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8))
                + "\r\n";
    }

    private static Account account(String address) {
        MailAddress primary = MailAddress.of(address);
        return new Account(
                new AccountId(UUID.randomUUID()),
                Account.Kind.PERSON,
                Account.State.ACTIVE,
                primary,
                Set.of(primary),
                address);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
