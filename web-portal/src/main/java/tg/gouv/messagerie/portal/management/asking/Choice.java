package tg.gouv.messagerie.portal.management.asking;

import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.StructureIndex.Placed;

/**
 * One of several things.
 *
 * @param value what the form sends
 * @param label what people read
 */
public record Choice(String value, String label) {
    /** An entity, by its code. */
    public static Choice of(Entity entity) {
        return new Choice(entity.code().value(), entity.name() + " (" + entity.code() + ")");
    }

    /** A position, by its code. */
    public static Choice of(Placed placed) {
        return new Choice(placed.position().code().value(), placed.position().title() + " – " + placed.entityName());
    }
}
