package tg.gouv.messagerie.directory.provisioning;

import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;

/**
 * A place in an entity, which people hold one after the other.
 *
 * @param code by which it is known
 * @param title as people read it, 200 characters at most
 */
public record Position(PositionCode code, String title, EntityCode entity) {
    public Position {
        title = Written.name(title, Written.LABEL_MAX);
    }
}
