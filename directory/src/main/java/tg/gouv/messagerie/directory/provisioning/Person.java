package tg.gouv.messagerie.directory.provisioning;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * A civil servant with an account.
 *
 * @param registrationNumber the matricule, by which the person is known; without one they are known by the primary address
 * @param address the primary one
 * @param language in which the program writes to them: French or English
 * @param entity to which they belong, besides those of their positions
 */
public record Person(
        Optional<RegistrationNumber> registrationNumber,
        PersonName name,
        MailAddress address,
        Locale language,
        Optional<EntityCode> entity) {
    public Person {
        if (!language.equals(Locale.FRENCH) && !language.equals(Locale.ENGLISH)) {
            throw new ProvisioningRefused(ProvisioningRefused.Reason.BAD_LANGUAGE, address, language.toLanguageTag());
        }
    }

    /**
     * The number under which the State knows its servant.
     *
     * @param value 1 to 64 letters and digits of ASCII, dots, slashes and hyphens
     */
    public record RegistrationNumber(String value) {
        private static final Pattern WRITTEN = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9./-]{0,62}[A-Za-z0-9])?");

        public RegistrationNumber {
            if (!WRITTEN.matcher(value).matches()) {
                throw new ProvisioningRefused(ProvisioningRefused.Reason.BAD_REGISTRATION_NUMBER, value);
            }
        }

        @Override
        public String toString() {
            return value;
        }
    }
}
