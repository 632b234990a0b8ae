package tg.gouv.messagerie.portal.clients;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.UUID;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.language.Messages;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.xml.XmlText;

/*
 * The profile holds no password: the phone asks for it once, and uses the same for reading and sending. Its identifiers are made of
 * the address and the host, so that a second profile replaces the first instead of standing beside it.
 */
/** An Apple configuration profile: mail on an iPhone, iPad or Mac in one tap. */
public final class MobileConfig {
    /** The media type of a profile, signed or not. */
    public static final String MEDIA_TYPE = "application/x-apple-aspen-config";

    private static final String IDENTIFIER = "tg.gouv.messagerie.";
    private static final String DOCTYPE = "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\""
            + " \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">";

    private final ClientSettings settings;
    private final MailAddress address;
    private final String name;
    private final Messages messages;

    private MobileConfig(ClientSettings settings, MailAddress address, String name, Locale language) {
        this.settings = settings;
        this.address = address;
        this.name = name;
        this.messages = Messages.beside(MobileConfig.class, language);
    }

    /** The profile of an account, as {@link #of(ClientSettings, MailAddress, String, Locale)}. */
    public static byte[] of(ClientSettings settings, Account account, Locale language) {
        return of(settings, account.primary(), account.displayName(), language);
    }

    /**
     * The profile, not signed: a property list in XML.
     *
     * @param name as correspondents are to see it
     * @param language in which it explains itself
     * @throws IllegalStateException unless {@link ClientSettings#serveMail}
     */
    public static byte[] of(ClientSettings settings, MailAddress address, String name, Locale language) {
        if (!settings.serveMail()) {
            throw new IllegalStateException("mail is not served");
        }
        return new MobileConfig(settings, address, name, language).profile();
    }

    /** The same, signed by this server: the phone shows by whom. */
    public static byte[] signed(
            ClientSettings settings, MailAddress address, String name, Locale language, TlsIdentity identity) {
        return identity.signed(of(settings, address, name, language));
    }

    private byte[] profile() {
        XmlText xml =
                new XmlText().line(DOCTYPE).open("plist", "version", "1.0").open("dict");
        xml.leaf("key", "PayloadContent").open("array");
        mail(xml);
        xml.close();
        text(xml, "PayloadDescription", messages.text("profile.description", address.toString()));
        text(xml, "PayloadDisplayName", messages.text("profile.name", settings.state()));
        payload(xml, "Configuration", "profile");
        text(xml, "PayloadOrganization", settings.state());
        flag(xml, "PayloadRemovalDisallowed", false);
        return xml.close().close().bytes();
    }

    private void mail(XmlText xml) {
        xml.open("dict");
        text(xml, "EmailAccountDescription", messages.text("profile.account", address.toString()));
        text(xml, "EmailAccountName", name);
        text(xml, "EmailAccountType", "EmailTypeIMAP");
        text(xml, "EmailAddress", address.toString());
        server(xml, "Incoming", ClientService.IMAPS, ClientService.IMAP);
        server(xml, "Outgoing", ClientService.SUBMISSIONS, ClientService.SUBMISSION);
        flag(xml, "OutgoingPasswordSameAsIncomingPassword", true);
        text(xml, "PayloadDisplayName", messages.text("profile.account", address.toString()));
        payload(xml, "com.apple.mail.managed", "mail");
        flag(xml, "PreventAppSheet", false);
        flag(xml, "PreventMove", false);
        flag(xml, "SMIMEEnabled", false);
        xml.close();
    }

    private void server(XmlText xml, String direction, ClientService encrypted, ClientService startTls) {
        int port =
                settings.port(encrypted).orElseGet(() -> settings.port(startTls).orElseThrow());
        text(xml, direction + "MailServerAuthentication", "EmailAuthPassword");
        text(xml, direction + "MailServerHostName", settings.host());
        xml.leaf("key", direction + "MailServerPortNumber").leaf("integer", Integer.toString(port));
        flag(xml, direction + "MailServerUseSSL", true);
        text(xml, direction + "MailServerUsername", address.toString());
    }

    private void payload(XmlText xml, String type, String part) {
        UUID id = id(part);
        text(xml, "PayloadIdentifier", IDENTIFIER + part + "." + id);
        text(xml, "PayloadType", type);
        text(xml, "PayloadUUID", id.toString().toUpperCase(Locale.ROOT));
        xml.leaf("key", "PayloadVersion").leaf("integer", "1");
    }

    private static void text(XmlText xml, String key, String value) {
        xml.leaf("key", key).leaf("string", value);
    }

    private static void flag(XmlText xml, String key, boolean value) {
        xml.leaf("key", key).empty(Boolean.toString(value));
    }

    /** RFC 9562 section 5.8: 122 bits of a digest. */
    private UUID id(String part) {
        try {
            ByteBuffer digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256")
                    .digest((part + "\n" + address + "\n" + settings.host()).getBytes(StandardCharsets.UTF_8)));
            return new UUID(
                    (digest.getLong() & ~0xF000L) | 0x8000,
                    (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | Long.MIN_VALUE);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
