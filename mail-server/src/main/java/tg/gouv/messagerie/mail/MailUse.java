package tg.gouv.messagerie.mail;

import java.util.OptionalLong;
import tg.gouv.messagerie.directory.Account;

/** How much mail accounts hold, and may hold. May be called from any thread that may block. */
@FunctionalInterface
public interface MailUse {
    /**
     * How much an account holds now, counted as deliveries count it.
     *
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer
     */
    Use of(Account account);

    /**
     * What all its mailboxes hold together.
     *
     * @param bytesMax absent, without a limit
     * @param messagesMax absent, without a limit
     */
    record Use(long bytes, OptionalLong bytesMax, long messages, OptionalLong messagesMax) {}
}
