package tg.gouv.messagerie.directory.signin;

import java.util.Set;
import tg.gouv.messagerie.directory.AccountId;

/**
 * Function mailboxes that people have hidden from their own programs, telephones above all. A function mailbox is opened by signing in
 * ({@code fonction*titulaire}); one that is hidden from somebody is not opened by their secrets, as if they had no right to it, and what they
 * had open there ends. Their right stays, and they still receive and send in its name from their own account. May be called from any thread
 * that may block; throws {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public interface HiddenFunctions {
    /** Those of a person. */
    Set<AccountId> of(AccountId owner);

    /**
     * Hides one; its row of the audit trail is written with it.
     *
     * @param owner who acts
     * @return whether it was not hidden before
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if it is no function mailbox that the owner may use now
     */
    boolean hide(AccountId owner, AccountId function);

    /**
     * Shows one again, as {@link #hide} hides it.
     *
     * @return whether it was hidden
     */
    boolean show(AccountId owner, AccountId function);
}
