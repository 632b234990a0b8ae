package tg.gouv.messagerie.deploy.routes;

import java.util.UUID;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.provisioning.Activation;

/**
 * What the outbox says of an account that became active.
 *
 * @param person whether it is a person's
 * @param language in which the program writes to them
 */
record AccountActivated(UUID account, boolean person, String address, String name, String language) {
    static final String TOPIC = "account-activated";

    static AccountActivated of(Activation activation) {
        return new AccountActivated(
                activation.account().value(),
                activation.kind() == Account.Kind.PERSON,
                activation.primary().toString(),
                activation.displayName(),
                activation.language().getLanguage());
    }
}
