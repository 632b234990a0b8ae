package tg.gouv.messagerie.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSettingsTest {
    @ParameterizedTest
    @ValueSource(strings = {"*.gouv.tg", "mail gouv.tg", "1234", "300.1.2.3", "fe80::1%eth0", "-a.tg", "", "a..tg"})
    void refusesWhatIsNeitherANameNorAnAddress(String name) {
        assertThatThrownBy(() -> settings(Optional.empty(), Optional.empty(), List.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("names ");
    }

    @Test
    void refusesHalfAnIdentity() {
        assertThatThrownBy(() -> settings(Optional.of(Path.of("a.pem")), Optional.empty(), List.of()))
                .hasMessage("certificate and key must be given together");
        assertThatThrownBy(() ->
                        settings(Optional.of(Path.of("a.pem")), Optional.of(Path.of("a.key")), List.of("mail.gouv.tg")))
                .hasMessageStartingWith("names are for the private authority");
    }

    @Test
    void readsNamesAndAddressesInAnyWriting() {
        ServerNames names = ServerNames.of(List.of("Mail.GOUV.tg", "2001:DB8::0:1"));
        assertThat(names.dns()).containsExactly("mail.gouv.tg", "localhost");
        assertThat(names.addresses()).contains(InetAddress.ofLiteral("2001:db8:0:0:0:0:0:1"));
    }

    private static TlsSettings settings(Optional<Path> certificate, Optional<Path> key, List<String> names) {
        return new TlsSettings(certificate, key, names, Duration.ofMinutes(1));
    }
}
