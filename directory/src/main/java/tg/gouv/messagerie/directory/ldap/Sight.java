package tg.gouv.messagerie.directory.ldap;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;

/*
 * Most searches meet no private attribute, so rights are asked when one is met; then the answer serves for some seconds, since a dump
 * meets one in every entry.
 */
/** Whose private attributes somebody reads: their own, and those of the parts of the State in which they may look. */
final class Sight {
    private static final long KEPT = Duration.ofSeconds(5).toNanos();

    private final UUID own;
    private final Rights rights;
    private final Register register;
    private @Nullable Reach reach;
    private long asked;

    Sight(AccountId who, Rights rights, Register register) {
        this.own = who.value();
        this.rights = rights;
        this.register = register;
    }

    /** Whether an attribute is read in an entry. */
    boolean isShown(String attribute, Row row) {
        return !Privacy.isSecret(attribute)
                && (!Privacy.isPrivate(attribute) || row.uuid().equals(own) || looksAt(row));
    }

    /** Whether a search may find the entry by it: who finds by it spells it out. */
    boolean isSearched(String attribute, Row row) {
        return !Privacy.isSecret(attribute) && (!Privacy.isPrivate(attribute) || looksAt(row));
    }

    /** Whether a search may find some entry by it. */
    boolean isSearchedSomewhere(String attribute) {
        return !Privacy.isSecret(attribute) && (!Privacy.isPrivate(attribute) || !reach().isNone());
    }

    private boolean looksAt(Row row) {
        return reach().holds(row);
    }

    private synchronized Reach reach() {
        Reach known = reach;
        if (known == null || System.nanoTime() - asked > KEPT) {
            known = ask();
            reach = known;
            asked = System.nanoTime();
        }
        return known;
    }

    private Reach ask() {
        Set<String> entities = new HashSet<>();
        for (Rights.Given given : rights.heldBy(new AccountId(own))) {
            if (!given.rights().contains(Right.LOOK)) {
                continue;
            }
            if (given.entity().isEmpty()) {
                return new Reach(true, Set.of());
            }
            EntityCode part = new EntityCode(given.entity().get());
            Optional<EntityCode> after = Optional.empty();
            do {
                List<Entity> page = register.entities(Optional.of(part), after, Register.PAGE_MAX);
                page.forEach(each -> entities.add(each.code().value()));
                after = page.size() < Register.PAGE_MAX
                        ? Optional.empty()
                        : Optional.of(page.getLast().code());
            } while (after.isPresent());
        }
        return new Reach(false, entities);
    }

    /** Everybody, or who is in these entities. */
    private record Reach(boolean everywhere, Set<String> entities) {
        boolean isNone() {
            return !everywhere && entities.isEmpty();
        }

        boolean holds(Row row) {
            return everywhere
                    || (!entities.isEmpty()
                            && row.source().equals(Optional.of("person"))
                            && row.values("departmentNumber").stream().anyMatch(entities::contains));
        }
    }
}
