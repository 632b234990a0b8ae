package tg.gouv.messagerie.directory.ldap;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.api.ldap.model.schema.SchemaManager;

/** What the schema says of the attributes that the tables have, by the names they have there; asked once. */
final class Kinds {
    private final SchemaManager schema;

    /** Only names of the schema are kept, so it does not grow. */
    private final Map<String, Kind> known = new ConcurrentHashMap<>();

    Kinds(SchemaManager schema) {
        this.schema = schema;
    }

    /**
     * An attribute.
     *
     * @param id its name as it is sent
     * @param text whether its values are text
     * @param name whether they are distinguished names
     */
    record Kind(AttributeType type, String id, boolean text, boolean name) {}

    /** The attribute of this name; empty if the schema has none. */
    Optional<Kind> of(String name) {
        Kind kind = known.get(name);
        if (kind != null) {
            return Optional.of(kind);
        }
        AttributeType type = schema.getAttributeType(name);
        if (type == null) {
            return Optional.empty();
        }
        boolean text = type.getSyntax() == null || type.getSyntax().isHumanReadable();
        Kind made = new Kind(type, name, text, FilterPlan.isName(type));
        known.put(name, made);
        return Optional.of(made);
    }
}
