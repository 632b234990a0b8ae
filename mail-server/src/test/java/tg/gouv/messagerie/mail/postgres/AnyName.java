package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.Owners;

/** Owners for James's contracts, whose users have names of all kinds: everybody exists, until renamed under the same id. */
final class AnyName implements Owners {
    private final Map<String, AccountId> ids = new ConcurrentHashMap<>();
    private final Map<AccountId, String> names = new ConcurrentHashMap<>();

    @Override
    public Optional<AccountId> byName(String username) {
        return Optional.of(ids.computeIfAbsent(username, name -> {
            AccountId id = new AccountId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
            names.put(id, name);
            return id;
        }));
    }

    @Override
    public Map<AccountId, String> names(Collection<AccountId> wanted) {
        Map<AccountId, String> found = new HashMap<>();
        wanted.forEach(id -> Optional.ofNullable(names.get(id)).ifPresent(name -> found.put(id, name)));
        return found;
    }

    /** Gives an account another name; the former one still means it. */
    void rename(String former, String present) {
        AccountId id = byName(former).orElseThrow();
        ids.put(present, id);
        names.put(id, present);
    }
}
