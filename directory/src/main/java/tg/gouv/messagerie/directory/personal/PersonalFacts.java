package tg.gouv.messagerie.directory.personal;

import tg.gouv.messagerie.directory.AccountId;

/** What the directory knows of a person; it also says who may have it. */
public interface PersonalFacts extends PersonalFiles {
    /**
     * Says that who acts may have everything that is kept of an account, and tells the audit trail that it is read out; that is durable
     * when this returns. One's own is one's own; another's needs the right {@code personal-data} where they are, and every right that
     * opens with their account, for their mail is read.
     *
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if who acts may not, or nobody has this account
     */
    void demand(AccountId account);
}
