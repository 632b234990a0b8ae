package tg.gouv.messagerie.directory.rights;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * Who may do what, as it is now. May be called from any thread that may block.
 *
 * <p>It tells what doors may show. An act is judged again in its own transaction, by what it would give or expose, and only that
 * judgement counts ({@link tg.gouv.messagerie.directory.provisioning.Provisioning}).
 *
 * <p>All methods throw {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public interface Rights {
    /**
     * Whether somebody has a right where a thing is. Nobody has one where nothing is, nor does an account that is not active.
     *
     * @param principal a person's account
     */
    boolean may(AccountId principal, Right right, Place object);

    /**
     * Who acts now has a right where a thing is, or may do everything: as {@link #may}, for who reads. That they have it not is counted in the
     * audit trail.
     *
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if they have it not
     */
    void demand(Right right, Place object);

    /**
     * What is left of the budgets within which somebody administers: of each grant that they have with {@code accountsMax} in an entity, by its
     * id.
     */
    Map<UUID, Budget> budgets(AccountId principal);

    /** What somebody may do now, by themselves or by their positions: at most 1,000 grants, the oldest first. */
    List<Given> heldBy(AccountId principal);

    /**
     * Grants that serve, or will, in those parts of the State in which somebody may give rights: those in an entity of such a part, or in one
     * below it; whoever may give in the whole State is shown all. The oldest first.
     *
     * @param after the grant before the page
     */
    List<Listed> givenWhere(AccountId principal, Optional<UUID> after, int most);

    /** A grant of those that {@link #givenWhere} shows, or absent. */
    Optional<Listed> givenWhere(AccountId principal, UUID grant);

    /**
     * A grant, with the names of what it is about.
     *
     * @param holderName of a person, or the title of a position
     * @param holderAddress of a person
     * @param accounts how many accounts there are in the part of a grant with a budget: people's, not closed
     * @param byName of who gave it, if that is a person
     */
    record Listed(
            Given given,
            String holderName,
            Optional<MailAddress> holderAddress,
            Optional<String> entityName,
            OptionalInt accounts,
            Optional<String> byName) {}

    /**
     * How many accounts there are in a grant's part, and how many may be made there still by who is judged.
     *
     * @param accounts of people, not closed
     * @param left 0 or more; the tightest of all budgets of the entity and of those above it decides
     */
    record Budget(int accounts, int left) {}

    /**
     * A grant as it was given, which serves.
     *
     * @param holder of what the grant is: {@code account:0199…} or {@code position:directeur-budget}
     * @param entity the code of the part's entity; absent, the whole State
     * @param by who gave it, as the audit trail writes an actor
     */
    record Given(
            UUID id,
            String holder,
            Set<Right> rights,
            Optional<String> entity,
            OptionalInt accountsMax,
            Instant from,
            Optional<Instant> until,
            String by) {
        public Given {
            rights = Set.copyOf(rights);
        }
    }
}
