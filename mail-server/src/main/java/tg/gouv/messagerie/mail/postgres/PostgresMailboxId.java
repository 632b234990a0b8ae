package tg.gouv.messagerie.mail.postgres;

import org.apache.james.mailbox.model.MailboxId;

/**
 * A mailbox's number, for ever.
 *
 * @param number 1 or more
 */
public record PostgresMailboxId(long number) implements MailboxId {
    @Override
    public String serialize() {
        return Long.toString(number);
    }

    @Override
    public String toString() {
        return serialize();
    }

    /** The number behind an id that this store made. */
    static long number(MailboxId id) {
        return ((PostgresMailboxId) id).number;
    }

    /** Reads the ids that clients send back. */
    public static final class Factory implements MailboxId.Factory {
        /** The id, or an {@link IllegalArgumentException}: JMAP answers that no such mailbox exists. */
        @Override
        public MailboxId fromString(String text) {
            return new PostgresMailboxId(Long.parseLong(text));
        }
    }
}
