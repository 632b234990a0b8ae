package tg.gouv.messagerie.mail.jmap.postgres;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** How much JMAP keeps for one account. */
public record JmapSettings(
        @Doc(
                value = "How many bytes of uploads one account may have at a time; above, the oldest go.",
                byDefault = "\"250MB\"")
        ByteSize uploadsMax,

        @Doc(value = "How long an upload that no message uses is kept.", byDefault = "\"1d\"")
        Duration uploadRetention,

        @Doc(value = "How many identities one account may make.", byDefault = "100")
        int identitiesMax,

        @Doc(value = "How many devices of one account may ask to be woken.", byDefault = "50")
        int pushSubscriptionsMax,

        @Doc(value = "To how many others one account may be delegated.", byDefault = "50")
        int delegatesMax) {

    public JmapSettings {
        demand(uploadsMax.bytes() >= 1 << 20, "uploads-max must be 1MB or more");
        demand(
                uploadRetention.compareTo(Duration.ofHours(1)) >= 0,
                "upload-retention must be 1h or more (RFC 8620 section 6)");
        demand(identitiesMax >= 1 && identitiesMax <= 10_000, "identities-max must be between 1 and 10000");
        demand(
                pushSubscriptionsMax >= 1 && pushSubscriptionsMax <= 1_000,
                "push-subscriptions-max must be between 1 and 1000");
        demand(delegatesMax >= 1 && delegatesMax <= 1_000, "delegates-max must be between 1 and 1000");
    }

    /** Every default. */
    public static JmapSettings byDefault() {
        return new JmapSettings(ByteSize.parse("250MB"), Duration.ofDays(1), 100, 50, 50);
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
