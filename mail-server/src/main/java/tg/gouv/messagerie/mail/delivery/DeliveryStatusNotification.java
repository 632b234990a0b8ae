package tg.gouv.messagerie.mail.delivery;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import javax.activation.DataHandler;
import javax.mail.MessagingException;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import javax.mail.util.ByteArrayDataSource;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import tg.gouv.messagerie.platform.language.Messages;

/** Tells a sender, in words and for programs, that a message was not delivered (RFC 3464, RFC 6522). */
final class DeliveryStatusNotification {
    /** The mailbox of the recipient is full (RFC 3463 section 3.3). */
    static final String MAILBOX_FULL = "5.2.2";

    /** Whoever runs the server returned it (RFC 3463 section 3.8). */
    static final String RETURNED = "5.7.1";

    /** The sender may not write to the mailing list (RFC 3463 section 3.8). */
    static final String LIST_CLOSED = "5.7.2";

    /** The header is returned so that the sender knows which message it was: its beginning does. */
    private static final int HEADER_MAX = 32 * 1024;

    private final String hostName;

    DeliveryStatusNotification(String hostName) {
        this.hostName = hostName;
    }

    /** A notification of failure, to be sent from the null reverse-path to the sender, who must be one. */
    MimeMessage failed(Mail mail, Collection<MailAddress> recipients, String status, Instant now)
            throws MessagingException {
        AutomaticMessage notification = new AutomaticMessage(
                        AutomaticMessage.REPLIED,
                        "MAILER-DAEMON@" + hostName,
                        mail.getMaybeSender().asString(),
                        now,
                        hostName)
                .answering(mail.getMessage())
                .titled(french().text("undelivered.subject"));
        MimeMultipart report = new MimeMultipart(
                "report; report-type=delivery-status",
                words(recipients, status),
                fields(recipients, status),
                header(Collections.list(mail.getMessage().getAllHeaderLines())));
        return notification.reporting(report);
    }

    private static Messages french() {
        return Messages.beside(DeliveryStatusNotification.class, Locale.FRENCH);
    }

    private static MimeBodyPart words(Collection<MailAddress> recipients, String status) throws MessagingException {
        String whom =
                String.join(", ", recipients.stream().map(MailAddress::asString).toList());
        Messages english = Messages.beside(DeliveryStatusNotification.class, Locale.ENGLISH);
        String key = switch (status) {
            case RETURNED -> "undelivered.returned";
            case LIST_CLOSED -> "undelivered.list";
            default -> "undelivered.full";
        };
        MimeBodyPart part = new MimeBodyPart();
        part.setText(french().text(key, whom) + "\r\n\r\n" + english.text(key, whom) + "\r\n", "UTF-8");
        return part;
    }

    private MimeBodyPart fields(Collection<MailAddress> recipients, String status) throws MessagingException {
        StringBuilder fields = new StringBuilder("Reporting-MTA: dns; " + hostName + "\r\n");
        for (MailAddress recipient : recipients) {
            fields.append("\r\nFinal-Recipient: rfc822; ")
                    .append(recipient.asString())
                    .append("\r\nAction: failed\r\nStatus: ")
                    .append(status)
                    .append("\r\n");
        }
        return part(fields.toString().getBytes(StandardCharsets.US_ASCII), "message/delivery-status");
    }

    /** The header of the message that is reported, or as much of it as is told. */
    static MimeBodyPart header(List<String> lines) throws MessagingException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        for (String line : lines) {
            byte[] octets = (line + "\r\n").getBytes(StandardCharsets.UTF_8);
            if (header.size() + octets.length > HEADER_MAX) {
                break;
            }
            header.writeBytes(octets);
        }
        return part(header.toByteArray(), "text/rfc822-headers; charset=utf-8");
    }

    /** A part of this type, octet by octet. */
    static MimeBodyPart part(byte[] octets, String type) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(new ByteArrayDataSource(octets, type)));
        return part;
    }
}
