package tg.gouv.messagerie.mail.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeMessage;

/**
 * Who a message says it is from, as its reader is shown.
 *
 * @param addresses those of the From field, and of the Sender field if there is one; at least one, each with a domain
 */
public record Authors(List<String> addresses) {
    public Authors {
        addresses = List.copyOf(addresses);
    }

    /**
     * The authors; empty unless there is one From field, at most one Sender field (RFC 5322 section 3.6), and every address in
     * them can be read: what cannot be read could be shown as anybody.
     */
    public static Optional<Authors> of(MimeMessage message) throws MessagingException {
        String[] from = message.getHeader("From");
        String[] sender = message.getHeader("Sender");
        if (from == null || from.length != 1 || (sender != null && sender.length != 1)) {
            return Optional.empty();
        }
        List<String> addresses = new ArrayList<>();
        boolean readable = read(from[0], addresses) && (sender == null || read(sender[0], addresses));
        return readable && !addresses.isEmpty() ? Optional.of(new Authors(addresses)) : Optional.empty();
    }

    private static boolean read(String field, List<String> addresses) {
        try {
            for (InternetAddress each : InternetAddress.parseHeader(field, true)) {
                String address = each.getAddress();
                if (each.isGroup() || address == null || address.indexOf('@') < 1 || address.endsWith("@")) {
                    return false;
                }
                addresses.add(address);
            }
            return true;
        } catch (AddressException _) {
            return false;
        }
    }
}
