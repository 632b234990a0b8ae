package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.UUID;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.settings.ByteSize;

/**
 * The message of a mail, ready to be stored, octet by octet as it is: its header in memory, its body made or already there.
 *
 * @param bodyId {@code null} if the mail has no message
 * @param made the body, if this message brings one; otherwise a row names it already
 */
@SuppressWarnings("ArrayRecordComponent") // its array is bound as a parameter, never compared
record MailContent(
        byte[] header,
        @Nullable UUID bodyId,
        long sizeBytes,
        @Nullable StoredBody made) {
    /** What is longer is cut there, and the rest stands with the body: the octets stay what they are. */
    static final int HEADER_BYTES_MAX = 1024 * 1024;

    private static final MailContent NOTHING = new MailContent(new byte[0], null, 0, null);

    /**
     * Takes the message of a mail; a large body is durable when this returns.
     *
     * @param likely a body that this message may have too; it is named again, not written again
     * @param memoryMax a changed body above this many bytes is written through a file
     * @throws MessagingException if the message cannot be written
     */
    static MailContent of(Mail mail, Bodies bodies, Optional<StoredMessage.Stored> likely, ByteSize memoryMax)
            throws MessagingException, IOException {
        MimeMessage message = mail.getMessage();
        if (message == null) {
            return NOTHING;
        }
        if (message instanceof StoredMessage stored && stored.keepsBody()) {
            return named(stored.headerNow(), stored.stored());
        }
        try (MessageOctets octets = MessageOctets.of(message, memoryMax)) {
            if (likely.isPresent() && likely.get().bodyBytes() == octets.bodyBytes() && isBody(likely.get(), octets)) {
                return named(octets.header(), likely.get());
            }
            return made(octets, bodies);
        }
    }

    /** Takes a message and makes a body of its own, whatever is stored already. */
    static MailContent anew(MimeMessage message, Bodies bodies, ByteSize memoryMax)
            throws MessagingException, IOException {
        try (MessageOctets octets = MessageOctets.of(message, memoryMax)) {
            return made(octets, bodies);
        }
    }

    private static boolean isBody(StoredMessage.Stored likely, MessageOctets octets) throws IOException {
        try (InputStream in = octets.openBody()) {
            return likely.hasBody(in);
        }
    }

    private static MailContent made(MessageOctets octets, Bodies bodies) throws IOException {
        try (InputStream in = octets.openBody()) {
            StoredBody body = bodies.prepare(in);
            byte[] header = octets.header();
            return new MailContent(header, body.id(), header.length + body.sizeBytes(), body);
        }
    }

    private static MailContent named(byte[] header, StoredMessage.Stored stored) {
        return new MailContent(header, stored.bodyId(), header.length + stored.bodyBytes(), null);
    }

    boolean hasMessage() {
        return bodyId != null;
    }

    /** Removes the object of a body that was made for nothing. */
    void forget(Bodies bodies) {
        if (made != null) {
            bodies.forget(made);
        }
    }

    /** Reads the header off a stream, and returns it as it is now. */
    static byte[] header(MimeMessageWrapper wrapper, InputStream in) throws IOException, MessagingException {
        Header header = Header.read(in);
        if (!header.ended()) {
            return header.octets();
        }
        // What comes straight from its source keeps an octet above 127; what James wrote anew has none.
        if (!wrapper.isHeaderModified() && !isAscii(header.octets())) {
            return header.octets();
        }
        byte[] lines = lines(wrapper);
        return wrapper.isHeaderModified() || !isAscii(lines) ? lines : header.octets();
    }

    private static boolean isAscii(byte[] octets) {
        for (byte each : octets) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    /** The header as it is now, with its empty line. */
    static byte[] lines(MimeMessage message) throws MessagingException {
        StringBuilder header = new StringBuilder();
        Collections.list(message.getAllHeaderLines())
                .forEach(line -> header.append(line).append("\r\n"));
        return header.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * The beginning of a message, up to and with its first empty line (RFC 5322 section 2.1).
     *
     * @param ended whether the empty line was found
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Header(byte[] octets, boolean ended) {
        static Header read(InputStream in) throws IOException {
            ByteArrayOutputStream header = new ByteArrayOutputStream(2048);
            int inLine = 0;
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                header.write(octet);
                if (octet == '\n' && inLine == 0) {
                    return new Header(header.toByteArray(), true);
                }
                if (header.size() == HEADER_BYTES_MAX) {
                    break;
                }
                inLine = octet == '\n' ? 0 : octet == '\r' ? inLine : inLine + 1;
            }
            return new Header(header.toByteArray(), false);
        }
    }
}
