package tg.gouv.messagerie.deploy;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.deploy.command.RunningAdministrators;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.platform.settings.Secret;

/** The administrators whom the settings name, as the command line begins their accounts. */
final class Administrators implements RunningAdministrators {
    private final Directories directories;
    private final List<MailAddress> named;

    Administrators(Directories directories, List<String> named) {
        this.directories = directories;
        this.named = named.stream().map(MailAddress::of).toList();
    }

    /** Whether one of an account's addresses is an administrator's in the settings. */
    boolean isNamed(Account account) {
        return account.addresses().stream().anyMatch(named::contains);
    }

    @Override
    public Code code(
            Optional<String> address, Optional<String> given, Optional<String> family, boolean despitePassword) {
        if (named.isEmpty()) {
            throw new Declined("administrator.none");
        }
        MailAddress whose = address.isEmpty()
                ? named.getFirst()
                : MailAddress.parse(address.get())
                        .filter(named::contains)
                        .orElseThrow(() -> new Declined("administrator.not-named", address.get()));
        if (directories.directory().byAddress(whose).isEmpty()) {
            if (given.isEmpty() || family.isEmpty()) {
                throw new Declined("administrator.names", whose.toString());
            }
            directories.provisioning().domain(whose.domain());
            directories
                    .provisioning()
                    .person(new Person(
                            Optional.empty(),
                            new PersonName(given.get(), family.get()),
                            whose,
                            Locale.FRENCH,
                            Optional.empty()));
        }
        ActivationCodes.Issued issued = directories.activationCodes().issue(whose, despitePassword);
        return new Code(whose, issued.code(), issued.expires());
    }

    @Override
    public ActivationCodes.Activated activate(String address, Secret code, Secret password) {
        return directories.activationCodes().activate(address, code, password, InetAddress.getLoopbackAddress());
    }
}
