package tg.gouv.messagerie.deploy.routes;

import java.util.UUID;
import tg.gouv.messagerie.directory.provisioning.Activation;

/**
 * What the outbox says of a person who has chosen another password with recovery codes.
 *
 * @param language in which the program writes to them
 */
record PasswordRecovered(UUID account, String address, String name, String language) {
    static final String TOPIC = "password-recovered";

    static PasswordRecovered of(Activation account) {
        return new PasswordRecovered(
                account.account().value(),
                account.primary().toString(),
                account.displayName(),
                account.language().getLanguage());
    }
}
