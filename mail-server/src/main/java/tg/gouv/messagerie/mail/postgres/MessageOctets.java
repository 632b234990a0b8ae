package tg.gouv.messagerie.mail.postgres;

import com.google.common.io.FileBackedOutputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MimeMessageWrapper;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.settings.ByteSize;

/*
 * James reads an octet of a header as the character of the same number, but writes every one above 127 as a question mark
 * (InternetHeadersInputStream). So a header that was changed is taken line by line, and one that was not, from its source.
 */
/** A message of James as it is now, octet by octet; one with a changed body is copied, to memory or a file, until closed. */
public final class MessageOctets implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final byte[] header;
    private final Body body;
    private final long bodyBytes;
    private final @Nullable FileBackedOutputStream spool;

    private MessageOctets(byte[] header, Body body, long bodyBytes, @Nullable FileBackedOutputStream spool) {
        this.header = header;
        this.body = body;
        this.bodyBytes = bodyBytes;
        this.spool = spool;
    }

    @FunctionalInterface
    private interface Body {
        InputStream open() throws IOException, MessagingException;
    }

    /**
     * The octets of a message; they are to be read before it changes again.
     *
     * @param memoryMax what is copied above this size is copied to a file
     * @throws MessagingException if the message cannot be written
     */
    public static MessageOctets of(MimeMessage message, ByteSize memoryMax) throws MessagingException, IOException {
        if (message instanceof StoredMessage stored && stored.keepsBody()) {
            return new MessageOctets(
                    stored.headerNow(),
                    stored.stored()::openBody,
                    stored.stored().bodyBytes(),
                    null);
        }
        if (message instanceof MimeMessageWrapper wrapper && !wrapper.isBodyModified()) {
            try (InputStream in = new BufferedInputStream(wrapper.getMessageInputStream())) {
                byte[] header = MailContent.header(wrapper, in);
                return new MessageOctets(header, () -> body(wrapper), count(in), null);
            }
        }
        return spooled(message, memoryMax);
    }

    private static MessageOctets spooled(MimeMessage message, ByteSize memoryMax)
            throws MessagingException, IOException {
        FileBackedOutputStream spool = new FileBackedOutputStream(Math.toIntExact(memoryMax.bytes()));
        try {
            if (message instanceof MimeMessageWrapper wrapper) {
                wrapper.writeTo(OutputStream.nullOutputStream(), spool);
                spool.close();
                return new MessageOctets(
                        MailContent.lines(wrapper),
                        spool.asByteSource()::openBufferedStream,
                        spool.asByteSource().size(),
                        spool);
            }
            message.writeTo(spool);
            spool.close();
            try (InputStream in = spool.asByteSource().openBufferedStream()) {
                byte[] header = MailContent.Header.read(in).octets();
                return new MessageOctets(
                        header, () -> skipped(spool.asByteSource().openBufferedStream()), count(in), spool);
            }
        } catch (IOException | MessagingException | RuntimeException e) {
            spool.reset();
            throw e;
        }
    }

    private static InputStream body(MimeMessageWrapper wrapper) throws IOException, MessagingException {
        return skipped(new BufferedInputStream(wrapper.getMessageInputStream()));
    }

    private static InputStream skipped(InputStream in) throws IOException {
        MailContent.Header.read(in);
        return in;
    }

    private static long count(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long count = 0;
        for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
            count += some;
        }
        return count;
    }

    /** The header, with the empty line that ends it. */
    public byte[] header() {
        return header.clone();
    }

    /** How long the body is. */
    public long bodyBytes() {
        return bodyBytes;
    }

    /** The body from its beginning, as often as wanted. */
    public InputStream openBody() throws IOException {
        try {
            return body.open();
        } catch (MessagingException e) {
            throw new IOException("the message cannot be read", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (spool != null) {
            spool.reset();
        }
    }
}
