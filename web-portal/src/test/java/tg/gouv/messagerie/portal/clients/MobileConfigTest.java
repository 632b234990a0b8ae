package tg.gouv.messagerie.portal.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;
import tg.gouv.messagerie.portal.PublicUrl;

/** What an iPhone installs: a property list as Apple writes it, signed by this server. */
class MobileConfigTest {
    private static final MailAddress AFI = MailAddress.of("afi.mensah@gouv.tg");

    @TempDir
    private Path folder;

    private static byte[] profile(MailAddress address, String name) {
        return MobileConfig.of(ClientDoorsTest.settings(), address, name, Locale.FRENCH);
    }

    /** A property list as maps, lists, texts, numbers and truths. */
    static Map<?, ?> read(byte[] xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
        assertThat(document.getDoctype().getPublicId()).isEqualTo("-//Apple//DTD PLIST 1.0//EN");
        assertThat(document.getDoctype().getSystemId()).isEqualTo("http://www.apple.com/DTDs/PropertyList-1.0.dtd");
        Element root = document.getDocumentElement();
        assertThat(root.getTagName()).isEqualTo("plist");
        assertThat(root.getAttribute("version")).isEqualTo("1.0");
        return (Map<?, ?>) value(elements(root).getFirst());
    }

    private static Object value(Element element) {
        return switch (element.getTagName()) {
            case "dict" -> {
                Map<String, Object> map = new LinkedHashMap<>();
                List<Element> inside = elements(element);
                for (int i = 0; i < inside.size(); i += 2) {
                    assertThat(inside.get(i).getTagName()).isEqualTo("key");
                    assertThat(map.put(inside.get(i).getTextContent(), value(inside.get(i + 1))))
                            .isNull();
                }
                yield map;
            }
            case "array" ->
                elements(element).stream().map(MobileConfigTest::value).toList();
            case "string" -> element.getTextContent();
            case "integer" -> Integer.valueOf(element.getTextContent());
            case "true" -> true;
            case "false" -> false;
            default -> throw new AssertionError(element.getTagName());
        };
    }

    private static List<Element> elements(Element parent) {
        List<Element> elements = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static Map<?, ?> mail(Map<?, ?> profile) {
        return (Map<?, ?>) ((List<?>) Objects.requireNonNull(profile.get("PayloadContent"))).getFirst();
    }

    @Test
    void setsUpMailForReadingAndSendingWithOnePasswordThatItDoesNotHold() throws Exception {
        Map<?, ?> profile = read(profile(AFI, "Afi Mensah"));

        assertThat(profile.get("PayloadType")).isEqualTo("Configuration");
        assertThat(profile.get("PayloadVersion")).isEqualTo(1);
        assertThat(profile.get("PayloadOrganization")).isEqualTo("République <b>togolaise</b>");
        assertThat(profile.get("PayloadRemovalDisallowed")).isEqualTo(false);
        assertThat((List<?>) profile.get("PayloadContent")).hasSize(1);
        Map<?, ?> mail = mail(profile);
        assertThat(mail.get("PayloadType")).isEqualTo("com.apple.mail.managed");
        assertThat(mail.get("EmailAccountType")).isEqualTo("EmailTypeIMAP");
        assertThat(mail.get("EmailAddress")).isEqualTo("afi.mensah@gouv.tg");
        assertThat(mail.get("EmailAccountName")).isEqualTo("Afi Mensah");
        assertThat(mail.get("OutgoingPasswordSameAsIncomingPassword")).isEqualTo(true);
        for (String direction : List.of("Incoming", "Outgoing")) {
            assertThat(mail.get(direction + "MailServerHostName")).isEqualTo("mail.gouv.tg");
            assertThat(mail.get(direction + "MailServerUseSSL")).isEqualTo(true);
            assertThat(mail.get(direction + "MailServerUsername")).isEqualTo("afi.mensah@gouv.tg");
            assertThat(mail.get(direction + "MailServerAuthentication")).isEqualTo("EmailAuthPassword");
        }
        assertThat(mail.get("IncomingMailServerPortNumber")).isEqualTo(993);
        assertThat(mail.get("OutgoingMailServerPortNumber")).isEqualTo(465);
        assertThat(mail.keySet().stream().map(String::valueOf))
                .noneMatch(key -> key.endsWith("Password") && !key.startsWith("OutgoingPasswordSame"));
    }

    @Test
    void theSameAddressHasTheSameIdentifiersAndAnotherOneHasOthers() throws Exception {
        Map<?, ?> one = read(profile(AFI, "Afi Mensah"));
        Map<?, ?> again = read(profile(AFI, "Afi Lawson"));
        Map<?, ?> other = read(profile(MailAddress.of("kofi@gouv.tg"), "Kofi"));

        for (String key : List.of("PayloadUUID", "PayloadIdentifier")) {
            assertThat(again.get(key)).isEqualTo(one.get(key));
            assertThat(other.get(key)).isNotEqualTo(one.get(key));
            assertThat(mail(again).get(key)).isEqualTo(mail(one).get(key)).isNotEqualTo(one.get(key));
        }
        UUID id = UUID.fromString((String) one.get("PayloadUUID"));
        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void aNameIsTextWhateverItLooksLike() throws Exception {
        String name = "<b>&amp;</string><key>x</key> \u202E \u0301 \uD83D\uDE00";

        assertThat(mail(read(profile(AFI, name))).get("EmailAccountName")).isEqualTo(name);
        assertThat(mail(read(profile(AFI, "a\u0000b\u0008\uFFFE\uD800"))).get("EmailAccountName"))
                .as("what no XML can hold")
                .isEqualTo("a\uFFFDb\uFFFD\uFFFD\uFFFD");
        assertThat(mail(read(profile(MailAddress.of("o'brien&co@gouv.tg"), "O")))
                        .get("EmailAddress"))
                .isEqualTo("o'brien&co@gouv.tg");
    }

    @Test
    void isNotMadeWhereMailIsNotServed() {
        ClientSettings none = ClientSettings.of(
                "Togo", PublicUrl.parse("https://mail.gouv.tg"), Map.of(), Optional.empty(), Optional.empty());

        assertThat(none.serveMail()).isFalse();
        assertThatThrownBy(() -> MobileConfig.of(none, AFI, "Afi", Locale.FRENCH))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isSignedByThisServerAndOpensslSaysSoToo() throws Exception {
        try (TlsIdentity identity =
                TlsIdentities.open(TlsSettings.byDefault(), folder, Clock.systemUTC(), new SecureRandom())) {
            byte[] signed = MobileConfig.signed(ClientDoorsTest.settings(), AFI, "Afi Mensah", Locale.FRENCH, identity);
            CMSSignedData cms = new CMSSignedData(signed);
            byte[] inside = (byte[]) cms.getSignedContent().getContent();
            assertThat(read(inside).get("PayloadType")).isEqualTo("Configuration");
            assertThat(cms.getSignerInfos().getSigners()).hasSize(1);
            SignerInformation signer = cms.getSignerInfos().iterator().next();
            X509CertificateHolder certificate = cms.getCertificates().getMatches(null).stream()
                    .filter(signer.getSID()::match)
                    .findFirst()
                    .orElseThrow();
            assertThat(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate)))
                    .isTrue();

            assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl");
            Path file = folder.resolve("afi.mobileconfig");
            Files.write(file, signed);
            Path out = folder.resolve("out.plist");
            Process process = new ProcessBuilder(
                            "openssl",
                            "smime",
                            "-verify",
                            "-binary",
                            "-inform",
                            "DER",
                            "-noverify",
                            "-in",
                            file.toString(),
                            "-out",
                            out.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(Files.readString(out)).isEqualTo(new String(inside, StandardCharsets.UTF_8));
        }
    }
}
