package tg.gouv.messagerie.mail.james;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Owners;

/** The owners of mailboxes, from the directory. */
final class DirectoryOwners implements Owners {
    private final Directory directory;

    DirectoryOwners(Directory directory) {
        this.directory = directory;
    }

    @Override
    public Optional<AccountId> byAddress(MailAddress address) {
        return directory.byAddress(address).map(Account::id);
    }

    @Override
    public Map<AccountId, MailAddress> primaryAddresses(Collection<AccountId> ids) {
        Map<AccountId, MailAddress> addresses = new LinkedHashMap<>();
        directory.byIds(ids).forEach((id, account) -> addresses.put(id, account.primary()));
        return addresses;
    }
}
