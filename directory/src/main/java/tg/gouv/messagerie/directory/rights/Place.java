package tg.gouv.messagerie.directory.rights;

import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;

/** Where an act takes place, by what it is done to. What is in an entity is also in every entity above it. */
public sealed interface Place {
    /** What belongs to no entity: only who has a right in the whole State has it there. */
    record WholeState() implements Place {}

    /** An entity and what is below it. */
    record OfEntity(EntityCode entity) implements Place {}

    /** Where a position belongs. */
    record OfPosition(PositionCode position) implements Place {}

    /** Where a person belongs, or the owner of a function mailbox. */
    record OfAccount(AccountId account) implements Place {}
}
