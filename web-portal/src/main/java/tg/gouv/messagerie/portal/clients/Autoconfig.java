package tg.gouv.messagerie.portal.clients;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.language.Messages;
import tg.gouv.messagerie.platform.xml.XmlText;

/*
 * Thunderbird (and K-9, FairEmail, Evolution) ask https://autoconfig.DOMAIN/mail/config-v1.1.xml?emailaddress=… and
 * https://DOMAIN/.well-known/autoconfig/mail/config-v1.1.xml. The answer depends on the domain alone, and repeats nothing of the
 * request but the name of a domain that is ours. A provider's names are bounded there (draft-ietf-mailmaint-autoconfig, displayName
 * and displayShortName): a longer one is cut, or left out where it may be.
 */
/** Mozilla's autoconfig, version 1.1, for every domain that is ours. */
final class Autoconfig extends ClientDoor {
    static final Set<String> PATHS = Set.of("/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml");

    private static final String HOST_PREFIX = "autoconfig.";
    private static final int NAME_MAX = 60;
    private static final int SHORT_NAME_MAX = 20;
    private static final List<Locale> LANGUAGES = List.of(Locale.FRENCH, Locale.ENGLISH);

    private final ClientSettings settings;
    private final OurDomains domains;

    Autoconfig(ClientSettings settings, OurDomains domains) {
        this.settings = settings;
        this.domains = domains;
    }

    @Override
    Answer answer(Request request) {
        if (!PATHS.contains(Request.getPathInContext(request))) {
            return new Answer.Status(HttpStatus.NOT_FOUND_404);
        }
        if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            return new Answer.Only("GET, HEAD");
        }
        Optional<String> written;
        try {
            Fields.Field field = Request.extractQueryParameters(request).get("emailaddress");
            written = Optional.ofNullable(field).map(Fields.Field::getValue);
        } catch (RuntimeException e) { // what Jetty makes of an escape that is none
            return new Answer.Status(HttpStatus.BAD_REQUEST_400);
        }
        Optional<String> domain = written.isEmpty()
                ? Optional.of(host(request))
                : MailAddress.parse(written.get()).map(MailAddress::domain);
        if (domain.isEmpty()) {
            return new Answer.Status(HttpStatus.BAD_REQUEST_400);
        }
        return settings.serveMail() && domains.have(domain.get())
                ? new Answer.Document(ByteBuffer.wrap(document(domain.get())))
                : new Answer.Status(HttpStatus.NOT_FOUND_404);
    }

    /** The domain that a request without an address is about. */
    private static String host(Request request) {
        String host = Request.getServerName(request);
        String lower = host == null ? "" : host.toLowerCase(Locale.ROOT);
        return lower.startsWith(HOST_PREFIX) ? lower.substring(HOST_PREFIX.length()) : lower;
    }

    private byte[] document(String domain) {
        XmlText xml = new XmlText();
        xml.open("clientConfig", "version", "1.1").open("emailProvider", "id", domain);
        xml.leaf("domain", domain).leaf("displayName", cut(settings.state()));
        if (domain.length() <= SHORT_NAME_MAX) {
            xml.leaf("displayShortName", domain);
        }
        server(xml, "incomingServer", "imap", ClientService.IMAPS, "SSL");
        server(xml, "incomingServer", "imap", ClientService.IMAP, "STARTTLS");
        server(xml, "outgoingServer", "smtp", ClientService.SUBMISSIONS, "SSL");
        server(xml, "outgoingServer", "smtp", ClientService.SUBMISSION, "STARTTLS");
        xml.open("documentation", "url", settings.helpUrl());
        for (Locale language : LANGUAGES) {
            xml.leaf(
                    "descr",
                    Messages.beside(Autoconfig.class, language).text("autoconfig.help"),
                    "lang",
                    language.getLanguage());
        }
        xml.close().close();
        settings.provider().ifPresent(provider -> {
            xml.open("oAuth2").leaf("issuer", provider.issuer());
            provider.scope().ifPresent(scope -> xml.leaf("scope", scope));
            xml.close();
        });
        return xml.close().bytes();
    }

    private static String cut(String name) {
        if (name.length() <= NAME_MAX) {
            return name;
        }
        int end = NAME_MAX - 1;
        return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** A server, unless it is not served; a program takes the first that it can use. */
    private void server(XmlText xml, String element, String type, ClientService service, String socket) {
        settings.port(service).ifPresent(port -> {
            xml.open(element, "type", type)
                    .leaf("hostname", settings.host())
                    .leaf("port", Integer.toString(port))
                    .leaf("socketType", socket)
                    .leaf("username", "%EMAILADDRESS%")
                    .leaf("authentication", "password-cleartext"); // inside TLS; for want of another word there
            if (settings.provider().isPresent()) {
                xml.leaf("authentication", "OAuth2");
            }
            xml.close();
        });
    }
}
