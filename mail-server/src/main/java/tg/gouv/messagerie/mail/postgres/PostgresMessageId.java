package tg.gouv.messagerie.mail.postgres;

import java.util.UUID;
import org.apache.james.mailbox.model.MessageId;
import tg.gouv.messagerie.platform.database.Uuid7;

/** A message's id, the same in every mailbox that has it. */
public record PostgresMessageId(UUID uuid) implements MessageId {
    @Override
    public String serialize() {
        return uuid.toString();
    }

    @Override
    public boolean isSerializable() {
        return true;
    }

    @Override
    public String toString() {
        return serialize();
    }

    /** The UUID behind an id that this store made. */
    static UUID uuid(MessageId id) {
        return ((PostgresMessageId) id).uuid;
    }

    /** Makes ids that sort by time, and reads those that clients send back. */
    public static final class Factory implements MessageId.Factory {
        private final Uuid7 ids;

        public Factory(Uuid7 ids) {
            this.ids = ids;
        }

        @Override
        public MessageId generate() {
            return new PostgresMessageId(ids.next());
        }

        @Override
        public MessageId fromString(String text) {
            return new PostgresMessageId(UUID.fromString(text));
        }
    }
}
