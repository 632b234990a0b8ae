package tg.gouv.messagerie.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.Ground;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.dav.DavNames;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.http.HttpSettings;
import tg.gouv.messagerie.platform.http.RawHttp;
import tg.gouv.messagerie.platform.http.RawHttp.Answer;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;
import tg.gouv.messagerie.platform.xml.XmlElement;
import tg.gouv.messagerie.platform.xml.XmlName;

/** A client finds who it is (RFC 5397); who does not sign in finds nothing. */
class DavDoorTest {
    private static final Account AMA = new Account(
            new AccountId(UUID.randomUUID()),
            Account.Kind.PERSON,
            Account.State.ACTIVE,
            MailAddress.of("ama@gouv.tg"),
            Set.of(MailAddress.of("ama@gouv.tg"), MailAddress.of("ama.d@gouv.tg")),
            "Ama <b> & D\u0007");

    private static final String OWN = "/dav/principals/" + AMA.id().value() + "/";
    private static final String PRINCIPAL = """
            <?xml version="1.0" encoding="UTF-8"?>
            <d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:z="http://example.org/">
              <d:prop><d:current-user-principal/><c:calendar-home-set/><z:unknown/></d:prop>
            </d:propfind>
            """;

    @TempDir
    static Path data;

    private static TlsIdentity identity;
    private static HttpServer server;

    @BeforeAll
    static void open() {
        identity = TlsIdentities.open(TlsSettings.byDefault(), data, Clock.systemUTC(), new SecureRandom());
        server = HttpServer.start(
                HttpSettings.byDefault().at(Endpoint.parse("127.0.0.1:0")),
                identity,
                new DavDoor(DavDoorTest::signIn, PublicUrl.parse("https://mail.gouv.tg"), Clock.systemUTC())
                        .byPathPrefix());
    }

    @AfterAll
    static void close() {
        server.close();
        identity.close();
    }

    private static SignIn signIn(String login, Secret secret, InetAddress from, SignIns.Protocol protocol) {
        assertThat(protocol).isEqualTo(SignIns.Protocol.DAV);
        return switch (login) {
            case "ama@gouv.tg" ->
                secret.reveal().equals("très secret")
                        ? new SignIn.Granted(AMA, AMA, FunctionAccess.HOLDER, Ground.ofPassword(Instant.EPOCH, 0))
                        : new SignIn.Refused();
            case "throttled@gouv.tg" -> new SignIn.Throttled(Instant.now().plusSeconds(42));
            case "unavailable@gouv.tg" -> throw new StoreUnavailable("PostgreSQL is away", true);
            default -> new SignIn.Refused();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dav", "/dav/", "/dav/principals/"})
    void whoSignsInIsToldWhoTheyAreAndWhatIsNotThere(String path) throws Exception {
        Answer answer = propFind(path, "Depth: 0\r\n", PRINCIPAL);

        assertThat(answer.status()).isEqualTo(207);
        assertThat(answer.header("Content-Type")).contains("application/xml;charset=utf-8");
        XmlElement response = only(answer);
        assertThat(propstat(response, "HTTP/1.1 200 OK").children())
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.name()).isEqualTo(DavNames.dav("current-user-principal"));
                    assertThat(it.child(DavNames.dav("href")).orElseThrow().text())
                            .isEqualTo(OWN);
                });
        assertThat(propstat(response, "HTTP/1.1 404 Not Found").children())
                .extracting(XmlElement::name)
                .containsExactly(DavNames.caldav("calendar-home-set"), new XmlName("http://example.org/", "unknown"));
    }

    @Test
    void aPrincipalHasItsNameAndItsAddresses() throws Exception {
        XmlElement prop = propstat(only(propFind(OWN, "Depth: 0\r\n", """
                        <propfind xmlns="DAV:"><prop><resourcetype/><displayname/><principal-URL/><alternate-URI-set/>
                        <calendar-user-address-set xmlns="urn:ietf:params:xml:ns:caldav"/></prop></propfind>""")), "HTTP/1.1 200 OK");
        assertThat(prop.children())
                .extracting(it -> it.name().local())
                .containsExactly(
                        "resourcetype",
                        "displayname",
                        "principal-URL",
                        "alternate-URI-set",
                        "calendar-user-address-set");
        assertThat(prop.child(DavNames.RESOURCE_TYPE).orElseThrow().children())
                .extracting(XmlElement::name)
                .containsExactly(DavNames.dav("principal"));
        assertThat(prop.child(DavNames.DISPLAY_NAME).orElseThrow().text()).isEqualTo("Ama <b> & D\uFFFD");
        assertThat(prop.child(DavNames.caldav("calendar-user-address-set"))
                        .orElseThrow()
                        .children())
                .extracting(XmlElement::text)
                .containsExactly("mailto:ama@gouv.tg", "mailto:ama.d@gouv.tg");
    }

    @Test
    void noBodyAsksForAllAndDepthOneForWhatIsBelow() throws Exception {
        XmlElement all = XmlElement.read(
                propFind("/dav/principals/", "Depth: 1\r\n", "").body().getBytes(StandardCharsets.UTF_8));
        assertThat(all.children())
                .extracting(it -> it.child(DavNames.dav("href")).orElseThrow().text())
                .containsExactly("/dav/principals/", OWN);
        assertThat(propstat(all.children().get(1), "HTTP/1.1 200 OK").children())
                .extracting(it -> it.name().local())
                .containsExactly("resourcetype", "displayname");
        XmlElement named = only(propFind("/dav/", "Depth: 0\r\n", "<propfind xmlns='DAV:'><propname/></propfind>"));
        assertThat(propstat(named, "HTTP/1.1 200 OK").children())
                .extracting(it -> it.name().local())
                .contains("current-user-principal", "principal-collection-set");
    }

    @Test
    void theWholeTreeAtOnceIsRefusedWithItsPrecondition() throws Exception {
        for (String depth : new String[] {"", "Depth: infinity\r\n"}) {
            Answer answer = propFind("/dav/", depth, PRINCIPAL);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(XmlElement.read(answer.body().getBytes(StandardCharsets.UTF_8))
                            .child(DavNames.dav("propfind-finite-depth")))
                    .isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<propfind xmlns='DAV:'><prop>, not closed",
        "<propfind><prop/></propfind>, no namespace",
        "<propfind xmlns='DAV:'/>, names nothing",
        "<x:propfind xmlns='DAV:'><prop/></x:propfind>, unknown prefix",
        "<!DOCTYPE p [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><propfind xmlns='DAV:'><prop>&e;</prop></propfind>, a file",
        "not XML, no XML"
    })
    void whatIsNoRequestIsRefused(String body, String why) throws Exception {
        Answer answer = propFind("/dav/", "Depth: 0\r\n", body);
        assertThat(answer.status()).as(why).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("root:");
    }

    @Test
    void tooMuchIsRefused() throws Exception {
        assertThat(propFind(
                                "/dav/",
                                "Depth: 0\r\n",
                                "<propfind xmlns='DAV:'><prop>" + "<a/>".repeat(2_001) + "</prop></propfind>")
                        .status())
                .isEqualTo(400);
        assertThat(propFind("/dav/", "Depth: 0\r\n", "<a>".repeat(40) + "</a>".repeat(40))
                        .status())
                .isEqualTo(400);
        assertThat(propFind("/dav/", "Depth: 0\r\n", "x".repeat(300_000)).status())
                .isEqualTo(413);
        assertThat(propFind("/dav/", "Depth: two\r\n", PRINCIPAL).status()).isEqualTo(400);
    }

    @Test
    void nobodyElseIsThere() throws Exception {
        assertThat(propFind("/dav/principals/" + UUID.randomUUID() + "/", "Depth: 0\r\n", PRINCIPAL)
                        .status())
                .isEqualTo(404);
        assertThat(propFind("/dav/calendars/", "Depth: 0\r\n", PRINCIPAL).status())
                .isEqualTo(404);
    }

    @Test
    void whoDoesNotSignInIsAskedToAndTheirBodyIsNotRead() throws Exception {
        for (String authorization :
                new String[] {"", authorization("ama@gouv.tg:faux"), authorization("x@gouv.tg:x")}) {
            Answer answer = ask("PROPFIND", OWN, authorization + "Depth: 0\r\n", "<not read");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).contains("Basic realm=\"gouv.tg\", charset=\"UTF-8\"");
        }
        assertThat(ask("PROPFIND", OWN, authorization("throttled@gouv.tg:x"), "")
                        .status())
                .isEqualTo(429);
        Answer away = ask("PROPFIND", OWN, authorization("unavailable@gouv.tg:x"), "");
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.header("Retry-After")).contains("10");
    }

    @Test
    void otherMethodsAndOtherSitesPagesAreRefused() throws Exception {
        Answer options = ask("OPTIONS", "/dav/", "", "");
        assertThat(options.status()).isEqualTo(200);
        assertThat(options.header("DAV")).contains("1, 3");
        assertThat(options.header("Allow")).contains("OPTIONS, PROPFIND");
        for (String method : new String[] {"GET", "PUT", "DELETE", "PROPPATCH", "MKCOL", "LOCK"}) {
            Answer answer = ask(method, "/dav/", authorization("ama@gouv.tg:très secret"), "");
            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("OPTIONS, PROPFIND");
        }
        assertThat(propFind("/dav/", "Depth: 0\r\nOrigin: https://evil.example\r\n", PRINCIPAL)
                        .status())
                .isEqualTo(403);
    }

    private static XmlElement only(Answer answer) {
        XmlElement root = XmlElement.read(answer.body().getBytes(StandardCharsets.UTF_8));
        assertThat(root.name()).isEqualTo(DavNames.dav("multistatus"));
        assertThat(root.children()).hasSize(1);
        return root.children().getFirst();
    }

    /** The properties of a response that have this status. */
    private static XmlElement propstat(XmlElement response, String status) {
        return response.children().stream()
                .filter(it -> it.child(DavNames.dav("status"))
                        .filter(line -> line.text().equals(status))
                        .isPresent())
                .findFirst()
                .orElseThrow()
                .child(DavNames.dav("prop"))
                .orElseThrow();
    }

    private static Answer propFind(String path, String headers, String body) throws IOException {
        return ask("PROPFIND", path, authorization("ama@gouv.tg:très secret") + headers, body);
    }

    private static Answer ask(String method, String path, String headers, String body) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        try (RawHttp client = RawHttp.tls(server.port(), identity.authority())) {
            client.send(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/xml\r\n"
                    + "Content-Length: " + octets.length + "\r\n" + headers + "\r\n" + body);
            return client.answer();
        }
    }

    private static String authorization(String both) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8))
                + "\r\n";
    }
}
