package tg.gouv.messagerie.mail.postgres;

import com.google.common.io.FileBackedOutputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;

/**
 * The message of a mail, ready to be stored: its header in memory, its body made or already there.
 *
 * @param made the body, if this message brings one; otherwise somebody names it already
 */
@SuppressWarnings("ArrayRecordComponent") // its array is bound as a parameter, never compared
record QueueContent(
        byte[] header, UUID bodyId, long size, @Nullable StoredBody made) {
    /** What is longer is cut there, and the rest stands with the body: the bytes stay what they are. */
    static final int HEADER_BYTES_MAX = 1024 * 1024;

    /** A message that James holds in memory is written through a file from here on, so that it is not in memory twice. */
    private static final int SPOOL_BYTES = 64 * 1024;

    /**
     * Takes the message of a mail; a large body is durable when this returns.
     *
     * @throws MessagingException if the mail has no message, or its message cannot be written
     */
    static QueueContent of(Mail mail, Bodies bodies) throws MessagingException, IOException {
        if (mail.getMessage() instanceof QueuedMessage queued) {
            Optional<QueuedMessage.Stored> stored = queued.storedBody();
            if (stored.isPresent()) {
                return again(queued, stored.get());
            }
        }
        return anew(mail, bodies);
    }

    /** Takes the message of a mail and makes a body of its own, whatever is stored already. */
    static QueueContent anew(Mail mail, Bodies bodies) throws MessagingException, IOException {
        MimeMessage message = mail.getMessage();
        if (message == null) {
            throw new MessagingException("it has no message");
        }
        if (!(message instanceof MimeMessageWrapper wrapper) || wrapper.isBodyModified()) {
            return spooled(message, bodies);
        }
        try (InputStream in = new BufferedInputStream(wrapper.getMessageInputStream())) {
            Header header = Header.read(in);
            byte[] bytes = wrapper.isHeaderModified() && header.ended() ? lines(wrapper) : header.bytes();
            return made(bytes, bodies.prepare(in));
        }
    }

    /** Removes the object of a body that was made for nothing. */
    void forget(Bodies bodies) {
        if (made != null) {
            bodies.forget(made);
        }
    }

    private static QueueContent again(QueuedMessage message, QueuedMessage.Stored stored) throws MessagingException {
        byte[] header = message.isHeaderModified() ? lines(message) : stored.header();
        return new QueueContent(header, stored.bodyId(), header.length + stored.bodyBytes(), null);
    }

    private static QueueContent spooled(MimeMessage message, Bodies bodies) throws MessagingException, IOException {
        FileBackedOutputStream spool = new FileBackedOutputStream(SPOOL_BYTES);
        try (spool) {
            message.writeTo(spool);
            spool.flush();
            try (InputStream in = spool.asByteSource().openBufferedStream()) {
                return made(Header.read(in).bytes(), bodies.prepare(in));
            }
        } finally {
            spool.reset();
        }
    }

    private static QueueContent made(byte[] header, StoredBody body) {
        return new QueueContent(header, body.id(), header.length + body.sizeBytes(), body);
    }

    /** The header as it is now. James reads a byte as the character of the same number; its own stream loses all above 127. */
    private static byte[] lines(MimeMessage message) throws MessagingException {
        List<String> lines = Collections.list(message.getAllHeaderLines());
        StringBuilder header = new StringBuilder();
        lines.forEach(line -> header.append(line).append("\r\n"));
        return header.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * The beginning of a message, up to and with its first empty line (RFC 5322 section 2.1).
     *
     * @param ended whether the empty line was found
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Header(byte[] bytes, boolean ended) {
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
