package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.Doc;

/** How the mail queues share work between nodes, wait, and give up. */
public record QueueSettings(
        @Doc(
                value =
                        "The name of this node, different on every node that uses the same database and the same after a"
                                + " restart: what the node was working on when it stopped is then taken up at once.",
                byDefault = "\"main\"")
        String node,

        @Doc(
                value = "How long a mail that a vanished node was working on waits before another node takes it.",
                byDefault = "\"5m\"")
        Duration lease,

        @Doc(
                value = "How long the processing of one mail may take; then it is given to somebody else.",
                byDefault = "\"4h\"")
        Duration processingMax,

        @Doc(
                value = "How often a queue looks for mails that other nodes enqueued or whose delay is over.",
                byDefault = "\"1s\"")
        Duration poll,

        @Doc(
                value = "How often a mail is tried; then it is held, an error is logged, and it waits for an operator.",
                byDefault = "8")
        int attemptsMax,

        @Doc(
                value =
                        "How long a mail waits after its first failure; each further failure makes it four times longer.",
                byDefault = "\"1s\"")
        Duration retryAfter,

        @Doc(value = "The longest wait between two tries.", byDefault = "\"15m\"")
        Duration retryAfterMax,

        @Doc(
                value =
                        "How long a large body stays in the blob store after its mail has left the queue; at least as long as"
                                + " backups are kept, so that a restored database finds it.",
                byDefault = "\"30d\"")
        Duration objectRetention) {

    public QueueSettings {
        demand(!node.isBlank() && node.length() <= 100, "node must have 1 to 100 characters");
        demand(lease.compareTo(Duration.ofSeconds(1)) >= 0, "lease must be 1s or more");
        demand(processingMax.compareTo(lease) >= 0, "processing-max must be lease or more");
        demand(poll.compareTo(Duration.ofMillis(10)) >= 0, "poll must be 10ms or more");
        demand(attemptsMax >= 1, "attempts-max must be 1 or more");
        demand(retryAfter.isPositive(), "retry-after must be more than 0s");
        demand(retryAfterMax.compareTo(retryAfter) >= 0, "retry-after-max must be retry-after or more");
        demand(!objectRetention.isNegative(), "object-retention must be 0s or more");
    }

    /** Every default: one node. */
    public static QueueSettings byDefault() {
        return new QueueSettings(
                "main",
                Duration.ofMinutes(5),
                Duration.ofHours(4),
                Duration.ofSeconds(1),
                8,
                Duration.ofSeconds(1),
                Duration.ofMinutes(15),
                Duration.ofDays(30));
    }

    /** How long a mail waits that failed this often. */
    Duration retryAfter(int attempts) {
        Duration wait = retryAfter;
        for (int i = 1; i < attempts && wait.compareTo(retryAfterMax) < 0; i++) {
            wait = wait.multipliedBy(4);
        }
        return wait.compareTo(retryAfterMax) < 0 ? wait : retryAfterMax;
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
