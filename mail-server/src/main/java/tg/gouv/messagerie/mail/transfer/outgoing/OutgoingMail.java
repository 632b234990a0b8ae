package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A message that is ours to hand over now, for some of its recipients of one destination.
 *
 * @param name by which the log knows it, the same on its way through the whole server
 * @param sender the reverse-path; empty is the null one
 * @param enqueued since when it is on its way
 * @param recipients 1 or more
 */
public record OutgoingMail(
        UUID id, String name, String sender, Instant enqueued, Octets octets, List<Recipient> recipients) {
    public OutgoingMail {
        recipients = List.copyOf(recipients);
    }

    /** Whether nobody may be told of its failure (RFC 5321 section 4.5.5). */
    boolean isFromNobody() {
        return sender.isEmpty();
    }

    /**
     * Somebody who is to have the message.
     *
     * @param attempts how often it failed already
     * @param warned whether its sender was told that it takes long
     */
    public record Recipient(String address, Instant enqueued, int attempts, boolean warned) {}

    /** The message as it is stored. */
    public interface Octets {
        /** How many there are, as {@code SIZE} tells it. */
        long size();

        /** The header, with the empty line that ends it. */
        byte[] header();

        /**
         * Looks whether the message is there.
         *
         * @throws IOException because of a {@link tg.gouv.messagerie.platform.blobs.CorruptBlob} if it is not what was stored
         * @throws tg.gouv.messagerie.platform.blobs.BlobsUnavailable if the blob store does not answer
         */
        void check() throws IOException;

        /** Header and body; damage is found while it is read, at its end at the latest. */
        InputStream open() throws IOException;
    }
}
