package tg.gouv.messagerie.directory.provisioning;

import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.rights.Right;

/**
 * Entities, positions and groups, found by the beginnings of words of their names or codes, without accents and case and in any order, in those parts
 * of the State in which who acts has a right; operators of the machine find all of them. May be called from any thread that may block.
 */
public interface StructureIndex {
    /** How long a text may be. */
    int TEXT_MAX = PeopleIndex.TEXT_MAX;

    /**
     * A page of entities, in the order of their names.
     *
     * @param right what who acts is to have where they look
     * @param text blank: all of them
     * @param after the entity before the page
     * @param most at most {@link Register#PAGE_MAX}
     * @throws ProvisioningRefused with {@link ProvisioningRefused.Reason#NOTHING_SOUGHT} for a text that is too long or has no word; if who
     *     acts has the right nowhere, which the audit trail is told
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer
     */
    List<Listed> entities(Right right, String text, Optional<EntityCode> after, int most);

    /** The first positions, in the order of their titles; as {@link #entities}. The names of their entities count as theirs. */
    List<Placed> positions(Right right, String text, int most);

    /**
     * A page of groups, in the order of their codes; as {@link #entities}.
     *
     * @param after the group before the page
     */
    List<Group> groups(Right right, String text, Optional<GroupCode> after, int most);

    /**
     * An entity.
     *
     * @param above the name of the entity it is a part of
     */
    record Listed(Entity entity, Optional<String> above) {}

    /** A position, and the name of its entity. */
    record Placed(Position position, String entityName) {}
}
