package tg.gouv.messagerie.mail;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;

/** All that mail keeps of one account, read out for its owner: who may have it is the caller's to judge. */
public interface KeptMail {
    /**
     * Reads it out, a page of messages at a time; no connection is held while the reader works.
     *
     * @throws IOException as the reader threw it
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer
     * @throws tg.gouv.messagerie.platform.blobs.CorruptBlob if a message is damaged
     */
    void read(AccountId owner, Reader reader) throws IOException;

    /** Who reads it. */
    interface Reader {
        /** A mailbox by its name, with its messages; the largest is read in bounded memory. */
        void mailbox(String name, Messages messages) throws IOException;

        /** A filter (RFC 5228). */
        void filter(String name, boolean active, byte[] script) throws IOException;

        /** What is told to who writes in an absence. */
        void absence(Absence absence) throws IOException;
    }

    /** The messages of a mailbox, by UID. */
    interface Messages {
        /** Hands each message to this. */
        void each(Each each) throws IOException;
    }

    /** Who gets a message. */
    @FunctionalInterface
    interface Each {
        /** Gets it; its octets can be read until this returns. */
        void message(Message message) throws IOException;
    }

    /**
     * A message.
     *
     * @param flags as IMAP names them, without {@code \Recent}
     * @param octets as they are stored
     */
    record Message(long uid, Instant received, List<String> flags, InputStream octets) {
        public Message {
            flags = List.copyOf(flags);
        }
    }

    /**
     * An absence message (RFC 8621 section 8).
     *
     * @param outside what people outside are told, if that is not the same; nothing if it is empty
     */
    record Absence(
            boolean enabled,
            Optional<Instant> from,
            Optional<Instant> until,
            Optional<String> subject,
            Optional<String> text,
            Optional<String> html,
            Optional<String> outside) {}
}
