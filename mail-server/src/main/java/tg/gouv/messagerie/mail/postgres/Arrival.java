package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.trace.MailDoor;

/**
 * How a mail came into the queue, for its trace.
 *
 * @param door by which it came, or {@code null} if the program wrote it
 * @param account who had signed in
 * @param parent the mail whose delivery brought it forth
 */
record Arrival(
        @Nullable String door,
        @Nullable String account,
        @Nullable UUID parent) {
    /** Of mail that the program itself writes. */
    static final Arrival OF_PROGRAM = new Arrival(null, null, null);

    private static final Pattern MESSAGE_ID =
            Pattern.compile("^Message-ID:\\s*(<[^<>\\s]{1,500}>)", Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);

    /** A Message-ID that stands further behind is not looked for. */
    private static final int HEADER_READ = 64 * 1024;

    static Arrival of(Mail mail, @Nullable UUID parent) {
        return parent == null
                ? new Arrival(
                        MailDoor.of(mail).map(EscapedText::column).orElse(null), text(mail, Mail.SMTP_AUTH_USER), null)
                : new Arrival(null, null, parent);
    }

    private static @Nullable String text(Mail mail, AttributeName name) {
        return mail.getAttribute(name)
                .flatMap(attribute -> attribute.getValue().valueAs(String.class))
                .map(EscapedText::column)
                .orElse(null);
    }

    /** The Message-ID of a header (RFC 5322 section 3.6.4), or {@code null}. */
    static @Nullable String messageId(byte[] header) {
        Matcher field = MESSAGE_ID.matcher(
                new String(header, 0, Math.min(HEADER_READ, header.length), StandardCharsets.ISO_8859_1));
        return field.find() ? EscapedText.column(field.group(1)) : null;
    }
}
