package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.mail.MessagingException;
import org.apache.james.server.core.MailImpl;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.postgres.MailEnvelope.UnreadableMail;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;

/**
 * A row of {@code queue_mail} with its body, as it was read.
 *
 * @param lease the claim that holds it, if one does
 * @param attempts how often it failed
 * @param interrupted how often a program ended while it worked on it
 */
record QueuedMail(
        UUID id,
        @Nullable UUID lease,
        int priority,
        Instant due,
        int attempts,
        int interrupted,
        MailEnvelope envelope,
        Content content) {
    /** The columns that {@link #read} reads, of {@code queue_mail m left join body b}. */
    static final String COLUMNS = "m.id, m.lease, m.priority, m.due, m.attempts, m.interrupted, " + Content.COLUMNS
            + ", " + MailEnvelope.COLUMNS;

    static QueuedMail read(ResultSet row, Bodies bodies) throws SQLException {
        return new QueuedMail(
                row.getObject("id", UUID.class),
                row.getObject("lease", UUID.class),
                row.getInt("priority"),
                row.getObject("due", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"),
                row.getInt("interrupted"),
                MailEnvelope.read(row),
                Content.read(row, bodies));
    }

    /**
     * The mail with its message, checked as far as it can be without reading a large body.
     *
     * @throws UnreadableMail if the row does not hold what was enqueued
     * @throws BlobsUnavailable if the blob store does not answer
     */
    MailImpl mail() throws UnreadableMail {
        return content.mail(envelope);
    }

    /**
     * The message of a row: of the queue, or of a repository.
     *
     * @param sizeBytes header and body, as it was when it was stored
     * @param stored {@code null} if there is no body
     */
    record Content(boolean hasMessage, long sizeBytes, StoredMessage.@Nullable Stored stored) {
        static final String COLUMNS =
                "m.has_message, m.header, m.size_bytes, m.body_id, b.size_bytes as body_bytes, b.sha256, b.bytes, b.object";

        static Content read(ResultSet row, Bodies bodies) throws SQLException {
            byte[] sha256 = row.getBytes("sha256");
            return new Content(
                    row.getBoolean("has_message"),
                    row.getLong("size_bytes"),
                    sha256 == null
                            ? null
                            : new StoredMessage.Stored(
                                    bodies,
                                    Objects.requireNonNull(row.getBytes("header")),
                                    row.getObject("body_id", UUID.class),
                                    row.getLong("body_bytes"),
                                    sha256,
                                    row.getBytes("bytes"),
                                    row.getObject("object", UUID.class)));
        }

        /** The mail of an envelope with this message. */
        MailImpl mail(MailEnvelope envelope) throws UnreadableMail {
            MailImpl mail = envelope.mail();
            if (!hasMessage) {
                return mail;
            }
            if (stored == null) {
                throw new UnreadableMail("its body is gone", null);
            }
            if (stored.getMessageSize() != sizeBytes) {
                throw new UnreadableMail(
                        "its message has " + stored.getMessageSize() + " bytes instead of " + sizeBytes, null);
            }
            try {
                stored.check();
                mail.setMessageNoCopy(new StoredMessage(stored));
                return mail;
            } catch (CorruptBlob | IOException | MessagingException e) {
                throw new UnreadableMail(Optional.ofNullable(e.getMessage()).orElse("its body cannot be read"), e);
            }
        }
    }
}
