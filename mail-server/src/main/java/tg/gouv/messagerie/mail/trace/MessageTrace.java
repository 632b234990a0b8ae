package tg.gouv.messagerie.mail.trace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The path of one accepted message; or that one was refused at the door, which is its only step.
 *
 * @param name by which the log knows it, or the connection on which it was refused
 * @param messageId of its header
 * @param sender empty is the null reverse-path
 * @param recipients of its envelope; of many, the first ones
 * @param door by which it came: smtp, submission, lmtp; absent if the program wrote it
 * @param account who had signed in
 * @param parent the message whose delivery brought it forth
 */
public record MessageTrace(
        UUID id,
        Instant accepted,
        String name,
        Optional<String> messageId,
        String sender,
        List<String> recipients,
        int recipientCount,
        long sizeBytes,
        Optional<String> door,
        Optional<String> client,
        Optional<String> account,
        Optional<UUID> parent,
        List<Step> steps) {
    /**
     * What happened to it.
     *
     * @param recipient whom it was about; absent: all who were left
     * @param detail the kind of the mailbox, or why
     */
    public record Step(Instant at, Outcome outcome, Optional<String> recipient, Optional<String> detail) {}

    /** What may happen. */
    public enum Outcome {
        /** It is in a mailbox. */
        DELIVERED,
        /** The recipient's filter sent it on or answered it, and kept nothing. */
        FORWARDED,
        /** The recipient's filter dropped it. */
        DISCARDED,
        /** It was refused at the door, and never ours. */
        REFUSED,
        /** It waits for another server. */
        OUTGOING,
        /** Another server took it, and is responsible now. */
        OUTGOING_DELIVERED,
        /** It could not be handed to another server; it is tried again. */
        OUTGOING_DEFERRED,
        /** It was given up; its sender was told. */
        OUTGOING_FAILED,
        /** It was given up, and nobody could be told. */
        OUTGOING_DEAD,
        /** An attempt failed; there will be others. */
        FAILED,
        /** It was given up, and waits for an operator. */
        ASIDE,
        /** An operator deleted it. */
        DELETED,
        /** An operator returned it to its sender. */
        RETURNED
    }
}
