package tg.gouv.messagerie.deploy.command;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.platform.settings.Secret;

/** How the command line begins the accounts of administrators in the running program. */
public interface RunningAdministrators {
    /**
     * Issues a one-time code to an administrator whom the settings name, whose account is made if there is none.
     *
     * @param address one of those; without it, the first
     * @param given the person's name, for an account that is made
     * @param family the same
     * @param despitePassword whether an account that has a password gets one too
     * @throws Declined if there is nobody to whom to give one
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if the account gets none
     */
    Code code(Optional<String> address, Optional<String> given, Optional<String> family, boolean despitePassword);

    /** Gives any account its password, with its code. */
    ActivationCodes.Activated activate(String address, Secret code, Secret password);

    /** A code that was issued. */
    record Code(MailAddress address, Secret code, Instant expires) {}

    /** What was asked is not done, for a reason that the command line has a sentence for. */
    final class Declined extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final List<String> values;

        /**
         * Says why.
         *
         * @param key of the sentence
         * @param values what it names: no secret
         */
        public Declined(String key, String... values) {
            super(key);
            this.values = List.of(values);
        }

        List<String> values() {
            return values;
        }
    }
}
