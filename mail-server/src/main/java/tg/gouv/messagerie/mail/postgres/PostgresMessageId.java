package tg.gouv.messagerie.mail.postgres;

import java.util.Collection;
import java.util.UUID;
import org.apache.james.mailbox.model.MessageId;
import tg.gouv.messagerie.platform.database.Uuid7;

/** A message's key, the same in every mailbox (UUID version 7, RFC 9562). */
public record PostgresMessageId(UUID value) implements MessageId {
    /** Makes and reads message ids. */
    public static final class Factory implements MessageId.Factory {
        private final Uuid7 ids;

        public Factory(Uuid7 ids) {
            this.ids = ids;
        }

        @Override
        public PostgresMessageId generate() {
            return new PostgresMessageId(ids.next());
        }

        @Override
        public PostgresMessageId fromString(String serialized) {
            return new PostgresMessageId(UUID.fromString(serialized));
        }
    }

    static UUID uuid(MessageId id) {
        return ((PostgresMessageId) id).value();
    }

    static UUID[] uuids(Collection<? extends MessageId> ids) {
        return ids.stream().map(PostgresMessageId::uuid).distinct().toArray(UUID[]::new);
    }

    @Override
    public String serialize() {
        return value.toString();
    }

    @Override
    public boolean isSerializable() {
        return true;
    }

    @Override
    public String toString() {
        return serialize();
    }
}
