package tg.gouv.messagerie.mail.postgres;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.james.core.Username;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.Owners;

/*
 * What was found is remembered for a moment; what was not found is never remembered, so that a new account has its mailboxes
 * at once. When a name is met for the first time its account's present name is asked for again: somebody who signs in
 * with a new name sees that name on every mailbox, not the old one for another moment. Owners may ask the database: no
 * method may be called while a connection is held.
 */
/** Between James's user names, which are primary addresses, and the account ids of the rows. */
final class AccountNames {
    /** People active within a moment; an entry weighs some 300 bytes. */
    private static final int REMEMBERED_MAX = 20_000;

    private final Owners owners;
    private final Cache<Username, AccountId> ids;
    private final Cache<AccountId, Username> names;

    AccountNames(Owners owners, Duration memory) {
        this.owners = owners;
        this.ids = CacheBuilder.newBuilder()
                .maximumSize(REMEMBERED_MAX)
                .expireAfterWrite(memory)
                .build();
        this.names = CacheBuilder.newBuilder()
                .maximumSize(REMEMBERED_MAX)
                .expireAfterWrite(memory)
                .build();
    }

    /** Whose name this is, if it is an account's address. */
    Optional<AccountId> account(@Nullable Username user) {
        if (user == null) {
            return Optional.empty();
        }
        AccountId known = ids.getIfPresent(user);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<AccountId> found = owners.byName(user.asString());
        found.ifPresent(account -> {
            ids.put(user, account);
            names.invalidate(account);
        });
        return found;
    }

    /** The names of accounts; an account that does not exist is absent. */
    Map<AccountId, Username> names(Collection<AccountId> accounts) {
        Map<AccountId, Username> found = new HashMap<>();
        List<AccountId> unknown = new ArrayList<>();
        for (AccountId account : accounts) {
            Username known = names.getIfPresent(account);
            if (known == null) {
                unknown.add(account);
            } else {
                found.put(account, known);
            }
        }
        if (!unknown.isEmpty()) {
            owners.names(unknown).forEach((account, name) -> {
                Username present = Username.of(name);
                names.put(account, present);
                found.put(account, present);
            });
        }
        return found;
    }
}
