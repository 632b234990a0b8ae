package tg.gouv.messagerie.directory.help;

import java.util.OptionalLong;
import tg.gouv.messagerie.directory.AccountId;

/** How much somebody's mailboxes hold: who keeps mail says it. May be called from any thread that may block. */
@FunctionalInterface
public interface PersonalUsage {
    /** How much there is now; the caller has judged that it may be known. */
    Usage of(AccountId person);

    /**
     * What mailboxes hold, and may hold.
     *
     * @param bytes of all messages
     * @param bytesMax absent, without a limit
     * @param messagesMax absent, without a limit
     */
    record Usage(long bytes, OptionalLong bytesMax, long messages, OptionalLong messagesMax) {}
}
