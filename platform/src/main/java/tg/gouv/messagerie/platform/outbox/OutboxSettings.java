package tg.gouv.messagerie.platform.outbox;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** How work between capabilities is claimed, tried again, and given up. */
public record OutboxSettings(
        @Doc(value = "How many messages of a topic a node handles at once.", byDefault = "2")
        int workers,

        @Doc(value = "How many messages a worker takes at once, 50 at most.", byDefault = "50")
        int claimMax,

        @Doc(
                value =
                        "How long a worker may take for a message before another one takes it up; also how long the messages"
                                + " of a node that died wait.",
                byDefault = "\"1m\"")
        Duration lease,

        @Doc(value = "How often a message is tried before it becomes a dead letter.", byDefault = "12")
        int attemptsMax,

        @Doc(
                value = "How long a message waits after its first failure; each further one doubles it.",
                byDefault = "\"2s\"")
        Duration retryFirst,

        @Doc(value = "The longest such wait.", byDefault = "\"1h\"")
        Duration retryMax,

        @Doc(value = "How often workers look without being told.", byDefault = "\"5s\"")
        Duration pollEvery,

        @Doc(value = "How long a node gathers news for the other nodes before it tells them.", byDefault = "\"25ms\"")
        Duration notifyEvery,

        @Doc(
                value =
                        "For how long messages go into one part of the table; a part that is over and empty is dropped.",
                byDefault = "\"1h\"")
        Duration partitionEvery,

        @Doc(value = "The longest message.", byDefault = "\"1MB\"")
        ByteSize payloadMax,

        @Doc(value = "Health is bad when a message has been due for so long.", byDefault = "\"15m\"")
        Duration alarmAfter,

        @Doc(value = "How many PostgreSQL connections the outbox uses at once.", byDefault = "4")
        int connectionsMax) {

    public OutboxSettings {
        demand(workers >= 1 && workers <= 100, "workers must be between 1 and 100");
        demand(claimMax >= 1 && claimMax <= 50, "claim-max must be between 1 and 50");
        demand(lease.toMillis() >= 100 && lease.toHours() < 24, "lease must be between 100ms and 24h");
        demand(attemptsMax >= 1 && attemptsMax <= 1_000, "attempts-max must be between 1 and 1000");
        demand(retryFirst.isPositive(), "retry-first must be more than 0s");
        demand(
                retryMax.compareTo(retryFirst) >= 0 && retryMax.toDays() < 7,
                "retry-max must be retry-first or more, less than 7d");
        demand(pollEvery.toMillis() >= 10, "poll-every must be 10ms or more");
        demand(notifyEvery.toMillis() >= 5 && notifyEvery.toSeconds() < 10, "notify-every must be between 5ms and 10s");
        demand(
                partitionEvery.toSeconds() >= 1 && partitionEvery.toDays() < 32,
                "partition-every must be between 1s and 31d");
        demand(
                payloadMax.bytes() >= 1024 && payloadMax.bytes() <= 64L << 20,
                "payload-max must be between 1KB and 64MB");
        demand(alarmAfter.isPositive(), "alarm-after must be more than 0s");
        demand(connectionsMax >= 2 && connectionsMax <= 1_000, "connections-max must be between 2 and 1000");
    }

    /** Every default. */
    public static OutboxSettings byDefault() {
        return new OutboxSettings(
                2,
                50,
                Duration.ofMinutes(1),
                12,
                Duration.ofSeconds(2),
                Duration.ofHours(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(25),
                Duration.ofHours(1),
                ByteSize.parse("1MB"),
                Duration.ofMinutes(15),
                4);
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
