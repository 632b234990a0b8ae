package tg.gouv.messagerie.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tg.gouv.messagerie.platform.http.HttpRefused;
import tg.gouv.messagerie.platform.http.RawHttp;
import tg.gouv.messagerie.platform.http.RawHttp.Answer;
import tg.gouv.messagerie.platform.settings.Endpoint;

class AdministrationServerTest {
    private final AtomicBoolean database = new AtomicBoolean(true);

    @Test
    void answersMetricsToPrometheus() throws IOException {
        try (Metrics metrics = Metrics.ofThisProcess();
                AdministrationServer server = start(metrics, Map.of())) {
            metrics.counter("mail_accepted_total", "Messages accepted.").increment();
            Answer answer = get(server, "/metrics", "localhost");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(answer.body())
                    .contains("# HELP mail_accepted_total Messages accepted.\n", "mail_accepted_total 1.0\n")
                    .contains("jvm_memory_used_bytes{", "process_uptime_seconds");
        }
    }

    @Test
    void answers200WhileEveryCheckIsWellAnd503Otherwise() throws IOException {
        try (Metrics metrics = Metrics.ofThisProcess();
                AdministrationServer server = start(metrics, Map.of("database", database::get, "imap", () -> true))) {
            Answer well = get(server, "/health", "127.0.0.1");
            assertThat(well.status()).isEqualTo(200);
            assertThat(well.header("Content-Type")).contains("application/json");
            assertThat(well.body()).isEqualTo("{\"well\":true,\"checks\":{\"database\":\"well\",\"imap\":\"well\"}}\n");
            database.set(false);
            Answer unwell = get(server, "/health", "127.0.0.1");
            assertThat(unwell.status()).isEqualTo(503);
            assertThat(unwell.body())
                    .isEqualTo("{\"well\":false,\"checks\":{\"database\":\"unwell\",\"imap\":\"well\"}}\n");
        }
    }

    @Test
    void countsACheckThatThrowsOrNeverAnswersAsFailedAndAsksItNoSecondTimeMeanwhile() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        BooleanSupplier hangs = () -> {
            asked.incrementAndGet();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return true;
        };
        BooleanSupplier throwing = () -> {
            throw new IllegalStateException("out of order");
        };
        try (Metrics metrics = Metrics.ofThisProcess();
                AdministrationServer server = start(metrics, Map.of("hangs", hangs, "throws", throwing))) {
            for (int i = 0; i < 3; i++) {
                Answer answer = get(server, "/health", "localhost");
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body())
                        .isEqualTo("{\"well\":false,\"checks\":{\"hangs\":\"silent\",\"throws\":\"unwell\"}}\n");
            }
            assertThat(asked).hasValue(1);
        }
        never.countDown();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /health, evil.example, 421",
        "GET /metrics, 192.0.2.1, 421",
        "GET /health/more, localhost, 404",
        "GET /, localhost, 404",
        "POST /health, localhost, 405",
        "DELETE /metrics, localhost, 405"
    })
    void answersNothingElse(String line, String host, int status) throws IOException {
        try (Metrics metrics = Metrics.ofThisProcess();
                AdministrationServer server = start(metrics, Map.of());
                RawHttp client = RawHttp.plain(server.port())) {
            assertThat(client.ask(line + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .status())
                    .isEqualTo(status);
        }
    }

    @Test
    void refusesAnAddressThatOtherMachinesReach() {
        try (Metrics metrics = Metrics.ofThisProcess()) {
            AdministrationSettings open =
                    new AdministrationSettings(Endpoint.parse("0.0.0.0:0"), Duration.ofSeconds(1));
            assertThatThrownBy(() -> AdministrationServer.start(open, metrics, Map.of()))
                    .isInstanceOf(HttpRefused.class)
                    .hasMessage("HTTP without TLS is for this machine alone: 0.0.0.0:0 must be an address such as"
                            + " 127.0.0.1 or [::1].");
        }
    }

    private static AdministrationServer start(Metrics metrics, Map<String, BooleanSupplier> checks) {
        return AdministrationServer.start(
                new AdministrationSettings(Endpoint.parse("127.0.0.1:0"), Duration.ofMillis(300)), metrics, checks);
    }

    private static Answer get(AdministrationServer server, String path, String host) throws IOException {
        try (RawHttp client = RawHttp.plain(server.port())) {
            return client.ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        }
    }
}
