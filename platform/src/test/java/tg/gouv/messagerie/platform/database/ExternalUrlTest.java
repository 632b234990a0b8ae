package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.gouv.tg/messagerie",
                "jdbc:postgresql://db1.gouv.tg:5432,db2.gouv.tg:5433/messagerie?targetServerType=primary",
                "jdbc:postgresql://[2001:db8::1]:5432/messagerie?sslcert=/etc/c.pem&sslkey=/etc/k.pk8"
            })
    void takesHostsADatabaseAndHarmlessParameters(String url) {
        assertThatCode(() -> ExternalUrl.check(Optional.of(url))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://db.gouv.tg/messagerie",
                "jdbc:postgresql://db.gouv.tg",
                "jdbc:postgresql://db.gouv.tg:port/messagerie",
                "jdbc:postgresql://user@db.gouv.tg/messagerie",
                "jdbc:mysql://db.gouv.tg/messagerie"
            })
    void refusesWhatIsNotAUrlOfPostgresql(String url) {
        assertThatThrownBy(() -> ExternalUrl.check(Optional.of(url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url must be like jdbc:postgresql://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password=x", "user=x", "sslmode=disable", "options=-c%20fsync", "socketTimeout=0"})
    void refusesParametersThatAreSettingsOfTheirOwn(String parameter) {
        assertThatThrownBy(() -> ExternalUrl.check(Optional.of("jdbc:postgresql://db.gouv.tg/m?" + parameter)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url must not set " + parameter.substring(0, parameter.indexOf('=')));
    }

    @Test
    void knowsWhichHostsAreThisMachine() {
        assertThat(ExternalUrl.isLoopback("jdbc:postgresql://127.0.0.1:5432/m")).isTrue();
        assertThat(ExternalUrl.isLoopback("jdbc:postgresql://localhost,[::1]:5432/m"))
                .isTrue();
        assertThat(ExternalUrl.isLoopback("jdbc:postgresql://localhost,db.gouv.tg/m"))
                .isFalse();
        assertThat(ExternalUrl.isLoopback("jdbc:postgresql://127.gouv.tg/m")).isFalse();
    }
}
