package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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
 * James re-writes the header of a message that was parsed, even when nothing was changed; this one gives the stored bytes until
 * somebody changes something.
 */
/** A message whose header and body are in the database: read when it is needed, and known by its body when it is stored again. */
final class QueuedMessage extends MimeMessageWrapper {
    private final transient Stored stored;

    QueuedMessage(Stored stored) {
        super(stored);
        this.stored = stored;
    }

    /** The stored message, as long as a header of ours may precede its body. */
    Optional<Stored> storedBody() {
        return isBodyModified() || (isHeaderModified() && !stored.headerEndsWithEmptyLine())
                ? Optional.empty()
                : Optional.of(stored);
    }

    /** What was found damaged while the message was read. */
    Optional<String> damage() {
        return Optional.ofNullable(stored.damage);
    }

    @Override
    public InputStream getMessageInputStream() throws MessagingException {
        return isModified() ? super.getMessageInputStream() : stored.getInputStream();
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

        long bodyBytes() {
            return bodyBytes;
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
            return new Whole(this);
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

        private InputStream openBody() throws IOException {
            try {
                return bodies.open(bodyId, sha256, bytes, object);
            } catch (BlobsUnavailable | CorruptBlob e) {
                throw failed(e);
            }
        }

        private IOException failed(RuntimeException e) {
            if (e instanceof CorruptBlob) {
                damage = e.getMessage();
            }
            return new IOException("body " + bodyId + ": " + e.getMessage(), e);
        }
    }

    /** Header, then body; the body is opened when its first byte is wanted. */
    private static final class Whole extends InputStream {
        private final Stored stored;
        private InputStream current;
        private boolean inBody;

        Whole(Stored stored) {
            this.stored = stored;
            this.current = new ByteArrayInputStream(stored.header);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                int count = current.read(into, offset, length);
                if (count < 0 && !inBody) {
                    current = stored.openBody();
                    inBody = true;
                    count = current.read(into, offset, length);
                }
                return count;
            } catch (BlobsUnavailable | CorruptBlob e) {
                throw stored.failed(e);
            }
        }

        @Override
        public int available() throws IOException {
            return current.available();
        }

        @Override
        public void close() throws IOException {
            current.close();
        }
    }
}
