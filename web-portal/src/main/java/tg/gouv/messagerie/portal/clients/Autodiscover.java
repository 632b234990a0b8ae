package tg.gouv.messagerie.portal.clients;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.http.BoundedBody;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.xml.XmlRefused;
import tg.gouv.messagerie.platform.xml.XmlText;

/*
 * Outlook posts to https://DOMAIN/autodiscover/autodiscover.xml, then https://autodiscover.DOMAIN/…, then asks the SRV record
 * _autodiscover._tcp.DOMAIN, and writes the path as it likes. What is understood and cannot be answered is 200 with an Error
 * element, as Exchange says it.
 */
/** Microsoft's autodiscover as plain XML (POX): IMAP and SMTP for every address in a domain that is ours. */
final class Autodiscover extends ClientDoor {
    /** Outlook's spellings of the first segment. */
    static final Set<String> PREFIXES = Set.of("/autodiscover", "/Autodiscover", "/AutoDiscover");

    static final String ANSWER = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
    static final String OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

    private static final Logger LOG = LoggerFactory.getLogger(Autodiscover.class);
    private static final String PATH = "/autodiscover/autodiscover.xml";
    private static final ByteSize BODY_MAX = ByteSize.parse("64KB");
    private static final Set<String> TYPES = Set.of("text/xml", "application/xml");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final ClientSettings settings;
    private final OurDomains domains;
    private final InstantSource clock;

    Autodiscover(ClientSettings settings, OurDomains domains, InstantSource clock) {
        this.settings = settings;
        this.domains = domains;
        this.clock = clock;
    }

    @Override
    Answer answer(Request request) throws Exception {
        if (!Request.getPathInContext(request).equalsIgnoreCase(PATH)) {
            return new Answer.Status(HttpStatus.NOT_FOUND_404);
        }
        if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
            return refused(Fault.INVALID_REQUEST); // as Exchange answers it: nothing was asked
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            return new Answer.Only("GET, HEAD, POST");
        }
        if (!isXml(request)) {
            return new Answer.Status(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415);
        }
        if (request.getLength() > BODY_MAX.bytes()) {
            return new Answer.Status(HttpStatus.PAYLOAD_TOO_LARGE_413);
        }
        ByteBuffer body = Content.Source.asByteBuffer(new BoundedBody(request, BODY_MAX));
        byte[] xml = new byte[body.remaining()];
        body.get(xml);
        try {
            return asked(AutodiscoverRequest.read(xml));
        } catch (XmlRefused e) {
            LOG.debug("event=autodiscover-unreadable reason=\"{}\"", e.getMessage());
            return new Answer.Status(HttpStatus.BAD_REQUEST_400);
        }
    }

    private static boolean isXml(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type != null && TYPES.contains(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    private Answer asked(AutodiscoverRequest request) {
        if (request.address().isEmpty() || request.schema().isEmpty()) {
            return refused(Fault.INVALID_REQUEST);
        }
        // another schema is that of phones (ActiveSync), which is not served
        if (!request.schema().get().equals(OUTLOOK) || !settings.serveMail()) {
            return refused(Fault.NO_PROVIDER);
        }
        Optional<MailAddress> address = MailAddress.parse(request.address().get());
        return address.isPresent() && domains.have(address.get().domain())
                ? settingsFor(address.get())
                : refused(Fault.NO_ADDRESS);
    }

    private Answer settingsFor(MailAddress address) {
        XmlText xml = new XmlText();
        xml.open("Autodiscover", "xmlns", ANSWER).open("Response", "xmlns", OUTLOOK);
        xml.open("Account").leaf("AccountType", "email").leaf("Action", "settings");
        protocol(xml, "IMAP", ClientService.IMAPS, ClientService.IMAP, address);
        protocol(xml, "SMTP", ClientService.SUBMISSIONS, ClientService.SUBMISSION, address);
        return new Answer.Document(ByteBuffer.wrap(xml.close().close().close().bytes()));
    }

    /** One way for each protocol: with TLS from the first byte, if it is served (RFC 8314 section 5.1). */
    private void protocol(
            XmlText xml, String type, ClientService encrypted, ClientService startTls, MailAddress address) {
        boolean fromTheFirstByte = settings.serves(encrypted);
        settings.port(fromTheFirstByte ? encrypted : startTls).ifPresent(port -> {
            xml.open("Protocol")
                    .leaf("Type", type)
                    .leaf("Server", settings.host())
                    .leaf("Port", Integer.toString(port))
                    .leaf("LoginName", address.toString())
                    .leaf("DomainRequired", "off")
                    .leaf("SPA", "off")
                    .leaf("SSL", fromTheFirstByte ? "on" : "off")
                    .leaf("Encryption", fromTheFirstByte ? "SSL" : "TLS")
                    .leaf("AuthRequired", "on");
            if (type.equals("SMTP")) {
                xml.leaf("UsePOPAuth", "on").leaf("SMTPLast", "off"); // the same password as for reading
            }
            xml.close();
        });
    }

    private Answer refused(Fault fault) {
        return new Answer.Document(ByteBuffer.wrap(new XmlText()
                .open("Autodiscover", "xmlns", ANSWER)
                .open("Response")
                .open("Error", "Time", TIME.format(clock.instant()), "Id", "1")
                .leaf("ErrorCode", fault.code)
                .leaf("Message", fault.message)
                .empty("DebugData")
                .close()
                .close()
                .close()
                .bytes()));
    }

    /** What Exchange says in such a case, in its words: Outlook reads the number, administrators search the words. */
    private enum Fault {
        NO_ADDRESS("500", "The email address can't be found."),
        INVALID_REQUEST("600", "Invalid Request"),
        NO_PROVIDER("601", "Provider is not available");

        private final String code;
        private final String message;

        Fault(String code, String message) {
            this.code = code;
            this.message = message;
        }
    }
}
