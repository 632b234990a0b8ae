package tg.gouv.messagerie.platform.outbox;

import java.time.Instant;
import java.util.Optional;

/**
 * Work to be done after an act.
 *
 * @param topic who does it: lower-case words joined by hyphens
 * @param orderingKey messages of a topic with the same key are handled one at a time, in the order in which their acts were
 *     committed, as far as these acts wait for one another themselves, such as by a lock on what they change
 * @param payload what the consumer needs, such as JSON
 * @param due not before this; only for messages without a key
 */
public record OutboxMessage(String topic, Optional<String> orderingKey, String payload, Optional<Instant> due) {
    private static final int KEY_MAX = 200;

    public OutboxMessage {
        demandTopic(topic);
        if (orderingKey.filter(key -> key.isEmpty() || key.length() > KEY_MAX).isPresent()) {
            throw new IllegalArgumentException("an ordering key has 1 to " + KEY_MAX + " characters");
        }
        if (orderingKey.isPresent() && due.isPresent()) {
            throw new IllegalArgumentException("what has an order has no date: the one before it decides");
        }
    }

    /** Work in no order, as soon as the act is committed. */
    public static OutboxMessage of(String topic, String payload) {
        return new OutboxMessage(topic, Optional.empty(), payload, Optional.empty());
    }

    /** Work in the order of a key, as soon as the act is committed. */
    public static OutboxMessage ordered(String topic, String orderingKey, String payload) {
        return new OutboxMessage(topic, Optional.of(orderingKey), payload, Optional.empty());
    }

    static void demandTopic(String topic) {
        if (!topic.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") || topic.length() > 60) {
            throw new IllegalArgumentException("a topic is lower-case words joined by hyphens, found " + topic);
        }
    }
}
