package tg.gouv.messagerie.directory;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A mailbox address of RFC 5321 section 4.1.2 with a dot-string local part, in lower case: our addresses never differ by case.
 *
 * @param localPart 1 to 64 octets
 * @param domain 1 to 255 octets
 */
public record MailAddress(String localPart, String domain) {
    private static final Pattern LOCAL =
            Pattern.compile("[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

    public MailAddress {
        // RFC 5321 section 4.5.3.1: 64 octets of local part, 255 of domain
        if (localPart.length() > 64 || !LOCAL.matcher(localPart).matches()) {
            throw new IllegalArgumentException("not a local part in lower case: " + localPart);
        }
        if (domain.length() > 255 || !DOMAIN.matcher(domain).matches()) {
            throw new IllegalArgumentException("not a domain in lower case: " + domain);
        }
    }

    /**
     * Reads an address that somebody of ours wrote.
     *
     * @throws IllegalArgumentException if the text is not an address
     */
    public static MailAddress of(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int at = lower.lastIndexOf('@');
        if (at < 1) {
            throw new IllegalArgumentException("expected local-part@domain, found \"" + text + "\"");
        }
        return new MailAddress(lower.substring(0, at), lower.substring(at + 1));
    }

    /** The address, or empty if the text is not one: for input from the network. */
    public static Optional<MailAddress> parse(String text) {
        try {
            return Optional.of(of(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The same address without its sub-address: {@code ama+projets@} is {@code ama@} (RFC 5233 section 4). */
    public MailAddress withoutDetail() {
        int plus = localPart.indexOf('+');
        return plus < 1 ? this : new MailAddress(localPart.substring(0, plus), domain);
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
