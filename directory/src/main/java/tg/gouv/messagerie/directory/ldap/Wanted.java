package tg.gouv.messagerie.directory.ldap;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.directory.api.ldap.model.message.SearchRequest;
import org.apache.directory.api.ldap.model.schema.AttributeType;
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
        List<String> asked = request.getAttributes();
        Set<String> names = new HashSet<>();
        List<AttributeType> types = asked.stream()
                .map(each -> schema.getAttributeType(each))
                .filter(java.util.Objects::nonNull)
                .distinct()
                .toList();
        asked.forEach(each -> names.add(each.toLowerCase(Locale.ROOT)));
        types.forEach(type -> type.getNames().forEach(each -> names.add(each.toLowerCase(Locale.ROOT))));
        return new Wanted(
                asked.isEmpty() || asked.contains("*"), asked.contains("+"), names, types, request.getTypesOnly());
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
