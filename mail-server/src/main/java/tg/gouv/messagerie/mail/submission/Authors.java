package tg.gouv.messagerie.mail.submission;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeMessage;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * Who a message says it is from.
 *
 * @param addresses of the From field, and of the Sender field if there is one
 */
public record Authors(List<MailAddress> addresses) {
    public Authors {
        addresses = List.copyOf(addresses);
    }

    /** The authors; empty unless there is exactly one From field with readable addresses (RFC 5322 section 3.6.2). */
    public static Optional<Authors> of(MimeMessage message) throws MessagingException {
        String[] from = message.getHeader("From");
        String[] sender = message.getHeader("Sender");
        if (from == null || from.length != 1 || (sender != null && sender.length > 1)) {
            return Optional.empty();
        }
        List<MailAddress> addresses = new ArrayList<>();
        boolean readable = read(from[0], addresses) && (sender == null || read(sender[0], addresses));
        return readable && !addresses.isEmpty() ? Optional.of(new Authors(addresses)) : Optional.empty();
    }

    private static boolean read(String field, List<MailAddress> addresses) {
        try {
            for (InternetAddress each : InternetAddress.parseHeader(field, true)) {
                Optional<MailAddress> address = each.isGroup() ? Optional.empty() : MailAddress.parse(each.getAddress());
                if (address.isEmpty()) {
                    return false;
                }
                addresses.add(address.get());
            }
            return true;
        } catch (AddressException _) {
            return false;
        }
    }
}
