package tg.gouv.messagerie.directory.ldap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.directory.api.ldap.model.exception.LdapException;
import org.apache.directory.api.ldap.model.message.SearchRequest;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.api.ldap.model.schema.ObjectClass;
import org.apache.directory.api.ldap.model.schema.SchemaManager;

/**
 * Which attributes a search asks for (RFC 4511 section 4.5.1.8).
 *
 * @param everyUser whether all that are no operational ones
 * @param everyOperational whether all operational ones (RFC 3673)
 * @param names others, in lower case, with all names of those that the schema knows
 * @param types those of them that the schema knows: what is derived from one is asked for with it
 */
record Wanted(
        boolean everyUser, boolean everyOperational, Set<String> names, List<AttributeType> types, boolean typesOnly) {
    static Wanted of(SearchRequest request, SchemaManager schema) {
        List<String> asked = new ArrayList<>();
        for (String each : request.getAttributes()) {
            if (each.startsWith("@")) { // RFC 4529: whatever the class may have
                asked.addAll(ofClass(schema, each.substring(1)));
            } else {
                asked.add(each);
            }
        }
        Set<String> names = new HashSet<>();
        List<AttributeType> types = asked.stream()
                .map(each -> schema.getAttributeType(each))
                .filter(java.util.Objects::nonNull)
                .distinct()
                .toList();
        asked.forEach(each -> names.add(each.toLowerCase(Locale.ROOT)));
        types.forEach(type -> type.getNames().forEach(each -> names.add(each.toLowerCase(Locale.ROOT))));
        return new Wanted(
                request.getAttributes().isEmpty() || asked.contains("*"),
                asked.contains("+"),
                names,
                types,
                request.getTypesOnly());
    }

    private static List<String> ofClass(SchemaManager schema, String name) {
        List<String> attributes = new ArrayList<>();
        try {
            Deque<ObjectClass> classes = new ArrayDeque<>(List.of(schema.lookupObjectClassRegistry(name)));
            while (!classes.isEmpty()) {
                ObjectClass each = classes.remove();
                each.getMustAttributeTypes().forEach(type -> attributes.add(type.getName()));
                each.getMayAttributeTypes().forEach(type -> attributes.add(type.getName()));
                classes.addAll(each.getSuperiors());
            }
        } catch (LdapException e) {
            return List.of(); // a class that is not known has no attributes
        }
        return attributes;
    }

    /** Whether an attribute that is no operational one is asked for. */
    boolean user(AttributeType type) {
        return everyUser
                || names.contains(type.getName().toLowerCase(Locale.ROOT))
                || types.stream().anyMatch(each -> each.isAncestorOf(type));
    }

    /** Whether an operational attribute is. */
    boolean operational(String name) {
        return everyOperational || named(name);
    }

    /** Whether an attribute is asked for by name. */
    boolean named(String name) {
        return names.contains(name.toLowerCase(Locale.ROOT));
    }
}
