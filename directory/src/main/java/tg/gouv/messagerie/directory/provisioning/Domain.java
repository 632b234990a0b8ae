package tg.gouv.messagerie.directory.provisioning;

import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * A domain whose mail is ours.
 *
 * @param name in lower case
 * @param entity whose it is: only who has the right there gives addresses of the domain; absent, it is the State's
 */
public record Domain(String name, Optional<EntityCode> entity) {
    public Domain {
        String given = name;
        name = MailAddress.parse("postmaster@" + name.toLowerCase(Locale.ROOT))
                .map(MailAddress::domain)
                .orElseThrow(() -> new ProvisioningRefused(ProvisioningRefused.Reason.BAD_DOMAIN, given));
    }
}
