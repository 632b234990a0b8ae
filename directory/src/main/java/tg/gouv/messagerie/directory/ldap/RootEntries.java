package tg.gouv.messagerie.directory.ldap;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.directory.api.ldap.model.entry.DefaultAttribute;
import org.apache.directory.api.ldap.model.entry.DefaultEntry;
import org.apache.directory.api.ldap.model.entry.Entry;
import org.apache.directory.api.ldap.model.exception.LdapException;
import org.apache.directory.api.ldap.model.message.controls.ManageDsaIT;
import org.apache.directory.api.ldap.model.message.controls.PagedResults;
import org.apache.directory.api.ldap.model.name.Dn;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.api.ldap.model.schema.LdapSyntax;
import org.apache.directory.api.ldap.model.schema.MatchingRule;
import org.apache.directory.api.ldap.model.schema.ObjectClass;
import org.apache.directory.api.ldap.model.schema.SchemaManager;
import org.apache.directory.api.ldap.model.schema.SchemaObject;
import org.apache.directory.api.ldap.model.schema.SchemaObjectRenderer;

/** The two entries that say what this server is: the root DSE and the subschema (RFC 4512 sections 4.2 and 5.1). */
final class RootEntries {
    /** The name of the subschema. */
    static final String SUBSCHEMA = "cn=schema";

    /** The controls that are obeyed when they are critical. */
    static final Set<String> CONTROLS = Set.of(PagedResults.OID, ManageDsaIT.OID);

    /** WhoAmI (RFC 4532), password modify (RFC 3062), StartTLS. */
    private static final List<String> EXTENSIONS =
            List.of("1.3.6.1.4.1.1466.20037", "1.3.6.1.4.1.4203.1.11.1", "1.3.6.1.4.1.4203.1.11.3");

    /** All operational attributes (RFC 3673), attributes by class (RFC 4529). */
    private static final List<String> FEATURES = List.of("1.3.6.1.4.1.4203.1.5.1", "1.3.6.1.4.1.4203.1.5.2");

    private final SchemaManager schema;
    private final Map<String, List<String>> root = new LinkedHashMap<>();
    private final Map<String, List<String>> definitions = new LinkedHashMap<>();

    RootEntries(SchemaManager schema, Base base) {
        this.schema = schema;
        root.put("namingContexts", List.of(base.dn().getName()));
        root.put("defaultNamingContext", List.of(base.dn().getName()));
        root.put("subschemaSubentry", List.of(SUBSCHEMA));
        root.put("supportedLDAPVersion", List.of("3"));
        root.put("supportedControl", List.copyOf(new TreeSet<>(CONTROLS)));
        root.put("supportedExtension", EXTENSIONS);
        root.put("supportedFeatures", FEATURES);
        root.put("vendorName", List.of("Messagerie"));
    }

    boolean isSubschema(Dn name) {
        return name.getName().replace(" ", "").equalsIgnoreCase(SUBSCHEMA);
    }

    /** The root DSE; mechanisms that carry a password are offered on an encrypted connection only. */
    Entry rootDse(Wanted wanted, boolean encrypted) throws LdapException {
        Entry entry = new DefaultEntry(Dn.ROOT_DSE);
        if (wanted.everyUser() || wanted.named("objectClass")) {
            put(entry, wanted, "objectClass", List.of("top", "extensibleObject"));
        }
        // Clients ask for no attribute or for "*" and want to know: slapd and ApacheDS answer "+" alone (RFC 4512
        // section 5.1).
        for (Map.Entry<String, List<String>> each : root.entrySet()) {
            if (wanted.operational(each.getKey())) {
                put(entry, wanted, each.getKey(), each.getValue());
            }
        }
        if (encrypted && wanted.operational("supportedSASLMechanisms")) {
            put(entry, wanted, "supportedSASLMechanisms", List.of("PLAIN"));
        }
        return entry;
    }

    /** Every definition of the schema. */
    Entry subschema(Wanted wanted) throws LdapException {
        Entry entry = new DefaultEntry(new Dn(SUBSCHEMA));
        if (wanted.everyUser() || wanted.named("objectClass")) {
            put(entry, wanted, "objectClass", List.of("top", "subentry", "subschema", "extensibleObject"));
        }
        if (wanted.everyUser() || wanted.named("cn")) {
            put(entry, wanted, "cn", List.of("schema"));
        }
        for (Map.Entry<String, List<String>> each : definitions().entrySet()) {
            if (wanted.operational(each.getKey())) {
                put(entry, wanted, each.getKey(), each.getValue());
            }
        }
        return entry;
    }

    private synchronized Map<String, List<String>> definitions() {
        if (definitions.isEmpty()) {
            definitions.put(
                    "attributeTypes", rendered(schema.getAttributeTypeRegistry().iterator()));
            definitions.put(
                    "objectClasses", rendered(schema.getObjectClassRegistry().iterator()));
            definitions.put(
                    "ldapSyntaxes", rendered(schema.getLdapSyntaxRegistry().iterator()));
            definitions.put(
                    "matchingRules", rendered(schema.getMatchingRuleRegistry().iterator()));
        }
        return definitions;
    }

    private static List<String> rendered(Iterator<? extends SchemaObject> objects) {
        List<String> all = new ArrayList<>();
        objects.forEachRemaining(each -> all.add(rendered(each)));
        return List.copyOf(all);
    }

    private static String rendered(SchemaObject object) {
        SchemaObjectRenderer renderer = SchemaObjectRenderer.SUBSCHEMA_SUBENTRY_RENDERER;
        return switch (object) {
            case AttributeType type -> renderer.render(type);
            case ObjectClass type -> renderer.render(type);
            case MatchingRule rule -> renderer.render(rule);
            case LdapSyntax syntax -> renderer.render(syntax);
            default -> throw new IllegalStateException(object.getName());
        };
    }

    private static void put(Entry entry, Wanted wanted, String name, List<String> values) throws LdapException {
        DefaultAttribute attribute = new DefaultAttribute(name);
        if (!wanted.typesOnly()) {
            for (String value : values) {
                attribute.add(value);
            }
        }
        entry.put(attribute);
    }
}
