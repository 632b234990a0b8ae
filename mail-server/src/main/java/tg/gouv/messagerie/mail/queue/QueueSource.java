package tg.gouv.messagerie.mail.queue;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One place where mail on its way waits. Any thread that may block may call. */
public interface QueueSource {
    /** How operators name the place. */
    String name();

    /**
     * Messages in the order of their ids, which is that of their acceptance.
     *
     * @param after the last one of the page before
     * @param most how many at most
     */
    List<QueuedMessage> list(QueueFilter which, Optional<UUID> after, int most);

    /** The message with up to 1,000 of its recipients, if it waits here. */
    Optional<QueuedMessage> show(UUID id);

    /**
     * Does it with every message that is meant, all or none. It and its rows of the audit trail, one for each message, are one
     * transaction.
     *
     * @param reason why, as the audit trail keeps it
     */
    QueueActed act(QueueAct act, QueueFilter which, String reason);
}
