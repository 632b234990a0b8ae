package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import java.util.UUID;
import javax.mail.MessagingException;
import org.apache.james.server.core.MailHeaders;
import org.apache.james.server.core.MimeMessageSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;

/*
 * James writes the header of a message anew once it was parsed, even when nothing was changed, and loses octets above 127 on the way
 * (MessageOctets). This one gives the stored octets until somebody changes something, and the exact lines then; so do the copies that
 * James makes of it when it splits a mail.
 */
/** A message whose header and body are in the database: read when it is needed, and known by its body when it is stored again. */
final class StoredMessage extends MimeMessageWrapper {
    private final transient Stored stored;

    StoredMessage(Stored stored) {
        super(stored);
        this.stored = stored;
    }

    Stored stored() {
        return stored;
    }

    /** Whether {@link #headerNow} and the stored body are this message. */
    boolean keepsBody() {
        return !isBodyModified() && (!isHeaderModified() || stored.headerEndsWithEmptyLine());
    }

    byte[] headerNow() throws MessagingException {
        return isHeaderModified() ? MailContent.lines(this) : stored.header;
    }

    /** What was found damaged while the message was read. */
    Optional<String> damage() {
        return Optional.ofNullable(stored.damage);
    }

    @Override
    public InputStream getMessageInputStream() throws MessagingException {
        return keepsBody()
                ? new SequenceInputStream(new ByteArrayInputStream(headerNow()), new Body(stored))
                : super.getMessageInputStream();
    }

    @Override
    public long getMessageSize() throws MessagingException {
        return keepsBody() ? headerNow().length + stored.bodyBytes : super.getMessageSize();
    }

    @Override
    public void writeTo(OutputStream headerOs, OutputStream bodyOs, String[] ignoreList, boolean preLoad)
            throws IOException, MessagingException {
        if (ignoreList.length > 0 || !keepsBody()) {
            super.writeTo(headerOs, bodyOs, ignoreList, preLoad);
            return;
        }
        headerOs.write(headerNow());
        try (InputStream body = new Body(stored)) {
            body.transferTo(bodyOs);
        }
    }

    /** Where a stored message is. */
    static final class Stored implements MimeMessageSource {
        private final Bodies bodies;
        private final byte[] header;
        private final UUID bodyId;
        private final long bodyBytes;
        private final byte[] sha256;
        private final byte @Nullable [] bytes;
        private final @Nullable UUID object;
        private volatile @Nullable String damage;

        /**
         * What the columns say.
         *
         * @param bytes column {@code bytes} of the body
         * @param object column {@code object} of the body
         */
        Stored(
                Bodies bodies,
                byte[] header,
                UUID bodyId,
                long bodyBytes,
                byte[] sha256,
                byte @Nullable [] bytes,
                @Nullable UUID object) {
            this.bodies = bodies;
            this.header = header;
            this.bodyId = bodyId;
            this.bodyBytes = bodyBytes;
            this.sha256 = sha256;
            this.bytes = bytes;
            this.object = object;
        }

        byte[] header() {
            return header;
        }

        UUID bodyId() {
            return bodyId;
        }

        InputStream openBody() {
            return new Body(this);
        }

        long bodyBytes() {
            return bodyBytes;
        }

        /** Whether a stream holds this body; it is read to its end, or to the first sign that it does not. */
        boolean hasBody(InputStream in) throws IOException {
            return Bodies.isBody(in, bodyBytes, sha256);
        }

        /**
         * Looks whether the body is there; a small one is checked whole.
         *
         * @throws CorruptBlob if it is not what was stored
         * @throws BlobsUnavailable if the blob store does not answer
         */
        void check() throws IOException {
            bodies.open(bodyId, sha256, bytes, object).close();
        }

        @Override
        public String getSourceId() {
            return bodyId.toString();
        }

        @Override
        public long getMessageSize() {
            return header.length + bodyBytes;
        }

        @Override
        public InputStream getInputStream() {
            return new SequenceInputStream(new ByteArrayInputStream(header), new Body(this));
        }

        /** Whether James ends the header where we do: its last line is empty, and no line before. */
        private boolean headerEndsWithEmptyLine() {
            ByteArrayInputStream in = new ByteArrayInputStream(header);
            try {
                new MailHeaders(in);
            } catch (MessagingException _) {
                return false;
            }
            int length = header.length;
            boolean lastLineEmpty = length >= 2
                    && header[length - 1] == '\n'
                    && (header[length - 2] == '\n' || (length >= 3 && header[length - 3] == '\n'));
            return lastLineEmpty && in.available() == 0;
        }

        private IOException failed(RuntimeException e) {
            if (e instanceof CorruptBlob) {
                damage = e.getMessage();
            }
            return new IOException("body " + bodyId + ": " + e.getMessage(), e);
        }
    }

    /** The stored body, opened when its first byte is wanted. */
    private static final class Body extends InputStream {
        private final Stored stored;
        private @Nullable InputStream opened;

        Body(Stored stored) {
            this.stored = stored;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                InputStream in = opened;
                if (in == null) {
                    in = stored.bodies.open(stored.bodyId, stored.sha256, stored.bytes, stored.object);
                    opened = in;
                }
                return in.read(into, offset, length);
            } catch (BlobsUnavailable | CorruptBlob e) {
                throw stored.failed(e);
            }
        }

        @Override
        public int available() throws IOException {
            InputStream in = opened;
            return in == null ? 0 : in.available();
        }

        @Override
        public void close() throws IOException {
            InputStream in = opened;
            if (in != null) {
                in.close();
            }
        }
    }
}
