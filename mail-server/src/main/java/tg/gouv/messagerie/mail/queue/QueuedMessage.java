package tg.gouv.messagerie.mail.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A message on its way: what its envelope says and how it fares, never what is in it.
 *
 * @param queue where it waits, by {@link QueueSource#name}
 * @param name by which the log knows it
 * @param sender empty is the null reverse-path
 * @param recipients those who do not have it yet; of many, the first ones
 * @param recipientCount how many those are
 * @param client the address from which it came, if it came from a client
 * @param next when it is tried next
 * @param attempts how often it failed
 * @param interrupted how often the program ended while it worked on it
 * @param headerBytes of the whole size
 */
public record QueuedMessage(
        String queue,
        UUID id,
        String name,
        String sender,
        List<String> recipients,
        int recipientCount,
        Optional<String> client,
        State state,
        Instant accepted,
        Instant next,
        int attempts,
        int interrupted,
        Optional<String> lastError,
        long sizeBytes,
        long headerBytes) {
    /** What becomes of it, unless somebody intervenes. */
    public enum State {
        /** It is the next one's turn. */
        WAITING,
        /** It failed, and is tried again later. */
        DELAYED,
        /** It is being worked on. */
        WORKED_ON,
        /** An operator said wait. */
        HELD,
        /** It was given up, and waits for an operator. */
        ASIDE
    }
}
