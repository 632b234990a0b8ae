package tg.gouv.messagerie.directory.provisioning;

import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.rights.Right;

/**
 * Entities, found by the beginning of what they are called: every word of a text begins a word of their names or codes, without accents and
 * case and in any order. May be called from any thread that may block.
 */
public interface EntityIndex {
    /** How long a text may be. */
    int TEXT_MAX = 100;

    /**
     * A page of those in which who acts has a right, in the order of their names; for operators of the machine, of all.
     *
     * @param text empty, all of them
     * @param after the entity before the page
     * @param most at most {@link Register#PAGE_MAX}
     * @throws ProvisioningRefused with {@link ProvisioningRefused.Reason#NOTHING_SOUGHT} for a text that is too long
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer
     */
    List<Found> find(Right right, String text, Optional<EntityCode> after, int most);

    /**
     * An entity that was found.
     *
     * @param above the name of the entity it is a part of
     */
    record Found(EntityCode code, String name, Optional<String> above) {}
}
