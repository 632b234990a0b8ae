package tg.gouv.messagerie.mail.postgres;

import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** How much an account may hold in its mailboxes, unless an administrator gave it another limit. */
public record QuotaSettings(
        @Doc(
                value = "How many bytes of messages the mailboxes of one account hold together; 0B for no limit.",
                byDefault = "\"5GB\"")
        ByteSize accountSizeMax,

        @Doc(
                value = "How many messages the mailboxes of one account hold together; 0 for no limit.",
                byDefault = "1000000")
        int accountMessagesMax) {
    public QuotaSettings {
        if (accountMessagesMax < 0) {
            throw new IllegalArgumentException("account-messages-max must be 0 or more");
        }
    }

    /** Every default. */
    public static QuotaSettings byDefault() {
        return new QuotaSettings(ByteSize.parse("5GB"), 1_000_000);
    }
}
