package tg.gouv.messagerie.mail.delivery;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.mail.Header;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.apache.mailet.Mail;
import tg.gouv.messagerie.directory.MailAddress;

/** Whether a message was written by somebody to somebody, so that a program may answer it (RFC 3834 section 2, RFC 5230 section 4). */
final class PersonalMail {
    /** Names of programs and of lists; RFC 5230 section 4.6 and what is in use. */
    private static final Pattern PROGRAM = Pattern.compile(
            "owner-.*|.*-owner|.*-request|.*-bounces?(\\+.*)?|bounces?(\\+.*)?|mailer-daemon|listserv|majordomo|.*no-?reply");

    private static final Set<String> PRECEDENCE = Set.of("bulk", "list", "junk");

    private static final List<String> ADDRESSED =
            List.of("To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"); // RFC 5230 section 4.5

    private PersonalMail() {}

    /**
     * Whether the message is from a person to one of these addresses by name.
     *
     * @param own all addresses of the account that would answer, in lower case, without sub-address
     */
    static boolean is(Mail mail, Set<MailAddress> own) throws MessagingException {
        MimeMessage message = mail.getMessage();
        return isFromAPerson(mail, own) && !isOfAProgram(message) && isAddressedTo(message, own);
    }

    private static boolean isFromAPerson(Mail mail, Set<MailAddress> own) {
        return mail.getMaybeSender()
                .asOptional()
                .filter(sender -> !PROGRAM.matcher(sender.getLocalPart().toLowerCase(Locale.ROOT))
                        .matches())
                .filter(sender -> MailAddress.parse(sender.asString())
                        .map(MailAddress::withoutDetail)
                        .filter(own::contains)
                        .isEmpty())
                .isPresent();
    }

    private static boolean isOfAProgram(MimeMessage message) throws MessagingException {
        // RFC 3834 section 5: anything but "no" was sent by a program, whatever parameters follow
        boolean automatic = values(message, "Auto-Submitted")
                .map(value -> value.replaceFirst("[;(].*", "").strip())
                .anyMatch(value -> !value.equalsIgnoreCase("no"));
        boolean mass = values(message, "Precedence")
                .anyMatch(value -> PRECEDENCE.contains(value.strip().toLowerCase(Locale.ROOT)));
        boolean report = values(message, "Content-Type")
                .anyMatch(value -> value.strip().toLowerCase(Locale.ROOT).startsWith("multipart/report"));
        return automatic || mass || report || isOfAList(message);
    }

    private static boolean isOfAList(MimeMessage message) throws MessagingException {
        return Collections.list(message.getAllHeaders()).stream()
                .map(Header::getName)
                .anyMatch(name -> name.regionMatches(true, 0, "List-", 0, 5)); // RFC 2369, RFC 2919
    }

    private static boolean isAddressedTo(MimeMessage message, Set<MailAddress> own) throws MessagingException {
        for (String name : ADDRESSED) {
            if (values(message, name).flatMap(PersonalMail::addresses).anyMatch(own::contains)) {
                return true;
            }
        }
        return false;
    }

    private static Stream<MailAddress> addresses(String field) {
        return LenientAddressParser.DEFAULT.parseAddressList(field).flatten().stream()
                .map(Mailbox::getAddress)
                .flatMap(address -> MailAddress.parse(address).stream())
                .map(MailAddress::withoutDetail);
    }

    private static Stream<String> values(MimeMessage message, String name) throws MessagingException {
        String[] values = message.getHeader(name);
        return values == null ? Stream.of() : Stream.of(values);
    }
}
