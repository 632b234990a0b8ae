package tg.gouv.messagerie.directory.ldap;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.directory.api.ldap.model.exception.LdapInvalidDnException;
import org.apache.directory.api.ldap.model.name.Ava;
import org.apache.directory.api.ldap.model.name.Dn;
import org.apache.directory.api.ldap.model.name.Rdn;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.api.ldap.model.schema.SchemaManager;

/**
 * The name below which every entry is. The tables know names without it: as a path (normalised RDNs, the root's first, each closed by
 * U+0001), as text, and inside values as text after a {@code /}.
 */
record Base(SchemaManager schema, Dn dn) {
    private static final char CLOSED = '\u0001';
    private static final String BELOW = "/";

    /** The base of this name, such as {@code dc=gouv,dc=tg}. */
    static Base of(SchemaManager schema, String name) {
        try {
            return new Base(schema, new Dn(schema, name));
        } catch (LdapInvalidDnException e) {
            throw new IllegalStateException("ldap.base " + name, e);
        }
    }

    /** The base of a domain: {@code gouv.tg} is {@code dc=gouv,dc=tg} (RFC 2247). */
    static String ofDomain(String domain) {
        return "dc=" + domain.replace(".", ",dc=");
    }

    /** What the entry of the base shows. */
    Map<String, List<String>> attributes() {
        Ava ava = dn.getRdn().getAva();
        String value = ava.getValue().getString();
        return switch (type(ava)) {
            case "dc" -> Map.of("objectClass", List.of("top", "domain"), "dc", List.of(value));
            case "o" -> Map.of("objectClass", List.of("top", "organization"), "o", List.of(value));
            case "ou" -> Map.of("objectClass", List.of("top", "organizationalUnit"), "ou", List.of(value));
            default -> Map.of("objectClass", List.of("top", "extensibleObject"), ava.getType(), List.of(value));
        };
    }

    /** The path of a name, if it is the base or below it. */
    Optional<String> path(Dn name) {
        Dn known = aware(name);
        if (!known.equals(dn) && !known.isDescendantOf(dn)) {
            return Optional.empty();
        }
        StringBuilder path = new StringBuilder();
        for (int i = known.size() - dn.size() - 1; i >= 0; i--) {
            path.append(rdn(known.getRdn(i), false)).append(CLOSED);
        }
        return Optional.of(path.toString());
    }

    /** The name as text without the base; the name is the base or below it. */
    String relative(Dn name) {
        return text(aware(name), aware(name).size() - dn.size(), false);
    }

    /** What comes right after every path below this one. */
    static String above(String path) {
        return path.substring(0, path.length() - 1) + (char) (CLOSED + 1);
    }

    /** A row's name, with the base. */
    String absolute(String relative) {
        return relative.isEmpty() ? dn.getName() : relative + "," + dn.getName();
    }

    /** A name inside a value, as it is shown. */
    String shown(String kept) {
        return kept.startsWith(BELOW) ? absolute(kept.substring(1)) : kept;
    }

    /** A name inside a value, as it is kept and compared; what is no name is kept as it is. */
    String kept(String shown) {
        try {
            Dn name = new Dn(schema, shown);
            boolean below = name.equals(dn) || name.isDescendantOf(dn);
            return below ? BELOW + text(name, name.size() - dn.size(), true) : text(name, name.size(), true);
        } catch (LdapInvalidDnException e) {
            return shown;
        }
    }

    private Dn aware(Dn name) {
        try {
            return name.isSchemaAware() ? name : new Dn(schema, name);
        } catch (LdapInvalidDnException e) {
            return name; // a type that the schema does not know
        }
    }

    private String text(Dn name, int count, boolean normal) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i > 0 ? "," : "");
            text.append(normal ? rdn(name.getRdn(i), true) : name.getRdn(i).getName());
        }
        return text.toString();
    }

    private String rdn(Rdn rdn, boolean escaped) {
        TreeSet<String> parts = new TreeSet<>();
        for (Ava ava : rdn) {
            String value = ava.getValue().getString();
            String normal = (value == null ? "" : value)
                    .toLowerCase(Locale.ROOT)
                    .strip()
                    .replaceAll("\\s+", " ")
                    .replace(CLOSED, ' ');
            parts.add(type(ava) + "=" + (escaped ? Rdn.escapeValue(normal) : normal));
        }
        return String.join("+", parts);
    }

    private String type(Ava ava) {
        AttributeType type =
                ava.getAttributeType() != null ? ava.getAttributeType() : schema.getAttributeType(ava.getType());
        return (type == null ? ava.getType() : type.getName()).toLowerCase(Locale.ROOT);
    }
}
