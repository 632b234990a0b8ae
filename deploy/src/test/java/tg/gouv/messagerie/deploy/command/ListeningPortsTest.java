package tg.gouv.messagerie.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.settings.Endpoint;

class ListeningPortsTest {
    @Test
    void aPortThatIsTakenIsRefusedWithTheNameOfWhoHasIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint wanted = new Endpoint("127.0.0.1", taken.getLocalPort());

            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> ListeningPorts.demandFree(Map.of("imaps", wanted)))
                    .satisfies(refusal -> {
                        assertThat(refusal.status()).isEqualTo(ExitStatus.UNAVAILABLE);
                        assertThat(refusal.sentence(Texts.in(Locale.FRENCH)))
                                .contains("imaps", String.valueOf(wanted.port()))
                                .contains("java (pid " + ProcessHandle.current().pid() + ")")
                                .contains("--ports auto");
                    });
        }
    }

    @Test
    void anAddressOfAnotherMachineIsRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> ListeningPorts.demandFree(Map.of("smtp", new Endpoint("192.0.2.1", 0))))
                .satisfies(refusal ->
                        assertThat(refusal.sentence(Texts.in(Locale.ENGLISH))).contains("192.0.2.1"));
    }

    @Test
    void aFreePortIsLeftFree() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Map<String, Endpoint> wanted = Map.of("imaps", new Endpoint("127.0.0.1", port));

        ListeningPorts.demandFree(wanted);
        ListeningPorts.demandFree(wanted);
    }
}
