package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.Owners;

/**
 * Every name of a few domains is an account's, and every name without a domain, as James's contracts use them; a name of another
 * domain is nobody's.
 */
final class TestOwners implements Owners {
    static final String DOMAIN = "contract.test";

    /** Those that James's contracts use when they use one. */
    private static final Set<String> JAMES_DOMAINS = Set.of("domain.tld", "domain", "localhost", "simpson.cartoon");

    private final Map<String, AccountId> ids = new ConcurrentHashMap<>();
    private final Map<AccountId, String> present = new ConcurrentHashMap<>();

    @Override
    public Optional<AccountId> byName(String username) {
        String domain = username.substring(username.indexOf('@') + 1);
        if (username.contains("@") && !domain.equals(DOMAIN) && !JAMES_DOMAINS.contains(domain)) {
            return Optional.empty();
        }
        return Optional.of(ids.computeIfAbsent(username, unknown -> {
            AccountId made = new AccountId(UUID.nameUUIDFromBytes(unknown.getBytes(StandardCharsets.UTF_8)));
            present.put(made, unknown);
            return made;
        }));
    }

    @Override
    public Map<AccountId, String> names(Collection<AccountId> accounts) {
        return accounts.stream()
                .filter(present::containsKey)
                .distinct()
                .collect(Collectors.toMap(Function.identity(), present::get));
    }

    /** Gives an account another name; the present one stays as a former name. */
    void rename(String now, String next) {
        AccountId account = byName(now).orElseThrow();
        ids.put(next, account);
        present.put(account, next);
    }

    /** Ends an account. */
    void remove(String name) {
        AccountId account = byName(name).orElseThrow();
        present.remove(account);
        ids.values().removeIf(account::equals);
    }
}
