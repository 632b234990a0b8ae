package tg.gouv.messagerie.directory.provisioning;

import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;

/**
 * A ministry, one of its bodies or services.
 *
 * @param code by which it is known
 * @param name as people read it, 200 characters at most
 * @param parent the entity it is a part of; none for the top of a tree
 */
public record Entity(EntityCode code, String name, Optional<EntityCode> parent) {
    public Entity {
        name = Written.name(name, Written.LABEL_MAX);
    }
}
