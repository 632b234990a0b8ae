package tg.gouv.messagerie.directory.provisioning;

import java.util.List;
import tg.gouv.messagerie.directory.rights.Right;

/**
 * Entities and positions, found by the beginnings of words of their names or codes, without accents and case and in any order, in those parts
 * of the State in which who acts has a right; operators of the machine find all of them. May be called from any thread that may block.
 */
public interface StructureIndex {
    /** How long a text may be. */
    int TEXT_MAX = PeopleIndex.TEXT_MAX;

    /**
     * Entities, in the order of their names.
     *
     * @param right what who acts is to have where they look
     * @param text blank: all of them
     * @param most at most {@link Register#PAGE_MAX}
     * @throws ProvisioningRefused with {@link ProvisioningRefused.Reason#NOTHING_SOUGHT} for a text that is too long or has no word; if who
     *     acts has the right nowhere, which the audit trail is told
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer
     */
    List<Entity> entities(Right right, String text, int most);

    /** Positions, in the order of their titles; as {@link #entities}. The names of their entities count as theirs. */
    List<Placed> positions(Right right, String text, int most);

    /** A position, and the name of its entity. */
    record Placed(Position position, String entityName) {}
}
