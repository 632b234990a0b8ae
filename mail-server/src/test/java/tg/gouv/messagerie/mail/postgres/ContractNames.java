package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import java.util.Optional;
import org.apache.james.core.Username;
import tg.gouv.messagerie.directory.MailAddress;

/** James's contracts call people « benwa », without a domain: they are given one on the way in and lose it on the way out. */
final class ContractNames extends AccountNames {
    private static final String SUFFIX = "@" + TestOwners.DOMAIN;

    ContractNames(TestOwners owners) {
        super(owners, Duration.ofSeconds(5));
    }

    @Override
    Optional<MailAddress> address(Username user) {
        String name = user.asString();
        return super.address(name.contains("@") ? user : Username.of(name + SUFFIX));
    }

    @Override
    Username username(MailAddress address) {
        return Username.of(address.toString().replace(SUFFIX, ""));
    }
}
