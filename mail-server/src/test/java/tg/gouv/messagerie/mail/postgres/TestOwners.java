package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Owners;

/** Accounts of two domains: each has an id that follows from its first address; an address of another domain is nobody's. */
final class TestOwners implements Owners {
    static final String DOMAIN = "contract.test";

    /** The one that James's contracts use when they use one. */
    private static final String JAMES_DOMAIN = "domain.tld";

    private final Map<MailAddress, AccountId> ids = new ConcurrentHashMap<>();
    private final Map<AccountId, MailAddress> primary = new ConcurrentHashMap<>();

    @Override
    public Optional<AccountId> byAddress(MailAddress address) {
        if (!address.domain().equals(DOMAIN) && !address.domain().equals(JAMES_DOMAIN)) {
            return Optional.empty();
        }
        return Optional.of(ids.computeIfAbsent(address, unknown -> {
            AccountId made =
                    new AccountId(UUID.nameUUIDFromBytes(unknown.toString().getBytes(StandardCharsets.UTF_8)));
            primary.put(made, unknown);
            return made;
        }));
    }

    @Override
    public Map<AccountId, MailAddress> primaryAddresses(Collection<AccountId> accounts) {
        return accounts.stream()
                .filter(primary::containsKey)
                .distinct()
                .collect(Collectors.toMap(Function.identity(), primary::get));
    }

    /** Gives an account another primary address; the present one stays as a former address. */
    void rename(MailAddress present, MailAddress next) {
        AccountId account = byAddress(present).orElseThrow();
        ids.put(next, account);
        primary.put(account, next);
    }

    /** Ends an account. */
    void remove(MailAddress address) {
        AccountId account = byAddress(address).orElseThrow();
        primary.remove(account);
        ids.values().removeIf(account::equals);
    }
}
