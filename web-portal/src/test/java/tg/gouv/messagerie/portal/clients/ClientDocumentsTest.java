package tg.gouv.messagerie.portal.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.http.HttpSettings;
import tg.gouv.messagerie.platform.http.RawHttp;
import tg.gouv.messagerie.platform.http.RawHttp.Answer;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;
import tg.gouv.messagerie.portal.PublicUrl;

/** Every document that the doors can give is what its schema says; and each schema refuses what is not. */
class ClientDocumentsTest {
    private static final String SHORT = "gouv.tg";
    private static final String LONG = "amenagement-du-territoire.gouv.tg";
    private static final String ODD = "République <b>togolaise</b> & « Cie », dite \"l'État\" ]]> \u0000";
    private static final List<String> SERVICES = List.of("imaps", "imap", "submissions", "submission");
    private static final List<Optional<ClientSettings.Provider>> PROVIDERS = List.of(
            Optional.empty(),
            Optional.of(new ClientSettings.Provider("https://id.gouv.tg/?a=1&b=<2>", Optional.empty())),
            Optional.of(new ClientSettings.Provider("https://id.gouv.tg", Optional.of("openid mail offline_access"))));
    private static final List<Locale> LANGUAGES = List.of(Locale.FRENCH, Locale.ENGLISH);

    @TempDir
    private static Path data;

    @TempDir
    private static Path elsewhere;

    private static TlsIdentity identity;

    /** A client configuration, an answer and an error of autodiscover, all right. */
    private static List<Answer> told;

    @BeforeAll
    static void ask() throws IOException {
        identity = TlsIdentities.open(TlsSettings.byDefault(), data, Clock.systemUTC(), new SecureRandom());
        told = ask(
                settings("Togo", "https://mail.gouv.tg", ClientDoorsTest.PORTS, PROVIDERS.getLast()),
                List.of(
                        autoconfig(SHORT),
                        autodiscover(outlook("afi@gouv.tg")),
                        autodiscover(outlook("afi@example.org"))));
    }

    @AfterAll
    static void close() {
        identity.close();
    }

    private static ClientSettings settings(
            String state, String url, Map<String, Integer> listening, Optional<ClientSettings.Provider> provider) {
        return ClientSettings.of(state, PublicUrl.parse(url), listening, Optional.empty(), provider);
    }

    /** Each choice of the services that set mail up. */
    static Stream<ClientSettings> everyChoiceOfServices() {
        return choices(PROVIDERS.getFirst());
    }

    /** The same with each kind of provider of identities, of which only Thunderbird is told. */
    static Stream<ClientSettings> everyKindOfProvider() {
        return PROVIDERS.stream().skip(1).flatMap(ClientDocumentsTest::choices);
    }

    private static Stream<ClientSettings> choices(Optional<ClientSettings.Provider> provider) {
        return IntStream.range(0, 1 << SERVICES.size()).mapToObj(choice -> {
            Map<String, Integer> listening = new LinkedHashMap<>(Map.of("smtp", 25, "https", 443));
            for (int i = 0; i < SERVICES.size(); i++) {
                listening.put(SERVICES.get(i), (choice >> i & 1) == 1 ? 10_000 + i : 0);
            }
            return settings(ODD, "https://mail.gouv.tg", listening, provider);
        });
    }

    /** Names that a State, a host and an issuer may have. */
    static Stream<ClientSettings> everyKindOfName() {
        Stream<ClientSettings> states = Stream.of(
                        "T",
                        ODD,
                        "É".repeat(100),
                        "a" + "\uD83C\uDDF9".repeat(49),
                        " Togo\r\n\tde l'Ouest ",
                        "Communauté des administrations de la République togolaise et des communes, plateforme commune")
                .map(state -> settings(state, "https://mail.gouv.tg", ClientDoorsTest.PORTS, PROVIDERS.getLast()));
        Stream<ClientSettings> urls = Stream.of(
                        "https://localhost:8443",
                        "https://192.0.2.1",
                        "https://[2001:db8::1]:8443",
                        "https://" + "a".repeat(60) + "." + LONG)
                .map(url -> settings("Togo", url, ClientDoorsTest.PORTS, Optional.empty()));
        return Stream.concat(states, urls);
    }

    private static String autoconfig(String domain) {
        return "GET /.well-known/autoconfig/mail/config-v1.1.xml HTTP/1.1\r\nHost: " + domain + "\r\n\r\n";
    }

    private static String autodiscover(String body) {
        return "POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: gouv.tg\r\nContent-Type: text/xml\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static String question(String inside) {
        return "<Autodiscover xmlns=\"" + AutodiscoverRequest.NAMESPACE + "\"><Request>" + inside
                + "</Request></Autodiscover>";
    }

    private static String outlook(String address) {
        return question("<EMailAddress>" + address + "</EMailAddress><AcceptableResponseSchema>" + Autodiscover.OUTLOOK
                + "</AcceptableResponseSchema>");
    }

    private static List<Answer> ask(ClientSettings settings, List<String> questions) throws IOException {
        try (HttpServer server = HttpServer.start(
                        HttpSettings.byDefault().at(Endpoint.parse("127.0.0.1:0")),
                        identity,
                        ClientDoors.byPathPrefix(settings, () -> Set.of(SHORT, LONG), Clock.systemUTC()));
                RawHttp client = RawHttp.tls(server.port(), identity.authority())) {
            List<Answer> answers = new ArrayList<>();
            for (String question : questions) {
                answers.add(client.ask(question));
            }
            return answers;
        }
    }

    private static byte[] bytes(String document) {
        return document.getBytes(StandardCharsets.UTF_8);
    }

    private static void isRight(Schemas schema, Answer answer) throws Exception {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(schema.faults(bytes(answer.body()))).as(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource({"everyChoiceOfServices", "everyKindOfProvider", "everyKindOfName"})
    void whatThunderbirdIsToldIsAClientConfig(ClientSettings settings) throws Exception {
        for (Answer answer : ask(settings, List.of(autoconfig(SHORT), autoconfig(LONG)))) {
            if (settings.serveMail()) {
                isRight(Schemas.AUTOCONFIG, answer);
                assertThat(answer.body().contains("<oAuth2>"))
                        .as("a token can be asked for only of somebody")
                        .isEqualTo(answer.body().contains(">OAuth2</authentication>"));
            } else {
                assertThat(answer.status()).isEqualTo(404);
            }
        }
    }

    @ParameterizedTest
    @MethodSource({"everyChoiceOfServices", "everyKindOfName"})
    void whatOutlookIsToldIsAResponseOrAnError(ClientSettings settings) throws Exception {
        List<Answer> answers = ask(
                settings,
                List.of(
                        autodiscover(outlook("o'brien&amp;co@gouv.tg")),
                        autodiscover(outlook("afi.mensah@" + LONG)),
                        autodiscover(outlook("afi@example.org")),
                        autodiscover(outlook("&lt;b&gt;")),
                        autodiscover(question("")),
                        autodiscover(outlook("afi@gouv.tg").replace("2006a<", "2030<")),
                        "GET /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: gouv.tg\r\n\r\n"));
        for (Answer answer : answers) {
            isRight(Schemas.AUTODISCOVER, answer);
        }
        assertThat(answers.stream()
                        .limit(2)
                        .map(answer -> answer.body().contains(settings.serveMail() ? "<Account>" : ">601<")))
                .containsOnly(true);
        assertThat(answers.stream().skip(2).map(answer -> answer.body().contains("<Error ")))
                .containsOnly(true);
    }

    @ParameterizedTest
    @MethodSource({"everyChoiceOfServices", "everyKindOfName"})
    void whatAnIphoneInstallsIsAProfileThatThisServerSigned(ClientSettings settings) throws Exception {
        if (!settings.serveMail()) {
            return;
        }
        for (Locale language : LANGUAGES) {
            byte[] signed = MobileConfig.signed(
                    settings, MailAddress.of("o'brien&co@gouv.tg"), "Afi <i>Mensah</i> & \u0001", language, identity);
            CMSSignedData cms = new CMSSignedData(signed);
            byte[] profile = (byte[]) cms.getSignedContent().getContent();

            assertThat(isSigned(cms)).isTrue();
            assertChain(cms, identity.authority());
            assertThat(Schemas.PROPERTY_LIST.faults(profile)).isEmpty();
            assertThat(ConfigurationProfile.faults(MobileConfigTest.read(profile)))
                    .isEmpty();
        }
    }

    private static X509CertificateHolder certificate(CMSSignedData cms, SignerInformation signer) {
        return cms.getCertificates().getMatches(null).stream()
                .filter(signer.getSID()::match)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isSigned(CMSSignedData cms) throws Exception {
        SignerInformation signer = cms.getSignerInfos().iterator().next();
        try {
            return signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate(cms, signer)));
        } catch (CMSException e) { // another digest than what was signed
            return false;
        }
    }

    /** RFC 5280 section 6: from the signer's certificate to an authority. */
    private static void assertChain(CMSSignedData cms, Path authority) throws IOException, GeneralSecurityException {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        X509Certificate anchor;
        try (InputStream pem = Files.newInputStream(authority)) {
            anchor = (X509Certificate) certificates.generateCertificate(pem);
        }
        PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
        trust.setRevocationEnabled(false);
        X509Certificate signer = new JcaX509CertificateConverter()
                .getCertificate(certificate(cms, cms.getSignerInfos().iterator().next()));
        CertPathValidator.getInstance("PKIX").validate(certificates.generateCertPath(List.of(signer)), trust);
    }

    @Test
    void aProfileThatSomebodyChangedOrAnotherAuthorityWouldHaveSignedIsFound() throws Exception {
        byte[] signed = MobileConfig.signed(
                ClientDoorsTest.settings(), MailAddress.of("afi@gouv.tg"), "Afi", Locale.FRENCH, identity);
        String latin = new String(signed, StandardCharsets.ISO_8859_1);
        byte[] changed = latin.replace("<integer>993<", "<integer>994<").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(changed).isNotEqualTo(signed);
        assertThat(isSigned(new CMSSignedData(changed))).isFalse();
        try (TlsIdentity other =
                TlsIdentities.open(TlsSettings.byDefault(), elsewhere, Clock.systemUTC(), new SecureRandom())) {
            assertThatThrownBy(() -> assertChain(new CMSSignedData(signed), other.authority()))
                    .isInstanceOf(CertPathValidatorException.class);
        }
    }

    private static void refuses(Schemas schema, String document, String found, String instead) throws Exception {
        String changed =
                Pattern.compile(found, Pattern.DOTALL).matcher(document).replaceFirst(instead);

        assertThat(schema.faults(bytes(document))).isEmpty();
        assertThat(changed).isNotEqualTo(document);
        assertThat(schema.faults(bytes(changed))).as(changed).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "version=.1.1., version=\"3\"",
        "' version=.1.1.', ''",
        "id=.gouv.tg., id=\"Le Togo\"",
        "<domain>gouv.tg</domain>, ''",
        "(<domain>.*</domain>)(\\s*)(<displayName>.*</displayName>), $3$2$1",
        "<displayName>Togo, <displayName>1234567890123456789012345678901234567890123456789012345678901",
        "<displayShortName>gouv.tg, <displayShortName>amenagement-du-territoire",
        "type=.imap., type=\"IMAP\"",
        "type=.smtp., type=\"imap\"",
        "(<hostname>[^<]*</hostname>)(\\s*)(<port>993</port>), $3$2$1",
        "<port>993</port>, ''",
        "993, 0",
        "993, 65536",
        "993, imaps",
        "<socketType>SSL, <socketType>TLS",
        "<username>%EMAILADDRESS%</username>, ''",
        "password-cleartext, plain",
        "OAuth2, OAuth",
        "<incomingServer.*</incomingServer>, ''",
        "<outgoingServer.*</outgoingServer>, ''",
        "lang=.en., lang=\"fr\"",
        "lang=.fr., lang=\"fra\"",
        "url=.https, url=\"http",
        "<issuer>[^<]*</issuer>, ''",
        "<oAuth2>, <oAuth2><secret/>"
    })
    void autoconfigThatIsNoneIsFound(String found, String instead) throws Exception {
        refuses(Schemas.AUTOCONFIG, told.get(0).body(), found, instead);
    }

    @ParameterizedTest
    @CsvSource({
        "<AccountType>email, <AccountType>mail",
        "<Action>settings, <Action>set",
        "(<AccountType>email</AccountType>)(\\s*)(<Action>settings</Action>), $3$2$1",
        "<Protocol>.*</Protocol>, ''",
        "<Type>IMAP, <Type>IMAP4",
        "<Type>SMTP, <Type>IMAP",
        "<Server>[^<]*</Server>, ''",
        "<Port>993</Port>, ''",
        "993, 993993",
        "<LoginName>[^<]*<, <LoginName><",
        "(<LoginName>[^<]*</LoginName>)(\\s*)(<DomainRequired>off</DomainRequired>), $3$2$1",
        "<SPA>off</SPA>, ''",
        "<SSL>on, <SSL>true",
        "<Encryption>SSL, <Encryption>STARTTLS",
        "<UsePOPAuth>on</UsePOPAuth>, ''",
        "outlook/responseschema/2006a, outlook/responseschema/2006",
        "autodiscover/responseschema/2006, autodiscover/responseschema/2007"
    })
    void anAnswerOfAutodiscoverThatIsNoneIsFound(String found, String instead) throws Exception {
        refuses(Schemas.AUTODISCOVER, told.get(1).body(), found, instead);
    }

    @ParameterizedTest
    @CsvSource({
        "Time=.[0-9:.]*., Time=\"noon\"",
        "Time=.[0-9], Time=\"9",
        "Id=.1., Id=\"-1\"",
        "Id=.1., ''",
        "<ErrorCode>500, <ErrorCode>404",
        "<ErrorCode>500</ErrorCode>, ''",
        "(<ErrorCode>500</ErrorCode>)(\\s*)(<Message>[^<]*</Message>), $3$2$1",
        "<Message>[^<]*</Message>, <Message/>",
        "<DebugData/>, ''",
        "<Response>, <Response xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\">"
    })
    void anErrorOfAutodiscoverThatIsNoneIsFound(String found, String instead) throws Exception {
        refuses(Schemas.AUTODISCOVER, told.get(2).body(), found, instead);
    }

    private static String profile() {
        return new String(
                MobileConfig.of(ClientDoorsTest.settings(), MailAddress.of("afi@gouv.tg"), "Afi", Locale.FRENCH),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "<key>EmailAddress</key>, ''",
        "<string>Afi</string>, ''",
        "<string>Afi</string>, <text>Afi</text>",
        "<true/>, <true>1</true>",
        "<integer>993, <integer>imaps",
        "<key>EmailAccountName</key>, <key>EmailAddress</key>",
        "<plist version=.1.0.>, <plist version=\"2.0\">",
        "</plist>, <dict/></plist>"
    })
    void aPropertyListThatIsNoneIsFound(String found, String instead) throws Exception {
        refuses(Schemas.PROPERTY_LIST, profile(), found, instead);
    }

    @ParameterizedTest
    @CsvSource({
        "<string>com.apple.mail.managed, <string>com.apple.mail, PayloadType",
        "<string>Configuration, <string>com.apple.mail.managed, the outer PayloadType",
        "<key>PayloadUUID</key>\\s*<string>[^<]*</string>, '', PayloadUUID = null",
        "<key>PayloadUUID</key>\\s*<string>[^<]*, <key>PayloadUUID</key><string>1, PayloadUUID = 1",
        "<key>PayloadIdentifier</key>\\s*<string>[^<]*, <key>PayloadIdentifier</key><string>mail, PayloadIdentifier = mail",
        "<key>PayloadVersion</key>\\s*<integer>1, <key>PayloadVersion</key><integer>2, PayloadVersion = 2",
        "<integer>993</integer>, <string>993</string>, IncomingMailServerPortNumber = 993",
        "EmailTypeIMAP, IMAP, EmailAccountType = IMAP",
        "EmailAuthPassword, Password, IncomingMailServerAuthentication = Password",
        "<key>OutgoingMailServerHostName</key>\\s*<string>[^<]*</string>, '', OutgoingMailServerHostName = null",
        "IncomingMailServerUseSSL, IncomingMailServerUseTLS, unknown IncomingMailServerUseTLS"
    })
    void aProfileThatIsNoneIsFound(String found, String instead, String fault) throws Exception {
        String changed = Pattern.compile(found).matcher(profile()).replaceFirst(instead);

        assertThat(Schemas.PROPERTY_LIST.faults(bytes(changed))).isEmpty();
        assertThat(ConfigurationProfile.faults(MobileConfigTest.read(bytes(changed))))
                .anyMatch(it -> it.startsWith(fault));
    }

    @Test
    void twoPayloadsWithOneIdentifierAreFound() throws Exception {
        String profile = profile();
        String uuid = "<key>PayloadUUID</key>\\s*<string>([^<]*)";
        var first = Pattern.compile(uuid).matcher(profile);
        assertThat(first.find()).isTrue();
        String same = profile.replaceAll(uuid, "<key>PayloadUUID</key><string>" + first.group(1));

        assertThat(ConfigurationProfile.faults(MobileConfigTest.read(bytes(same))))
                .containsExactly("PayloadUUID twice");
    }
}
