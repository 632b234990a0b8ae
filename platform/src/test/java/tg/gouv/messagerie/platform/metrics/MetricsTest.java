package tg.gouv.messagerie.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;

class MetricsTest {
    @Test
    void keepTheNameTheyWereDeclaredWith() {
        try (Metrics metrics = Metrics.ofThisProcess()) {
            metrics.timer("imap_command_seconds", "How long an IMAP command took.", "command", "FETCH")
                    .record(Duration.ofMillis(3));
            metrics.gauge("queue_messages", "Messages that wait.", () -> 7);
            assertThat(metrics.text())
                    .contains("# HELP imap_command_seconds How long an IMAP command took.\n")
                    .contains("# TYPE imap_command_seconds histogram\n")
                    .contains("imap_command_seconds_count{command=\"FETCH\"} 1\n")
                    .contains("imap_command_seconds_bucket{command=\"FETCH\",le=\"0.005\"} 1\n")
                    .contains("queue_messages 7.0\n");
        }
    }

    @Test
    void areRefusedWithoutAUnitOrASentenceOrWithTwo() {
        try (Metrics metrics = Metrics.ofThisProcess()) {
            assertThatThrownBy(() -> metrics.timer("imap_command", "How long."))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> metrics.counter("Mail-Accepted_total", "How often."))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> metrics.counter("mail_accepted_total", ""))
                    .isInstanceOf(IllegalStateException.class);
            metrics.counter("mail_accepted_total", "Messages accepted.");
            assertThatThrownBy(() -> metrics.counter("mail_accepted_total", "Something else."))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void showHowThePoolsAreUsedNow() {
        try (Database database = TestDatabase.fresh();
                Metrics metrics = Metrics.ofThisProcess()) {
            metrics.watch(database);
            assertThat(metrics.text()).doesNotContain("role=\"mail\"");
            Connections connections = database.connections("mail", "platform", 3);
            connections.autoCommit(connection -> {
                assertThat(metrics.text())
                        .contains("database_connections{role=\"mail\",state=\"active\"} 1.0\n")
                        .contains("database_connections_max{role=\"mail\"} 3.0\n");
                return true;
            });
            assertThat(metrics.text()).contains("database_connections{role=\"mail\",state=\"active\"} 0.0\n");
        }
    }

    @Test
    void showWhenTheCertificateEnds(@TempDir Path data) {
        try (TlsIdentity identity =
                        TlsIdentities.open(TlsSettings.byDefault(), data, Clock.systemUTC(), new SecureRandom());
                Metrics metrics = Metrics.ofThisProcess()) {
            metrics.watch(identity);
            String line = metrics.text()
                    .lines()
                    .filter(it -> it.startsWith("certificate_expires_timestamp_seconds "))
                    .findFirst()
                    .orElseThrow();
            assertThat(Double.parseDouble(line.substring(line.indexOf(' '))))
                    .isEqualTo((double) identity.expires().getEpochSecond());
            assertThat(metrics.text()).contains("certificate_well 1.0\n");
        }
    }
}
