package tg.gouv.messagerie.mail;

import tg.gouv.messagerie.directory.AccountId;

/** What becomes of the mail of people whose data is erased. */
public interface ErasedAccounts {
    /**
     * Removes an account's mailboxes, filters, absences, subscriptions, identities, uploads and its rights in others' mailboxes. It is
     * done in short transactions: whoever is killed in between does it again, and goes on from what is left. Bodies that nothing
     * names any more go after {@code mail.store.body-retention}, as those of every message that is removed.
     *
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer; some of it may be gone
     */
    void erase(AccountId account);
}
