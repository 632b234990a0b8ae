package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import javax.mail.MessagingException;
import org.apache.james.server.core.MailImpl;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.postgres.QueueEnvelope.UnreadableMail;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;

/**
 * A row of {@code queued_mail} with its body, as it was read.
 *
 * @param attempts how often it was leased, this time included
 * @param heldBecause why nobody works on it, if it is held
 * @param size header and body, as it was when the mail was enqueued
 */
record QueuedMail(
        UUID id,
        int rank,
        Instant due,
        int attempts,
        @Nullable String heldBecause,
        long size,
        QueueEnvelope envelope,
        QueuedMessage.@Nullable Stored message) {
    /** The columns that {@link #read} reads, of {@code queued_mail m left join body b}. */
    static final String COLUMNS = "m.id, m.rank, m.due, m.attempts, m.held_because, m.size, m.header, m.body_id, "
            + QueueEnvelope.COLUMNS + ", b.size_bytes, b.sha256, b.bytes, b.object";

    static QueuedMail read(ResultSet row, Bodies bodies) throws SQLException {
        return new QueuedMail(
                row.getObject("id", UUID.class),
                row.getInt("rank"),
                row.getObject("due", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"),
                row.getString("held_because"),
                row.getLong("size"),
                QueueEnvelope.read(row),
                message(row, bodies));
    }

    /** The message in the columns {@code header}, {@code body_id} and those of the body; {@code null} if there is no body. */
    static QueuedMessage.@Nullable Stored message(ResultSet row, Bodies bodies) throws SQLException {
        byte[] sha256 = row.getBytes("sha256");
        return sha256 == null
                ? null
                : new QueuedMessage.Stored(
                        bodies,
                        row.getBytes("header"),
                        row.getObject("body_id", UUID.class),
                        row.getLong("size_bytes"),
                        sha256,
                        row.getBytes("bytes"),
                        row.getObject("object", UUID.class));
    }

    /**
     * The mail with its message, checked as far as it can be without reading a large body.
     *
     * @throws UnreadableMail if the row does not hold what was enqueued
     * @throws tg.gouv.messagerie.platform.blobs.BlobsUnavailable if the blob store does not answer
     */
    MailImpl mail() throws UnreadableMail {
        return mail(envelope, message, size);
    }

    /** The same of any row with an envelope and a message. */
    static MailImpl mail(QueueEnvelope envelope, QueuedMessage.@Nullable Stored message, long size)
            throws UnreadableMail {
        MailImpl mail = envelope.mail();
        if (message == null) {
            throw new UnreadableMail("its body is gone", null);
        }
        if (message.getMessageSize() != size) {
            throw new UnreadableMail("its message has " + message.getMessageSize() + " bytes instead of " + size, null);
        }
        try {
            message.check();
            mail.setMessageNoCopy(new QueuedMessage(message));
            return mail;
        } catch (CorruptBlob | IOException | MessagingException e) {
            throw new UnreadableMail(Optional.ofNullable(e.getMessage()).orElse("its body cannot be read"), e);
        }
    }
}
