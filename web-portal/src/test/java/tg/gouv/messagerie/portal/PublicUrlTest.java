package tg.gouv.messagerie.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicUrlTest {
    @ParameterizedTest
    @CsvSource({
        "https://mail.gouv.tg, https://mail.gouv.tg, wss://mail.gouv.tg",
        "https://Mail.GOUV.tg:443, https://mail.gouv.tg, wss://mail.gouv.tg",
        "https://localhost:8443, https://localhost:8443, wss://localhost:8443",
        "https://[::1]:8443, https://[::1]:8443, wss://[::1]:8443"
    })
    void isWrittenInOneWay(String text, String url, String webSocket) {
        assertThat(PublicUrl.parse(text)).hasToString(url);
        assertThat(PublicUrl.parse(text).webSocket()).isEqualTo(webSocket);
    }

    @ParameterizedTest
    @CsvSource({
        "https://localhost:0, 8443, https://localhost:8443",
        "https://[::1]:0, 8443, https://[::1]:8443",
        "https://localhost:0, 443, https://localhost",
        "https://localhost:8440, 8443, https://localhost:8440",
        "https://mail.gouv.tg, 8443, https://mail.gouv.tg"
    })
    void portZeroStandsForTheOneOnWhichTheServerListens(String text, int listening, String url) {
        assertThat(PublicUrl.parse(text).at(listening)).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://mail.gouv.tg",
                "mail.gouv.tg",
                "https://",
                "https://mail.gouv.tg/",
                "https://mail.gouv.tg/jmap",
                "https://ama@mail.gouv.tg",
                "https://mail.gouv.tg?x",
                "https://mail.gouv.tg\r\nX: y"
            })
    void isHttpsAHostAndNothingElse(String text) {
        assertThatThrownBy(() -> PublicUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected an address such as https://mail.gouv.tg");
    }
}
