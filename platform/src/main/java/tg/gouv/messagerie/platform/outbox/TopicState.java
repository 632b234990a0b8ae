package tg.gouv.messagerie.platform.outbox;

import java.time.Duration;

/**
 * What there is of a topic.
 *
 * @param waiting messages that are not handled yet, also those whose date is to come
 * @param oldestDue for how long the message that should have been handled first has been due
 * @param dead messages that were given up
 */
public record TopicState(String topic, long waiting, Duration oldestDue, long dead) {}
