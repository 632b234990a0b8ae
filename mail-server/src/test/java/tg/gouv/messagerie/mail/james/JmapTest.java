package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.JmapPrincipal;

class JmapTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JmapPrincipal AMA =
            new JmapPrincipal(MailAddress.of(TestMail.AMA), InetAddress.ofLiteral("192.0.2.7"));
    private static TestMail mail;

    @BeforeAll
    static void start() {
        mail = TestMail.start();
    }

    @AfterAll
    static void stop() {
        mail.close();
    }

    @Test
    void itListensOnTheLoopbackInterface() {
        assertThat(mail.server.jmap().getHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void whomTheKeySignedItServesUnderTheDoorsName() throws Exception {
        HttpResponse<String> session = get(request("/jmap/session")
                .header(JmapKey.HEADER, mail.server.jmapKey().sign(AMA))
                .header("X-JMAP-PREFIX", "https://mail.gouv.tg"));

        assertThat(session.statusCode()).isEqualTo(200);
        assertThat(session.body())
                .contains("urn:ietf:params:jmap:mail", TestMail.AMA, "https://mail.gouv.tg/jmap")
                .doesNotContain("http://127.0.0.1");
    }

    @Test
    void theDefaultMailboxesHaveTheirRoles() throws Exception {
        String signed = mail.server.jmapKey().sign(AMA);
        String session =
                get(request("/jmap/session").header(JmapKey.HEADER, signed)).body();
        String account = session.replaceAll(
                "(?s).*\"primaryAccounts\":\\{[^}]*\"urn:ietf:params:jmap:mail\":\"([^\"]+)\".*", "$1");
        HttpResponse<String> mailboxes = get(request("/jmap")
                .header(JmapKey.HEADER, signed)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json; jmapVersion=rfc-8621")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],"
                                + "\"methodCalls\":[[\"Mailbox/get\",{\"accountId\":\"" + account
                                + "\",\"ids\":null},\"0\"]]}")));

        assertThat(mailboxes.statusCode()).isEqualTo(200);
        assertThat(mailboxes.body()).contains("\"role\":\"inbox\"", "\"role\":\"drafts\"", "\"role\":\"archive\"");
    }

    @Test
    void nobodyElseIsServed() throws Exception {
        JmapKey other = JmapKey.random(new SecureRandom(), Clock.systemUTC());

        assertThat(get(request("/jmap/session")).statusCode()).isEqualTo(401);
        assertThat(get(request("/jmap/session").header(JmapKey.HEADER, other.sign(AMA)))
                        .statusCode())
                .isEqualTo(401);
        assertThat(get(request("/jmap/session")
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + java.util.Base64.getEncoder()
                                                        .encodeToString((TestMail.AMA + ":" + TestMail.SECRET)
                                                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                                .header("X-User", TestMail.AMA))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void theDraftProtocolIsNotThere() throws Exception {
        assertThat(get(request("/authentication").POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(404);
    }

    private static HttpRequest.Builder request(String path) {
        URI jmap = mail.server.jmap();
        return HttpRequest.newBuilder(jmap.resolve(path)).version(HttpClient.Version.HTTP_1_1);
    }

    private static HttpResponse<String> get(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
