package tg.gouv.messagerie.directory.rights;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;

/**
 * Rights that somebody is to have in a part of the State.
 *
 * @param rights at least one
 * @param entity the part: this entity and what is below it; absent, the whole State
 * @param accountsMax how many people's accounts that are not closed there may be in the part: whoever administers it makes no
 *     more; absent, as many as the giver may
 * @param from absent, from now on
 * @param until absent, until it is revoked or what it was given by ends
 */
public record Grant(
        Holder holder,
        Set<Right> rights,
        Optional<EntityCode> entity,
        OptionalInt accountsMax,
        Optional<Instant> from,
        Optional<Instant> until) {
    public Grant {
        rights = Set.copyOf(rights);
        if (rights.isEmpty()) {
            throw new IllegalArgumentException("a grant gives at least one right");
        }
        if (accountsMax.isPresent() && accountsMax.getAsInt() < 0) {
            throw new IllegalArgumentException("accounts-max is 0 or more, found " + accountsMax.getAsInt());
        }
    }

    /** Who has the rights. */
    public sealed interface Holder {}

    /** Whoever holds the position, while they hold it. */
    public record OfPosition(PositionCode position) implements Holder {}

    /** A person, whatever they become. */
    public record OfAccount(AccountId account) implements Holder {}
}
