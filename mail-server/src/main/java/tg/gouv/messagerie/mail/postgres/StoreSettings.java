package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** How the mailbox store keeps what was deleted, and how much it holds in memory at once. */
public record StoreSettings(
        @Doc(
                value = "How long the bytes of a deleted message are kept; at least as long as backups are, so that a"
                        + " restored database finds them.",
                byDefault = "\"30d\"")
        Duration bodyRetention,

        @Doc(
                value = "How many bytes of whole messages one reader loads at a time; above, it loads page by page.",
                byDefault = "\"4MB\"")
        ByteSize pageSize,

        @Doc(value = "How many different keywords one mailbox may have.", byDefault = "1000")
        int keywordsMax,

        @Doc(value = "How long a look-up between an address and its account is remembered.", byDefault = "\"5s\"")
        Duration ownerMemory,

        @Doc(
                value =
                        "How long it is known which messages went: a JMAP client that was away for longer reads its account"
                                + " anew.",
                byDefault = "\"30d\"")
        Duration changeHistory,

        @Doc(
                value =
                        "How many changes one JMAP answer tells to a client that does not say how many it wants. It may ask for"
                                + " ten times as many, and a single larger change is told up to that size.",
                byDefault = "500")
        int changesMax) {

    public StoreSettings {
        demand(!bodyRetention.isNegative(), "body-retention must be 0s or more");
        demand(pageSize.bytes() >= 64 * 1024, "page-size must be 64KB or more");
        demand(keywordsMax >= 1 && keywordsMax <= 100_000, "keywords-max must be between 1 and 100000");
        demand(!ownerMemory.isNegative(), "owner-memory must be 0s or more");
        demand(changeHistory.compareTo(Duration.ofDays(1)) >= 0, "change-history must be 1d or more");
        demand(changesMax >= 1 && changesMax <= 10_000, "changes-max must be between 1 and 10000");
    }

    /** Every default. */
    public static StoreSettings byDefault() {
        return new StoreSettings(
                Duration.ofDays(30), ByteSize.parse("4MB"), 1000, Duration.ofSeconds(5), Duration.ofDays(30), 500);
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
