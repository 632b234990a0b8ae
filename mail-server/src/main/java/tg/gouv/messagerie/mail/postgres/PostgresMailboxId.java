package tg.gouv.messagerie.mail.postgres;

import org.apache.james.mailbox.model.MailboxId;

/** A mailbox's number; never used again after the mailbox went. */
public record PostgresMailboxId(long value) implements MailboxId {
    /** Reads mailbox ids. */
    public static final class Factory implements MailboxId.Factory {
        @Override
        public PostgresMailboxId fromString(String serialized) {
            return new PostgresMailboxId(Long.parseLong(serialized));
        }
    }

    static long number(MailboxId id) {
        return ((PostgresMailboxId) id).value();
    }

    @Override
    public String serialize() {
        return Long.toString(value);
    }

    @Override
    public String toString() {
        return serialize();
    }
}
