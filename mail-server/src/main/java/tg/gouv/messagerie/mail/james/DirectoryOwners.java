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
    public Optional<AccountId> byName(String username) {
        return MailAddress.parse(username).flatMap(directory::byAddress).map(Account::id);
    }

    @Override
    public Map<AccountId, String> names(Collection<AccountId> ids) {
        Map<AccountId, String> names = new LinkedHashMap<>();
        directory.byIds(ids).forEach((id, account) -> names.put(id, account.primary().toString()));
        return names;
    }
}
