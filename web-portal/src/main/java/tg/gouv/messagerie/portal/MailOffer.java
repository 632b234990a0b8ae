package tg.gouv.messagerie.portal;

import java.util.regex.Pattern;

/**
 * What a person types into a mail program.
 *
 * @param host the name or address under which mail clients reach this server
 * @param imapsPort IMAP over TLS (RFC 8314)
 * @param submissionsPort SMTP submission over TLS (RFC 8314)
 */
public record MailOffer(String host, int imapsPort, int submissionsPort) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:-]{1,253}");

    public MailOffer {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("not a host name or address: " + host);
        }
    }
}
