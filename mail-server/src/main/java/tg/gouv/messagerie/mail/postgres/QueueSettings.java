package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** How accepted mail is worked on. */
public record QueueSettings(
        @Doc(value = "How many PostgreSQL connections the queue uses at once.", byDefault = "6")
        int connectionsMax,

        @Doc(
                value =
                        "For how long a node owns a mail it works on; when the node dies, another takes the mail up after"
                                + " that.",
                byDefault = "\"5m\"")
        Duration lease,

        @Doc(
                value = "How often the queue is looked at when nothing announces new mail, such as another node's.",
                byDefault = "\"1s\"")
        Duration poll,

        @Doc(value = "How many mails a node takes from the queue at a time.", byDefault = "50")
        int claimMax,

        @Doc(
                value =
                        "How often a mail is tried; then it goes to the error repository for an administrator, never lost.",
                byDefault = "8")
        int attemptsMax,

        @Doc(
                value =
                        "How often the program may end while it works on a mail; then the mail goes to the error repository,"
                                + " since it may be what ends the program.",
                byDefault = "3")
        int interruptionsMax,

        @Doc(
                value = "How long after a failure a mail is tried again; each further time doubles it.",
                byDefault = "\"10s\"")
        Duration retryFirst,

        @Doc(value = "The longest time between two tries.", byDefault = "\"1h\"")
        Duration retryMost,

        @Doc(
                value =
                        "How often one mail may bring forth another, such as by a filter's redirect (RFC 5321 section 6.3);"
                                + " a mail that would go on goes to the error repository.",
                byDefault = "30")
        int hopsMax,

        @Doc(
                value = "A message that was changed on its way is held in memory up to this size, in a file above.",
                byDefault = "\"256KB\"")
        ByteSize memoryMax) {
    private static final String ERRORS = "postgresql://error";

    public QueueSettings {
        demand(connectionsMax >= 1 && connectionsMax <= 1_000, "connections-max must be between 1 and 1000");
        demand(lease.toSeconds() >= 1, "lease must be 1s or more");
        demand(poll.toMillis() >= 10 && poll.toMinutes() < 10, "poll must be between 10ms and 10m");
        demand(claimMax >= 1 && claimMax <= 1_000, "claim-max must be between 1 and 1000");
        demand(attemptsMax >= 1 && attemptsMax <= 1_000, "attempts-max must be between 1 and 1000");
        demand(interruptionsMax >= 1 && interruptionsMax <= 1_000, "interruptions-max must be between 1 and 1000");
        demand(retryFirst.isPositive(), "retry-first must be more than 0s");
        demand(retryMost.compareTo(retryFirst) >= 0, "retry-most must be retry-first or more");
        demand(hopsMax >= 1 && hopsMax <= 1_000, "hops-max must be between 1 and 1000");
        demand(memoryMax.bytes() <= 1 << 30, "memory-max must be 1GB or less");
    }

    /** Every default. */
    public static QueueSettings byDefault() {
        return new QueueSettings(
                6,
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                50,
                8,
                3,
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                30,
                ByteSize.parse("256KB"));
    }

    /** The repository of mail that cannot be delivered. */
    public static String errors() {
        return ERRORS;
    }

    /** How long a mail waits after its n-th failed attempt. */
    Duration retryAfter(int attempts) {
        long doublings = Math.clamp(attempts - 1, 0, 30);
        Duration wait = retryFirst.multipliedBy(1L << doublings);
        return wait.compareTo(retryMost) < 0 ? wait : retryMost;
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
