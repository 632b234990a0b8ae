package tg.gouv.messagerie.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.platform.http.RawHttp.Answer;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;

class HttpServerTest {
    private static final String END = "Host: mail.gouv.tg\r\nConnection: close\r\n\r\n";

    @TempDir
    static Path data;

    private static TlsIdentity identity;
    private static HttpServer server;

    @BeforeAll
    static void start() {
        identity = TlsIdentities.open(TlsSettings.byDefault(), data, Clock.systemUTC(), new SecureRandom());
        server = HttpServer.start(
                settings(),
                identity,
                Map.of(
                        "/said", Doors.saying(request -> "said"),
                        "/said/longer", Doors.saying(request -> "longer"),
                        "/address", Doors.saying(Request::getRemoteAddr),
                        "/count", Doors.counting(),
                        "/segments", new Segments(),
                        "/fails",
                                Doors.saying(request -> {
                                    throw new IllegalStateException("the secret of the State");
                                })));
    }

    @AfterAll
    static void stop() {
        server.close();
        identity.close();
    }

    @Test
    void givesARequestToTheDoorWithTheLongestPrefixOfWholeSegments() throws IOException {
        assertThat(get("/said").body()).isEqualTo("said");
        assertThat(get("/said/more?x=1").body()).isEqualTo("said");
        assertThat(get("/said/longer/still").body()).isEqualTo("longer");
        assertThat(get("/saidless").status()).isEqualTo(404);
        assertThat(server.isWell()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /said HTTP/1.1, 200",
        "GET /nothing HTTP/1.1, 404",
        "GET /fails HTTP/1.1, 500",
        "DELETE /nothing HTTP/1.1, 404",
        "OPTIONS * HTTP/1.1, 404",
        "GET /said/%2e%2e/a HTTP/1.1, 400",
        "GET /said%2Flonger HTTP/1.1, 400",
        "GET /said/%2Flonger HTTP/1.1, 400",
        "GET /said/100%25 HTTP/1.1, 400",
        "GET /segments%2Fa HTTP/1.1, 400",
        "GET /segments/../said/%2F HTTP/1.1, 400",
        "GET /segments/%2e%2e/a HTTP/1.1, 400",
        "GET /segments/a%2Fb%25 HTTP/1.1, 200",
        "G@T /said HTTP/1.1, 400",
        "nonsense, 400"
    })
    void putsSecurityHeadersOnEveryAnswerAndTellsNothingAboutUs(String line, int status) throws IOException {
        Answer answer = ask(line + "\r\n" + END);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.header("Content-Security-Policy"))
                .hasValueSatisfying(it -> assertThat(it).contains("default-src 'none'", "frame-ancestors 'none'"));
        assertThat(answer.header("Referrer-Policy")).contains("same-origin");
        assertThat(answer.header("Permissions-Policy")).isPresent();
        assertThat(answer.header("Server")).isEmpty();
        assertThat(answer.header("X-Powered-By")).isEmpty();
        assertThat(answer.headers().stream().filter(it -> it.startsWith("Content-Security-Policy")))
                .hasSize(1);
        assertThat(answer.body()).doesNotContain("Exception", "secret", "jetty", "tg.gouv.messagerie");
    }

    @Test
    void asksBrowsersForHttpsUnlessTheHostIsThisMachine() throws IOException {
        assertThat(get("/said").header("Strict-Transport-Security")).contains("max-age=31536000");
        for (String host : new String[] {"localhost:8443", "127.0.0.1", "[::1]:8443", "demo.localhost"}) {
            Answer answer = ask("GET /said HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Strict-Transport-Security")).as(host).isEmpty();
        }
    }

    @Test
    void takesTheClientsAddressFromTheSocketAlone() throws IOException {
        Answer answer = ask("GET /address HTTP/1.1\r\nX-Forwarded-For: 192.0.2.7\r\nX-Real-IP: 192.0.2.7\r\n"
                + "Forwarded: for=192.0.2.7\r\n" + END);
        assertThat(answer.body()).isEqualTo("127.0.0.1");
    }

    @Test
    void answers431ToAHeaderThatIsTooLarge() throws IOException {
        Answer answer = ask("GET /said HTTP/1.1\r\nX: " + "x".repeat(5_000) + "\r\n" + END);
        assertThat(answer.status()).isEqualTo(431);
        assertThat(answer.body()).contains("En-têtes trop volumineux");
    }

    @Test
    void answers413ToABodyThatIsTooLargeDeclaredOrNot() throws IOException {
        assertThat(ask("POST /count HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 10001\r\n" + END)
                        .status())
                .isEqualTo(413);
        assertThat(ask("POST /count HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END + "2711\r\n" + "x".repeat(10_001)
                                + "\r\n0\r\n\r\n")
                        .status())
                .isEqualTo(413);
        assertThat(ask("POST /count HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END + "2710\r\n" + "x".repeat(10_000)
                                + "\r\n0\r\n\r\n")
                        .body())
                .isEqualTo("10000");
    }

    @Test
    void whoeverSendsTooMuchReadsTheAnswerWhenTheyHaveSentIt() throws IOException {
        int much = 20 << 20; // more than the buffers between us
        assertThat(ask("POST /count HTTP/1.1\r\nContent-Length: " + much + "\r\n" + END + "x".repeat(much))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void refusesTwoLengths() throws IOException {
        assertThat(ask("POST /count HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n" + END
                                + "0\r\n\r\n")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "| | text/html;charset=utf-8 | fr | Page introuvable",
                "text/html,*/*;q=0.8 | en-GB,en;q=0.9,fr;q=0.8 | text/html;charset=utf-8 | en | Page not found",
                "text/html | de,fr;q=0.5,en;q=0.4 | text/html;charset=utf-8 | fr | Page introuvable",
                "text/plain | en | text/plain;charset=utf-8 | en | 404 Page not found",
                "application/json | fr | application/problem+json | fr | \"status\":404",
                "image/png | ee | text/html;charset=utf-8 | fr | Page introuvable"
            })
    void saysErrorsInTheFormAndLanguageAskedFor(
            String accept, String languages, String type, String language, String text) throws IOException {
        Answer answer = ask("GET /nothing HTTP/1.1\r\n"
                + (accept == null ? "" : "Accept: " + accept + "\r\n")
                + (languages == null ? "" : "Accept-Language: " + languages + "\r\n")
                + END);
        assertThat(answer.header("Content-Type")).contains(type);
        assertThat(answer.header("Content-Language")).contains(language);
        assertThat(answer.body()).contains(text);
    }

    @Test
    void closesAConnectionWhoseHeaderTricklesIn() throws Exception {
        try (HttpServer impatient =
                        HttpServer.start(timeouts(Duration.ofMillis(600), Duration.ofSeconds(20)), identity, doors());
                RawHttp client = RawHttp.tls(impatient.port(), identity.authority())) {
            client.send("GET /said HTTP/1.1\r\n");
            Thread trickle = Thread.ofVirtual().start(() -> trickle(client));
            long from = System.nanoTime();
            assertThat(client.ended()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
            trickle.interrupt();
        }
    }

    @Test
    void keepsAConnectionWhoseRequestsComeInTime() throws Exception {
        try (HttpServer impatient =
                        HttpServer.start(timeouts(Duration.ofSeconds(2), Duration.ofSeconds(20)), identity, doors());
                RawHttp client = RawHttp.tls(impatient.port(), identity.authority())) {
            long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            while (System.nanoTime() < until) {
                assertThat(client.ask("GET /said HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .body())
                        .isEqualTo("said");
            }
        }
    }

    @Test
    void answers408ToABodyThatTricklesIn() throws Exception {
        try (HttpServer impatient =
                        HttpServer.start(timeouts(Duration.ofMillis(600), Duration.ofSeconds(20)), identity, doors());
                RawHttp client = RawHttp.tls(impatient.port(), identity.authority())) {
            client.send("POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n");
            Thread trickle = Thread.ofVirtual().start(() -> trickle(client));
            assertThat(client.answer().status()).isEqualTo(408);
            trickle.interrupt();
        }
    }

    @Test
    void answers408ToABodyThatStops() throws Exception {
        try (HttpServer impatient =
                        HttpServer.start(timeouts(Duration.ofSeconds(20), Duration.ofMillis(300)), identity, doors());
                RawHttp client = RawHttp.tls(impatient.port(), identity.authority())) {
            client.send("POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\nx");
            assertThat(client.answer().status()).isEqualTo(408);
        }
    }

    @Test
    void letsADoorWorkLongerThanAClientMayBeSilent() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Handler slow = Doors.saying(request -> "after a second " + never.await(1, TimeUnit.SECONDS));
        try (HttpServer impatient = HttpServer.start(
                        timeouts(Duration.ofMillis(300), Duration.ofMillis(300)), identity, Map.of("/slow", slow));
                RawHttp client = RawHttp.tls(impatient.port(), identity.authority())) {
            assertThat(client.ask("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .body())
                    .isEqualTo("after a second false");
        }
    }

    @Test
    void doesNotWaitForConnectionsWithoutARequestWhenItStops() throws Exception {
        HttpServer stopped = HttpServer.start(settings(), identity, doors());
        try (RawHttp client = RawHttp.tls(stopped.port(), identity.authority())) {
            assertThat(client.ask("GET /said HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status())
                    .isEqualTo(200);
            long from = System.nanoTime();
            stopped.close();
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofMillis(1_400));
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void closesASilentConnection() throws Exception {
        try (HttpServer impatient =
                        HttpServer.start(timeouts(Duration.ofSeconds(20), Duration.ofMillis(300)), identity, doors());
                RawHttp client = RawHttp.tls(impatient.port(), identity.authority())) {
            assertThat(client.ask("GET /said HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void letsTheConnectionAfterTheLastWait() throws Exception {
        HttpSettings one = new HttpSettings(
                Endpoint.parse("127.0.0.1:0"),
                ByteSize.parse("4KB"),
                new ByteSize(10_000),
                ByteSize.parse("1KB"),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                1,
                10);
        try (HttpServer small = HttpServer.startOnLoopback(one, doors());
                RawHttp first = RawHttp.plain(small.port())) {
            assertThat(first.ask("GET /said HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status())
                    .isEqualTo(200);
            try (RawHttp second = RawHttp.plain(small.port())) {
                second.send("GET /said HTTP/1.1\r\nHost: localhost\r\n\r\n");
                second.patience(500);
                assertThatThrownBy(second::answer).isInstanceOf(SocketTimeoutException.class);
                first.hangUp();
                second.patience(20_000);
                assertThat(second.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void letsRequestsAtWorkEndWhenItStops() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        HttpServer stopped = HttpServer.start(settings(), identity, Map.of("/slow", Doors.saying(request -> {
            working.countDown();
            return "ended " + mayEnd.await(10, TimeUnit.SECONDS);
        })));
        try (RawHttp client = RawHttp.tls(stopped.port(), identity.authority())) {
            client.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(working.await(10, TimeUnit.SECONDS)).isTrue();
            Thread stop = Thread.ofVirtual().start(stopped::close);
            mayEnd.countDown();
            assertThat(client.answer().body()).isEqualTo("ended true");
            assertThat(stop.join(Duration.ofSeconds(10))).isTrue();
            assertThat(stopped.isWell()).isFalse();
        }
    }

    @Test
    void doesNotWaitLongForARequestThatDoesNotEnd() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        HttpServer stopped = HttpServer.start(settings(), identity, Map.of("/stuck", Doors.saying(request -> {
            working.countDown();
            never.await();
            return "";
        })));
        try (RawHttp client = RawHttp.tls(stopped.port(), identity.authority())) {
            client.send("GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(working.await(10, TimeUnit.SECONDS)).isTrue();
            long from = System.nanoTime();
            stopped.close();
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofMillis(2_500));
        }
        never.countDown();
    }

    @Test
    void presentsARenewedCertificateWithoutARestart(@TempDir Path own) throws IOException {
        try (TlsIdentity renewed =
                        TlsIdentities.open(TlsSettings.byDefault(), own, Clock.systemUTC(), new SecureRandom());
                HttpServer running = HttpServer.start(settings(), renewed, doors())) {
            Path before = Files.copy(renewed.authority(), own.resolve("before.pem"));
            assertThat(said(running, before)).isEqualTo("said");
            Files.delete(renewed.authority());
            renewed.reload();
            assertThat(said(running, renewed.authority())).isEqualTo("said");
            assertThatThrownBy(() -> said(running, before)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void saysWhereItCannotListen() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint listen = new Endpoint("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> HttpServer.start(settings().at(listen), identity, doors()))
                    .isInstanceOf(HttpRefused.class)
                    .hasMessageStartingWith("HTTP cannot listen on " + listen + ": ")
                    .hasMessageContaining("http.listen");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/said", "/fails", "/nothing"})
    void aBodyThatNobodyReadLeavesTheConnectionForTheNextRequest(String path) throws IOException {
        try (RawHttp client = RawHttp.tls(server.port(), identity.authority())) {
            Answer early = client.ask("POST " + path + " HTTP/1.1\r\nHost: mail.gouv.tg\r\nContent-Length: 4\r\n\r\n");
            if (early.header("Connection").isPresent()) {
                assertThat(early.header("Connection"))
                        .as("or says that it ends")
                        .contains("close");
            } else {
                client.send("body");
                assertThat(client.ask("GET /said HTTP/1.1\r\n" + END).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void answersWhoConnectedBeforeItStarted() throws Exception {
        HttpSocket socket = HttpSocket.open(Endpoint.parse("127.0.0.1:0"));
        Endpoint taken = new Endpoint("127.0.0.1", socket.port());
        assertThatThrownBy(() -> HttpSocket.open(taken))
                .isInstanceOf(HttpRefused.class)
                .hasMessageContaining("http.listen");
        FutureTask<Integer> early = new FutureTask<>(() -> {
            try (RawHttp client = RawHttp.tls(taken.port(), identity.authority())) {
                return client.ask("GET /said HTTP/1.1\r\n" + END).status();
            }
        });
        Thread.ofVirtual().start(early);
        try (HttpServer started = HttpServer.start(settings(), socket, identity, doors())) {
            assertThat(early.get(10, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(started.port()).isEqualTo(taken.port());
        }
        HttpSocket.open(taken).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:0", "192.0.2.1:0", "[::]:0"})
    void refusesToListenWithoutTlsOutsideThisMachine(String listen) {
        assertThatThrownBy(() -> HttpServer.startOnLoopback(settings().at(Endpoint.parse(listen)), doors()))
                .isInstanceOf(HttpRefused.class)
                .hasMessageContaining(listen);
    }

    @ParameterizedTest
    @CsvSource({"localhost, 200", "127.0.0.1:9, 200", "[::1]:9, 200", "evil.example, 421", "localhost.evil.example, 421"
    })
    void answersWithoutTlsOnlyUnderALoopbackName(String host, int status) throws IOException {
        try (HttpServer loopback = HttpServer.startOnLoopback(settings(), doors());
                RawHttp client = RawHttp.plain(loopback.port())) {
            assertThat(client.ask("GET /said HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .status())
                    .isEqualTo(status);
        }
    }

    private static void trickle(RawHttp client) {
        try {
            while (!Thread.interrupted()) {
                client.send("x");
                Thread.sleep(50);
            }
        } catch (IOException | InterruptedException e) {
            // the server closed, or the test ended
        }
    }

    private static String said(HttpServer running, Path authority) throws IOException {
        try (RawHttp client = RawHttp.tls(running.port(), authority)) {
            return client.ask("GET /said HTTP/1.1\r\n" + END).body();
        }
    }

    private static Answer get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1\r\n" + END);
    }

    private static Answer ask(String raw) throws IOException {
        try (RawHttp client = RawHttp.tls(server.port(), identity.authority())) {
            return client.ask(raw);
        }
    }

    private static Map<String, Handler> doors() {
        return Map.of("/said", Doors.saying(request -> "said"), "/count", Doors.counting());
    }

    private static HttpSettings settings() {
        return timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20));
    }

    private static HttpSettings timeouts(Duration head, Duration idle) {
        return new HttpSettings(
                Endpoint.parse("127.0.0.1:0"),
                ByteSize.parse("4KB"),
                new ByteSize(10_000),
                ByteSize.parse("1KB"),
                head,
                idle,
                100,
                50);
    }

    private static final class Segments extends Handler.Abstract implements SegmentDoor {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            callback.succeeded();
            return true;
        }
    }
}
