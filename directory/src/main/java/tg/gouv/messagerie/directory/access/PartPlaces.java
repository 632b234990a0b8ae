package tg.gouv.messagerie.directory.access;

import java.util.Collection;
import java.util.Set;
import tg.gouv.messagerie.directory.EntityCode;

/** What belongs to which part of the State, by the names under which the audit trail keeps it. May be called from any thread that may block. */
public interface PartPlaces {
    /** Whether there is such an entity. */
    boolean isThere(EntityCode entity);

    /**
     * Those of some subjects that belong to an entity or to one below it: accounts, their mailboxes, entities, positions and groups.
     *
     * @param subjects as {@link tg.gouv.messagerie.platform.audit.Subject#text} writes them; others belong nowhere
     */
    Set<String> within(EntityCode entity, Collection<String> subjects);
}
