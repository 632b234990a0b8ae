package tg.gouv.messagerie.portal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.language.Messages;
import tg.gouv.messagerie.portal.PublicUrl;
import tg.gouv.messagerie.portal.clients.DeviceGuide.Device;
import tg.gouv.messagerie.portal.clients.DeviceGuide.Setting;

/** What people read who set up a device. */
class DeviceGuideTest {
    private static final Optional<MailAddress> AFI = Optional.of(MailAddress.of("afi@gouv.tg"));

    @ParameterizedTest
    @EnumSource(Device.class)
    void everyDeviceHasStepsAndExactSettingsInBothLanguages(Device device) {
        DeviceGuide french = DeviceGuide.of(device, ClientDoorsTest.settings(), AFI, Locale.FRENCH);
        DeviceGuide english = DeviceGuide.of(device, ClientDoorsTest.settings(), AFI, Locale.ENGLISH);

        assertThat(french.steps()).hasSizeGreaterThan(2).hasSameSizeAs(english.steps());
        assertThat(french.steps()).noneMatch(english.steps()::contains).noneMatch(step -> step.contains("{"));
        assertThat(String.join("\n", french.steps())).contains("afi@gouv.tg", "https://mail.gouv.tg/compte");
        assertThat(french.settings())
                .hasSameSizeAs(english.settings())
                .contains(
                        new Setting("Adresse et nom d'utilisateur", "afi@gouv.tg"),
                        new Setting("Courrier reçu (IMAP) : serveur", "mail.gouv.tg"),
                        new Setting("Courrier reçu (IMAP) : port", "993"),
                        new Setting("Courrier reçu (IMAP) : sécurité", "SSL/TLS"),
                        new Setting("Courrier envoyé (SMTP) : port", "465"));
        assertThat(english.settings()).contains(new Setting("Outgoing mail (SMTP): server", "mail.gouv.tg"));
        assertThat(Device.of(device.word())).contains(device);
    }

    @Test
    void saysOnlyWhatIsServed() {
        ClientSettings few = ClientSettings.of(
                "Togo",
                PublicUrl.parse("https://localhost:8443"),
                Map.of("imap", 1143, "submission", 1587),
                Optional.empty(),
                Optional.empty());
        DeviceGuide guide = DeviceGuide.of(Device.OTHER, few, Optional.empty(), Locale.ENGLISH);

        assertThat(guide.settings().stream().map(it -> it.label() + " = " + it.value()))
                .containsExactly(
                        "Address and user name = your mail address",
                        "Password = this device's password, made in \"My account\"",
                        "Incoming mail (IMAP): server = localhost",
                        "Incoming mail (IMAP): port = 1143",
                        "Incoming mail (IMAP): security = STARTTLS",
                        "Outgoing mail (SMTP): server = localhost",
                        "Outgoing mail (SMTP): port = 1587",
                        "Outgoing mail (SMTP): security = STARTTLS",
                        "JMAP: address = https://localhost:8443/.well-known/jmap");
        assertThat(Device.of("../passwd")).isEmpty();
    }

    @Test
    void bothLanguagesHaveTheSameSentences() {
        ResourceBundle french =
                Messages.beside(DeviceGuide.class, Locale.FRENCH).bundle();
        ResourceBundle english =
                Messages.beside(DeviceGuide.class, Locale.ENGLISH).bundle();

        assertThat(french.keySet()).containsExactlyInAnyOrderElementsOf(english.keySet());
    }
}
