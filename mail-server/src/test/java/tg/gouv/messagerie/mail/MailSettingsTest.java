package tg.gouv.messagerie.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.settings.Settings;
import tg.gouv.messagerie.platform.settings.SettingsRefused;

class MailSettingsTest {
    record File(@Doc("Mail.") MailSettings mail) {}

    @Test
    void anEmptyFileGivesTheDefaults() {
        assertThat(read("")).isEqualTo(MailSettings.byDefault());
    }

    @Test
    void everyDoorIsClosedToOtherMachinesByDefault() {
        MailSettings settings = MailSettings.byDefault();

        assertThat(java.util.List.of(
                        settings.transfer().listen(),
                        settings.submission().listen(),
                        settings.submission().listenTls(),
                        settings.lmtp().listen(),
                        settings.imap().listen(),
                        settings.imap().listenTls(),
                        settings.managesieve().listen()))
                .extracting(Endpoint::host)
                .containsOnly("127.0.0.1");
    }

    @Test
    void whatAnOperatorWritesIsRead() {
        MailSettings settings = read("""
                [mail]
                host-name = "mail.gouv.tg"
                message-size-max = "40MB"
                outside = "seal"
                sealed-mailbox = "monde.exterieur@gouv.tg"
                [mail.transfer]
                peers = ["192.0.2.7", "2001:db8::7"]
                [mail.imap]
                listen-tls = "0.0.0.0:993"
                """);

        assertThat(settings.outside()).isEqualTo(MailSettings.Outside.SEAL);
        assertThat(settings.sealedMailbox()).contains("monde.exterieur@gouv.tg");
        assertThat(settings.transfer().peers()).hasSize(2);
        assertThat(settings.imap().listenTls()).isEqualTo(new Endpoint("0.0.0.0", 993));
    }

    @Test
    void mailIsSentOutsideOnlyIfTheOperatorSaysSo() {
        assertThat(MailSettings.byDefault().outside()).isEqualTo(MailSettings.Outside.REFUSE);
        MailSettings settings = read("""
                [mail]
                host-name = "mail.gouv.tg"
                outside = "send"
                [mail.outgoing]
                relay = "smtp.example.tg:587"
                encryption = "required"
                """);
        assertThat(settings.outside()).isEqualTo(MailSettings.Outside.SEND);
        assertThat(settings.outgoing().relay()).contains(new Endpoint("smtp.example.tg", 587));
    }

    @Test
    void brokenRulesAreNamed() {
        refused("[mail.imap]\nidle-timeout = \"5m\"", "RFC 9051 section 5.4");
        refused("[mail.managesieve]\nidle-timeout = \"5m\"", "RFC 5804 section 1.2");
        refused("[mail]\noutside = \"seal\"", "sealed-mailbox must be given");
        refused("[mail]\nsealed-mailbox = \"a@gouv.tg\"", "sealed-mailbox must be given");
        refused("[mail]\noutside = \"send\"", "RFC 5321 section 2.3.5");
        refused("[mail.outgoing]\nrelay-user = \"nous\"", "relay-user and relay-secret are given together");
        refused("[mail.outgoing]\nwarn-after = \"6d\"", "warn-after must be");
        refused("[mail.transfer]\nrecipients-max = 5", "RFC 5321 section 4.5.3.1.8");
        refused("[mail]\nmessage-size-max = \"1KB\"", "message-size-max must be between");
    }

    private static void refused(String toml, String because) {
        assertThatThrownBy(() -> read(toml))
                .isInstanceOfSatisfying(
                        SettingsRefused.class,
                        refused -> assertThat(refused.text(Locale.ENGLISH)).contains(because));
    }

    private static MailSettings read(String toml) {
        return Settings.parse("messagerie.toml", toml, File.class, Path.of("."))
                .value()
                .mail();
    }
}
