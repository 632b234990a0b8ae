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
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Owners;

/*
 * What was found is remembered for a moment; what was not found is never remembered, so that a new account has its mailboxes
 * at once. When an address is met for the first time its account's primary address is asked for again: somebody who signs in
 * with a new name sees that name on every mailbox, not the old one for another moment. Owners may ask the database: no
 * method may be called while a connection is held.
 */
/** Between James's user names, which are primary addresses, and the account ids of the rows. */
class AccountNames {
    /** People active within a moment; an entry weighs some 300 bytes. */
    private static final int REMEMBERED_MAX = 20_000;

    private final Owners owners;
    private final Cache<MailAddress, AccountId> ids;
    private final Cache<AccountId, MailAddress> addresses;

    AccountNames(Owners owners, Duration memory) {
        this.owners = owners;
        this.ids = CacheBuilder.newBuilder()
                .maximumSize(REMEMBERED_MAX)
                .expireAfterWrite(memory)
                .build();
        this.addresses = CacheBuilder.newBuilder()
                .maximumSize(REMEMBERED_MAX)
                .expireAfterWrite(memory)
                .build();
    }

    /** Whose name this is, if it is an account's address. */
    Optional<AccountId> account(@Nullable Username user) {
        return Optional.ofNullable(user).flatMap(this::address).flatMap(this::account);
    }

    /** The names of accounts; an account that does not exist is absent. */
    Map<AccountId, Username> names(Collection<AccountId> accounts) {
        Map<AccountId, Username> names = new HashMap<>();
        List<AccountId> unknown = new ArrayList<>();
        for (AccountId account : accounts) {
            MailAddress known = addresses.getIfPresent(account);
            if (known == null) {
                unknown.add(account);
            } else {
                names.put(account, username(known));
            }
        }
        if (!unknown.isEmpty()) {
            owners.primaryAddresses(unknown).forEach((account, address) -> {
                addresses.put(account, address);
                names.put(account, username(address));
            });
        }
        return names;
    }

    /** The address that a user name is. */
    Optional<MailAddress> address(Username user) {
        return MailAddress.parse(user.asString());
    }

    /** The user name of an address. */
    Username username(MailAddress address) {
        return Username.of(address.toString());
    }

    private Optional<AccountId> account(MailAddress address) {
        AccountId known = ids.getIfPresent(address);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<AccountId> found = owners.byAddress(address);
        found.ifPresent(account -> {
            ids.put(address, account);
            addresses.invalidate(account);
        });
        return found;
    }
}
