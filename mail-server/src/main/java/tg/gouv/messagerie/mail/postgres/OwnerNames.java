package tg.gouv.messagerie.mail.postgres;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.james.core.Username;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.Owners;

/*
 * A name that the directory gave to one account is never given to another while that one lives, so a remembered name is at worst
 * the former name of the same account, which still means it. What is unknown is not remembered.
 */
/** James's user names and the accounts behind them, in both directions, the recent ones remembered. */
final class OwnerNames {
    /** Two strings and a UUID each: a few megabytes. */
    private static final int REMEMBERED_MAX = 20_000;

    private final Owners owners;
    private final RecentlyUsed<String, AccountId> ids = new RecentlyUsed<>(REMEMBERED_MAX);
    private final RecentlyUsed<AccountId, Username> names = new RecentlyUsed<>(REMEMBERED_MAX);

    OwnerNames(Owners owners) {
        this.owners = owners;
    }

    /** The account's id as rows have it, or empty if James names nobody. */
    Optional<UUID> id(@Nullable Username user) {
        if (user == null) {
            return Optional.empty();
        }
        String name = user.asString();
        return ids.get(name)
                .or(() -> {
                    Optional<AccountId> found = owners.byName(name);
                    found.ifPresent(id -> ids.put(name, id));
                    return found;
                })
                .map(AccountId::value);
    }

    /** What James calls these accounts; one that no longer exists is absent. */
    Map<UUID, Username> names(Collection<UUID> wanted) {
        Map<UUID, Username> known = new HashMap<>();
        Set<AccountId> unknown = new LinkedHashSet<>();
        for (UUID id : wanted) {
            AccountId account = new AccountId(id);
            names.get(account).ifPresentOrElse(name -> known.put(id, name), () -> unknown.add(account));
        }
        if (!unknown.isEmpty()) {
            owners.names(unknown).forEach((account, name) -> {
                Username user = Username.of(name);
                names.put(account, user);
                known.put(account.value(), user);
            });
        }
        return known;
    }
}
