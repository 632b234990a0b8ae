package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads of the browser that has a session. */
class BrowserNameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Firefox, Linux | Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Firefox, Android | Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0
            Firefox, iPhone | Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15
            Chrome, Android | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36
            Chrome, Windows | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36
            Chrome, ChromeOS | Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36
            Chrome, iPad | Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0.7204.53 Mobile/15E148 Safari/604.1
            Safari, iPhone | Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1
            Safari, macOS | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15
            Edge, Windows | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0
            Samsung Internet, Android | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36
            Opera, Linux | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36 OPR/121.0.0.0
            Opera Mini, Android | Opera/9.80 (Android; Opera Mini/76.0.2254/191.303; U; fr) Presto/2.12.423 Version/12.16
            Firefox, KaiOS | Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5
            """)
    void tellsBrowserAndSystem(String told, String userAgent) {
        assertThat(BrowserName.of(userAgent)).isEqualTo(told);
    }

    @Test
    void tellsWhatItKnowsAndNothingOfTheRest() {
        assertThat(BrowserName.of("")).isEmpty();
        assertThat(BrowserName.of("curl/8.5.0")).isEmpty();
        assertThat(BrowserName.of("Something (Linux)")).isEqualTo("Linux");
        assertThat(BrowserName.of("Firefox/140.0")).isEqualTo("Firefox");
    }

    @Test
    void whateverTheHeaderHoldsNoneOfItComesOut() {
        String bad = "<script>alert(1)</script>\r\nSet-Cookie: a=b\u0000\u202e Firefox/\"'><b> Windows";
        assertThat(BrowserName.of(bad)).isEqualTo("Firefox, Windows");
        assertThat(BrowserName.of("x".repeat(1_000_000) + "Firefox/140.0")).isEmpty();
        assertThat(BrowserName.of("SamsungBrowser/ HuaweiBrowser/ Android Windows ".repeat(10_000)))
                .isEqualTo("Samsung Internet, Windows")
                .hasSizeLessThanOrEqualTo(40);
    }
}
