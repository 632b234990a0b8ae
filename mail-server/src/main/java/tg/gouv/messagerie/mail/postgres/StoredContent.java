package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.UUID;
import org.apache.james.mailbox.model.Content;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;

/** The part of a message that was asked for, although {@link #size} is that of the whole; a large body is opened when it is read. */
final class StoredContent implements Content {
    private final long size;
    private final byte[] header;
    private final @Nullable Body body;

    private StoredContent(long size, byte[] header, @Nullable Body body) {
        this.size = size;
        this.header = header;
        this.body = body;
    }

    /** Nothing but the size. */
    static StoredContent nothing(long size) {
        return new StoredContent(size, new byte[0], null);
    }

    /** The header alone. */
    static StoredContent header(long size, byte[] header) {
        return new StoredContent(size, header, null);
    }

    /** The whole message. */
    static StoredContent whole(long size, byte[] header, Body body) {
        return new StoredContent(size, header, body);
    }

    /** A body as a row names it. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Body(
            Bodies bodies,
            UUID id,
            byte[] sha256,
            byte @Nullable [] bytes,
            @Nullable UUID object) {
        InputStream open() {
            try {
                return bodies.open(id, sha256, bytes, object);
            } catch (BlobsUnavailable e) {
                throw new MailUnavailable(e);
            }
        }
    }

    /**
     * The octets, checked.
     *
     * @throws tg.gouv.messagerie.platform.blobs.CorruptBlob if they are damaged or gone; unchecked, so that nobody takes the message for
     *     one without content
     */
    @Override
    public InputStream getInputStream() {
        InputStream beginning = new ByteArrayInputStream(header);
        return body == null ? beginning : new SequenceInputStream(beginning, body.open());
    }

    @Override
    public long size() {
        return size;
    }
}
