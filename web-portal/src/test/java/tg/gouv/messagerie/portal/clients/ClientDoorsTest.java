package tg.gouv.messagerie.portal.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.eclipse.jetty.server.Handler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.http.HttpSettings;
import tg.gouv.messagerie.platform.http.RawHttp;
import tg.gouv.messagerie.platform.http.RawHttp.Answer;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;
import tg.gouv.messagerie.portal.PublicUrl;

/** What Thunderbird and Outlook are answered before anybody has signed in, and what whoever plays them is. */
class ClientDoorsTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-03-02T12:00:00Z"), ZoneOffset.UTC);
    private static final Set<String> OURS = Set.of("gouv.tg", "sante.gouv.tg");
    private static final String WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml";

    @TempDir
    private static Path data;

    private static TlsIdentity identity;

    static final Map<String, Integer> PORTS = Map.of(
            "smtp",
            25,
            "imaps",
            993,
            "imap",
            143,
            "submissions",
            465,
            "submission",
            587,
            "managesieve",
            4190,
            "ldaps",
            636,
            "https",
            443);

    static ClientSettings settings() {
        return ClientSettings.of(
                "République <b>togolaise</b>",
                PublicUrl.parse("https://mail.gouv.tg"),
                PORTS,
                Optional.of("dc=gouv,dc=tg"),
                Optional.empty());
    }

    @BeforeAll
    static void identity() {
        identity = TlsIdentities.open(TlsSettings.byDefault(), data, Clock.systemUTC(), new SecureRandom());
    }

    @AfterAll
    static void close() {
        identity.close();
    }

    private static Answer ask(ClientSettings settings, String request) throws IOException {
        return ask(ClientDoors.byPathPrefix(settings, () -> OURS, NOON), request);
    }

    private static Answer ask(Map<String, Handler> doors, String request) throws IOException {
        try (HttpServer server =
                        HttpServer.start(HttpSettings.byDefault().at(Endpoint.parse("127.0.0.1:0")), identity, doors);
                RawHttp client = RawHttp.tls(server.port(), identity.authority())) {
            return client.ask(request);
        }
    }

    private static Answer get(String host, String path) throws IOException {
        return ask(settings(), "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    private static Answer post(String path, String type, String body) throws IOException {
        return ask(
                settings(),
                "POST " + path + " HTTP/1.1\r\nHost: autodiscover.gouv.tg\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + body.getBytes(StandardCharsets.ISO_8859_1).length
                        + "\r\nConnection: close\r\n\r\n" + body);
    }

    private static String outlook(String address) {
        return request("<EMailAddress>" + address + "</EMailAddress><AcceptableResponseSchema>" + Autodiscover.OUTLOOK
                + "</AcceptableResponseSchema>");
    }

    private static String request(String inside) {
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?><Autodiscover xmlns=\"" + AutodiscoverRequest.NAMESPACE
                + "\"><Request>" + inside + "</Request></Autodiscover>";
    }

    private static Answer discover(String body) throws IOException {
        return post("/autodiscover/autodiscover.xml", "text/xml; charset=utf-8", body);
    }

    /** The texts at a path, by local names. */
    private static String texts(String xml, String path) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Document document =
                factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        String local = path.replaceAll("(?<=/)([A-Za-z0-9]+)", "*[local-name()='$1']");
        NodeList found = (NodeList)
                XPathFactory.newDefaultInstance().newXPath().evaluate(local, document, XPathConstants.NODESET);
        StringBuilder texts = new StringBuilder();
        for (int i = 0; i < found.getLength(); i++) {
            texts.append(i == 0 ? "" : " ").append(found.item(i).getTextContent());
        }
        return texts.toString();
    }

    private static String error(Answer answer) throws Exception {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(texts(answer.body(), "/Autodiscover/Response/Error/Message")).isNotBlank();
        assertThat(answer.body()).contains("Time=\"12:00:00.0000000\"");
        return texts(answer.body(), "/Autodiscover/Response/Error/ErrorCode");
    }

    @ParameterizedTest
    @CsvSource({
        "autoconfig.gouv.tg, /mail/config-v1.1.xml?emailaddress=afi%40gouv.tg, gouv.tg",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml, gouv.tg",
        "gouv.tg, /.well-known/autoconfig/mail/config-v1.1.xml, gouv.tg",
        "SANTE.gouv.tg:8443, /.well-known/autoconfig/mail/config-v1.1.xml, sante.gouv.tg",
        "mail.gouv.tg, /mail/config-v1.1.xml?emailaddress=Afi.Mensah@Sante.Gouv.TG, sante.gouv.tg"
    })
    void tellsThunderbirdWhereMailIsForEveryDomainThatIsOurs(String host, String path, String domain) throws Exception {
        Answer answer = get(host, path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("text/xml;charset=utf-8");
        String xml = answer.body();
        assertThat(texts(xml, "/clientConfig/@version")).isEqualTo("1.1");
        String provider = "/clientConfig/emailProvider";
        assertThat(texts(xml, provider + "/@id")).isEqualTo(domain);
        assertThat(texts(xml, provider + "/domain")).isEqualTo(domain);
        assertThat(texts(xml, provider + "/displayName")).isEqualTo("République <b>togolaise</b>");
        assertThat(texts(xml, provider + "/incomingServer/@type")).isEqualTo("imap imap");
        assertThat(texts(xml, provider + "/incomingServer/hostname")).isEqualTo("mail.gouv.tg mail.gouv.tg");
        assertThat(texts(xml, provider + "/incomingServer/port")).isEqualTo("993 143");
        assertThat(texts(xml, provider + "/incomingServer/socketType")).isEqualTo("SSL STARTTLS");
        assertThat(texts(xml, provider + "/outgoingServer/@type")).isEqualTo("smtp smtp");
        assertThat(texts(xml, provider + "/outgoingServer/port")).isEqualTo("465 587");
        assertThat(texts(xml, provider + "//username").split(" ")).containsOnly("%EMAILADDRESS%");
        assertThat(texts(xml, provider + "//authentication").split(" ")).containsOnly("password-cleartext");
        assertThat(texts(xml, provider + "/documentation/@url")).isEqualTo("https://mail.gouv.tg/aide");
        assertThat(texts(xml, provider + "/documentation/descr/@lang")).isEqualTo("fr en");
        assertThat(texts(xml, "/clientConfig/oAuth2")).isEmpty();
    }

    @Test
    void saysTheSameOfAnAddressThatExistsAndOfOneThatDoesNot() throws Exception {
        assertThat(get("gouv.tg", WELL_KNOWN + "?emailaddress=afi@gouv.tg").body())
                .isEqualTo(get("gouv.tg", WELL_KNOWN + "?emailaddress=personne@gouv.tg")
                        .body())
                .doesNotContain("personne");
    }

    @ParameterizedTest
    @CsvSource({
        "autoconfig.example.org, /mail/config-v1.1.xml, 404",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml?emailaddress=afi@example.org, 404",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml?emailaddress=afi@evil.gouv.tg, 404",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml?emailaddress=afi, 400",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml?emailaddress=, 400",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml?emailaddress=<b>@gouv.tg, 400",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml?emailaddress=a%0d%0aSet-Cookie:x@gouv.tg, 400",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml?emailaddress=a%00@gouv.tg, 400",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml?emailaddress=%EMAILADDRESS%, 400",
        "autoconfig.gouv.tg, /mail/config-v1.1.xml/more, 404",
        "gouv.tg, /.well-known/autoconfig/mail, 404",
        "gouv.tg, /.well-known/autoconfig/mail/config-v1.1.xml, 200"
    })
    void refusesOtherDomainsAndWhatIsNoAddress(String host, String path, int status) throws Exception {
        Answer answer = get(host, path);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(answer.body()).doesNotContain("<b>@", "example.org");
    }

    @Test
    void offersOnlyWhatIsServedAndATokenOnlyIfThereIsAProvider() throws Exception {
        ClientSettings few = ClientSettings.of(
                "Togo",
                PublicUrl.parse("https://mail.gouv.tg:8443"),
                Map.of("imaps", 10993, "submissions", 10465, "imap", 0),
                Optional.of("dc=gouv"),
                Optional.of(new ClientSettings.Provider("https://id.gouv.tg", Optional.of("mail"))));
        String xml = ask(few, "GET " + WELL_KNOWN + " HTTP/1.1\r\nHost: gouv.tg\r\nConnection: close\r\n\r\n")
                .body();

        assertThat(few.directoryBase()).as("without LDAP").isEmpty();
        assertThat(texts(xml, "//port")).isEqualTo("10993 10465");
        assertThat(texts(xml, "/clientConfig/emailProvider/incomingServer/authentication"))
                .isEqualTo("password-cleartext OAuth2");
        assertThat(texts(xml, "/clientConfig/oAuth2/issuer")).isEqualTo("https://id.gouv.tg");
        assertThat(texts(xml, "/clientConfig/oAuth2/scope")).isEqualTo("mail");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/autodiscover/autodiscover.xml",
                "/Autodiscover/Autodiscover.xml",
                "/AutoDiscover/AutoDiscover.xml",
                "/autodiscover/Autodiscover.XML"
            })
    void tellsOutlookWhereMailIs(String path) throws Exception {
        Answer answer = post(path, "text/xml", outlook("Afi.Mensah@gouv.tg"));

        assertThat(answer.status()).isEqualTo(200);
        String xml = answer.body();
        assertThat(xml)
                .contains(
                        "<Autodiscover xmlns=\"" + Autodiscover.ANSWER + "\">",
                        "<Response xmlns=\"" + Autodiscover.OUTLOOK + "\">");
        String account = "/Autodiscover/Response/Account";
        assertThat(texts(xml, account + "/AccountType")).isEqualTo("email");
        assertThat(texts(xml, account + "/Action")).isEqualTo("settings");
        assertThat(texts(xml, account + "/Protocol/Type")).isEqualTo("IMAP SMTP");
        assertThat(texts(xml, account + "/Protocol/Server")).isEqualTo("mail.gouv.tg mail.gouv.tg");
        assertThat(texts(xml, account + "/Protocol/Port")).isEqualTo("993 465");
        assertThat(texts(xml, account + "/Protocol/SSL")).isEqualTo("on on");
        assertThat(texts(xml, account + "/Protocol/SPA")).isEqualTo("off off");
        assertThat(texts(xml, account + "/Protocol/AuthRequired")).isEqualTo("on on");
        assertThat(texts(xml, account + "/Protocol/LoginName")).isEqualTo("afi.mensah@gouv.tg afi.mensah@gouv.tg");
    }

    @Test
    void answersOutlookInItsOwnWordsWhatCannotBeAnswered() throws Exception {
        assertThat(error(discover(outlook("afi@example.org")))).isEqualTo("500");
        assertThat(error(discover(outlook("pas une adresse")))).isEqualTo("500");
        assertThat(error(discover(outlook("&lt;b&gt;@gouv.tg")))).isEqualTo("500");
        assertThat(error(discover(request("")))).isEqualTo("600");
        assertThat(error(discover(request("<EMailAddress>afi@gouv.tg</EMailAddress>"))))
                .isEqualTo("600");
        assertThat(error(discover("<a><b><EMailAddress>afi@gouv.tg</EMailAddress></b></a>")))
                .isEqualTo("600");
        assertThat(error(discover(outlook("a".repeat(1_000) + "@gouv.tg")))).isEqualTo("600");
        assertThat(error(discover(outlook("afi@gouv.tg").replace("/outlook/responseschema/2006a", "/mobilesync"))))
                .isEqualTo("601");
        assertThat(error(get("gouv.tg", "/autodiscover/autodiscover.xml"))).isEqualTo("600");
    }

    @Test
    void readsNoDocumentThatWouldReadOthersOrGrow() throws Exception {
        String bomb = "<!DOCTYPE b [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
        String file = "<!DOCTYPE b [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>";
        String outside = "<!DOCTYPE b SYSTEM \"http://127.0.0.1:9/x.dtd\">";
        for (String prologue : new String[] {bomb, file, outside}) {
            String body = outlook("afi@gouv.tg").replace("?><", "?>" + prologue + "<");
            assertThat(discover(body).status()).as(prologue).isEqualTo(400);
        }
        assertThat(discover(outlook("&nbsp;@gouv.tg")).status()).isEqualTo(400);
        assertThat(discover("<a>".repeat(5_000)).status()).isEqualTo(400);
        assertThat(discover("<a " + "x='1' ".repeat(2) + "/>").status()).isEqualTo(400);
        assertThat(discover("").status()).isEqualTo(400);
        assertThat(discover("{\"no\":\"xml\"}").status()).isEqualTo(400);
        assertThat(discover("\u00ff\u00fe\u0000").status()).isEqualTo(400);
    }

    @Test
    void boundsWhatItReads() throws Exception {
        assertThat(post("/autodiscover/autodiscover.xml", "application/json", "{}")
                        .status())
                .isEqualTo(415);
        assertThat(discover(outlook(" ".repeat(70_000))).status()).isEqualTo(413);
        Answer announced = ask(
                settings(),
                "POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: gouv.tg\r\nContent-Type: text/xml\r\n"
                        + "Content-Length: 10485760\r\n\r\n<a>");
        assertThat(announced.status()).as("before 10 MB are read").isEqualTo(413);
        String chunk = Integer.toHexString(1 << 16) + "\r\n" + "x".repeat(1 << 16) + "\r\n";
        Answer chunked = ask(
                settings(),
                "POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: gouv.tg\r\nContent-Type: text/xml\r\n"
                        + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunk + chunk + "0\r\n\r\n");
        assertThat(chunked.status()).isEqualTo(413);
        Answer deleted = ask(
                settings(),
                "DELETE /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: gouv.tg\r\nConnection: close\r\n\r\n");
        assertThat(deleted.status()).isEqualTo(405);
        assertThat(deleted.header("Allow")).contains("GET, HEAD, POST");
    }

    @Test
    void offersNoCalendarsBeforeTheyAreServedAndThenSaysWhereTheyAre() throws Exception {
        assertThat(get("gouv.tg", "/.well-known/caldav").status()).isEqualTo(404);
        assertThat(get("gouv.tg", "/.well-known/carddav").status()).isEqualTo(404);
        ClientSettings now = settings();
        ClientSettings later = new ClientSettings(
                now.state(),
                now.host(),
                now.ports(),
                now.publicUrl(),
                now.directoryBase(),
                now.provider(),
                Optional.of(URI.create("https://mail.gouv.tg/dav/calendars/")),
                Optional.empty());
        Answer answer =
                ask(later, "PROPFIND /.well-known/caldav HTTP/1.1\r\nHost: gouv.tg\r\nConnection: close\r\n\r\n");
        assertThat(answer.status()).isEqualTo(301);
        assertThat(answer.header("Location")).contains("https://mail.gouv.tg/dav/calendars/");
    }

    @Test
    void saysTryLaterWhenTheDirectoryCannotBeAsked() throws Exception {
        Map<String, Handler> doors = ClientDoors.byPathPrefix(
                settings(),
                () -> {
                    throw new StoreUnavailable("away", true, new IOException("gone"));
                },
                NOON);
        Answer answer = ask(doors, "GET " + WELL_KNOWN + " HTTP/1.1\r\nHost: gouv.tg\r\nConnection: close\r\n\r\n");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("30");
    }

    @Test
    void takesNoSettingsThatWouldBeWrong() {
        assertThatThrownBy(() -> new ClientSettings(
                        "Togo",
                        "<b>",
                        Map.of(),
                        PublicUrl.parse("https://mail.gouv.tg"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ClientSettings.of(
                                "Togo",
                                PublicUrl.parse("https://[::1]:8443"),
                                PORTS,
                                Optional.empty(),
                                Optional.empty())
                        .host())
                .isEqualTo("::1");
    }
}
