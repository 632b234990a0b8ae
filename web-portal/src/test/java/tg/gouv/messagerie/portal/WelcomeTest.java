package tg.gouv.messagerie.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.http.HttpSettings;
import tg.gouv.messagerie.platform.http.RawHttp;
import tg.gouv.messagerie.platform.http.RawHttp.Answer;
import tg.gouv.messagerie.platform.settings.Endpoint;

class WelcomeTest {
    private final Welcome welcome =
            new Welcome(new MailOffer("mail.gouv.tg", 993, 465), PublicUrl.parse("https://mail.gouv.tg:8443"));

    @Test
    void saysInBothLanguagesWhatToTypeIntoAMailProgram() throws IOException {
        Answer page = ask("GET /");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(page.body())
                .contains("<html lang=\"fr\">", "Courrier reçu (IMAP)", "<section lang=\"en\">", "Incoming mail (IMAP)")
                .contains("<code>mail.gouv.tg</code>, port <code>993</code>", "port <code>465</code>")
                .contains("<code>https://mail.gouv.tg:8443</code>")
                .doesNotContain("${");
    }

    @Test
    void loadsNothingAndRunsNothingAndKnowsItsOneStyleByItsHash() throws IOException, NoSuchAlgorithmException {
        Answer page = ask("GET /");
        assertThat(page.body()).doesNotContain("<script", "src=", "style=", "@import", "url(");
        String style = page.body().split("<style>", 2)[1].split("</style>", 2)[0];
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'; style-src 'sha256-" + hash
                        + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    }

    @Test
    void isThePageOfTheRootAlone() throws IOException {
        assertThat(ask("GET /index.html").status()).isEqualTo(404);
        assertThat(ask("POST /").status()).isEqualTo(405);
    }

    @Test
    void takesNoHostThatIsNone() {
        assertThatThrownBy(() -> new MailOffer("<b>", 993, 465)).isInstanceOf(IllegalArgumentException.class);
    }

    private Answer ask(String line) throws IOException {
        try (HttpServer server = HttpServer.startOnLoopback(
                        HttpSettings.byDefault().at(Endpoint.parse("127.0.0.1:0")), Map.of("/", welcome));
                RawHttp client = RawHttp.plain(server.port())) {
            return client.ask(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        }
    }
}
