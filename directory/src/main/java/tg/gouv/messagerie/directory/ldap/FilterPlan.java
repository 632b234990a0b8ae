package tg.gouv.messagerie.directory.ldap;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.directory.api.ldap.model.entry.Value;
import org.apache.directory.api.ldap.model.exception.LdapException;
import org.apache.directory.api.ldap.model.filter.AndNode;
import org.apache.directory.api.ldap.model.filter.ApproximateNode;
import org.apache.directory.api.ldap.model.filter.BranchNode;
import org.apache.directory.api.ldap.model.filter.EqualityNode;
import org.apache.directory.api.ldap.model.filter.ExprNode;
import org.apache.directory.api.ldap.model.filter.ExtensibleNode;
import org.apache.directory.api.ldap.model.filter.GreaterEqNode;
import org.apache.directory.api.ldap.model.filter.LeafNode;
import org.apache.directory.api.ldap.model.filter.LessEqNode;
import org.apache.directory.api.ldap.model.filter.NotNode;
import org.apache.directory.api.ldap.model.filter.OrNode;
import org.apache.directory.api.ldap.model.filter.PresenceNode;
import org.apache.directory.api.ldap.model.filter.SimpleNode;
import org.apache.directory.api.ldap.model.filter.SubstringNode;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.api.ldap.model.schema.SchemaManager;
import org.jspecify.annotations.Nullable;

/*
 * A filter is two things: SQL that yields every entry that may match, from the leaves that the index knows, and the exact test, in
 * Java, of RFC 4511 section 4.5.1.7. The SQL of a conjunction is that of its best leaf: others would be read for nothing.
 */
/** What a filter asks for. */
final class FilterPlan {
    private static final int LEAVES_MAX = 500;
    private static final int DEPTH_MAX = 50;

    /** Shorter parts of names are in too many of them; a trigram has three letters. */
    private static final int PART_MIN = 3;

    private final SchemaManager schema;
    private final Base base;
    private final Set<String> indexed;
    private final Sight sight;
    private final ExprNode filter;
    private final Optional<Candidates> candidates;
    private int leaves;

    /**
     * A plan.
     *
     * @param indexed the attributes that the index knows, in lower case
     * @param sight of who searches
     * @throws Refusal if the filter is too large
     */
    FilterPlan(ExprNode filter, SchemaManager schema, Base base, Set<String> indexed, Sight sight) throws Refusal {
        this.schema = schema;
        this.base = base;
        this.indexed = indexed;
        this.sight = sight;
        this.filter = filter;
        bound(filter, 0);
        this.candidates = candidates(filter);
    }

    /** A query of ids, {@code entry_id}, among which is every entry that matches; empty if nothing narrows the search. */
    Optional<Candidates> candidates() {
        return candidates;
    }

    /** Whether an entry matches. */
    boolean accepts(Row row) {
        return test(filter, row) == Truth.TRUE;
    }

    /**
     * A query of ids.
     *
     * @param cost how much it reads, roughly: to choose among others
     */
    record Candidates(String sql, List<Object> parameters, int cost) {
        private static final Candidates NONE =
                new Candidates("select null::bigint as entry_id where false", List.of(), 0);
    }

    private enum Truth {
        TRUE,
        FALSE,
        UNDEFINED;

        static Truth of(boolean holds) {
            return holds ? TRUE : FALSE;
        }
    }

    private void bound(ExprNode node, int depth) throws Refusal {
        if (depth > DEPTH_MAX || ++leaves > LEAVES_MAX) {
            throw new Refusal(
                    ResultCodeEnum.ADMIN_LIMIT_EXCEEDED, "the filter is too large: " + LEAVES_MAX + " parts at most");
        }
        if (node instanceof BranchNode branch) {
            for (ExprNode child : branch.getChildren()) {
                bound(child, depth + 1);
            }
        }
    }

    private Optional<Candidates> candidates(ExprNode node) {
        return switch (node) {
            case AndNode and ->
                and.getChildren().stream()
                        .map(this::candidates)
                        .flatMap(Optional::stream)
                        .min(Comparator.comparingInt(Candidates::cost));
            case OrNode or -> either(or);
            case EqualityNode<?> equal -> leaf(equal, equal.getValue(), "value = ?", 1);
            case ApproximateNode<?> like -> near(like);
            case SubstringNode part -> substring(part);
            case ExtensibleNode extended -> leaf(extended, extended.getValue(), "value = ?", 1);
            default -> Optional.empty();
        };
    }

    private Optional<Candidates> either(OrNode or) {
        List<String> parts = new ArrayList<>();
        List<Object> parameters = new ArrayList<>();
        int cost = 0;
        for (ExprNode child : or.getChildren()) {
            Optional<Candidates> found = candidates(child);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            if (!found.get().equals(Candidates.NONE)) {
                parts.add(found.get().sql());
                parameters.addAll(found.get().parameters());
                cost += found.get().cost();
            }
        }
        return Optional.of(
                parts.isEmpty()
                        ? Candidates.NONE
                        : new Candidates("(" + String.join(") union all (", parts) + ")", parameters, cost));
    }

    private Optional<Candidates> leaf(LeafNode node, @Nullable Value value, String test, int cost) {
        AttributeType type = type(node);
        if (type == null || !sight.isSearchedSomewhere(type.getName())) {
            return Optional.of(Candidates.NONE); // Undefined: it matches nothing
        }
        String name = type.getName().toLowerCase(Locale.ROOT);
        if (!indexed.contains(name) || value == null || value.getString() == null) {
            return Optional.empty();
        }
        String normal = Folded.indexed(normal(type, value.getString()));
        return normal.isEmpty()
                ? Optional.empty()
                : Optional.of(new Candidates(
                        "select entry_id from ldap_index where attr = ? and " + test, List.of(name, normal), cost));
    }

    /** About such a value: one that has it in it, whatever the accents. */
    private Optional<Candidates> near(ApproximateNode<?> node) {
        String value =
                node.getValue() == null ? "" : String.valueOf(node.getValue().getString());
        return value.length() < PART_MIN
                ? leaf(node, node.getValue(), "value = ?", 1)
                : substring(new SubstringNode(List.of(value), node.getAttribute(), null, null));
    }

    private Optional<Candidates> substring(SubstringNode part) {
        AttributeType type = type(part);
        if (type == null || !sight.isSearchedSomewhere(type.getName())) {
            return Optional.of(Candidates.NONE);
        }
        String name = type.getName().toLowerCase(Locale.ROOT);
        if (!indexed.contains(name) || isName(type)) {
            return Optional.empty();
        }
        List<String> parts = parts(part, type);
        String initial = parts.getFirst();
        boolean onlyInitial = parts.stream().skip(1).allMatch(String::isEmpty);
        if (initial.length() >= 2
                && onlyInitial) { // a range of the primary key; LIKE is none once it is planned generically
            return Optional.of(new Candidates(
                    "select entry_id from ldap_index where attr = ? and value >= ? and value < ?",
                    List.of(name, initial, initial + '\uffff'),
                    10));
        }
        if (parts.stream().allMatch(each -> each.strip().length() < PART_MIN)) {
            return Optional.empty();
        }
        StringBuilder like = new StringBuilder(escaped(initial)).append('%');
        for (int i = 1; i < parts.size() - 1; i++) {
            like.append(escaped(parts.get(i))).append('%');
        }
        like.append(escaped(parts.getLast()));
        if (!parts.getLast().isEmpty()) {
            like.append('%'); // what the index has of a value may be its head
        }
        return Optional.of(new Candidates(
                "select entry_id from ldap_index where attr = ? and value like ?",
                List.of(name, like.toString()),
                100));
    }

    /** The initial part, those in between, the final part; empty ones are absent. */
    private List<String> parts(SubstringNode node, AttributeType type) {
        List<String> parts = new ArrayList<>();
        parts.add(
                node.getInitial() == null
                        ? ""
                        : Folded.part(normal(type, node.getInitial())).stripLeading());
        if (node.getAny() != null) {
            node.getAny().forEach(any -> parts.add(Folded.part(normal(type, any))));
        }
        parts.add(
                node.getFinal() == null
                        ? ""
                        : Folded.part(normal(type, node.getFinal())).stripTrailing());
        return parts;
    }

    private static String escaped(String part) {
        return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    private Truth test(ExprNode node, Row row) {
        return switch (node) {
            case AndNode and -> {
                Truth all = Truth.TRUE;
                for (ExprNode child : and.getChildren()) {
                    Truth one = test(child, row);
                    if (one == Truth.FALSE) {
                        yield Truth.FALSE;
                    }
                    all = one == Truth.UNDEFINED ? one : all;
                }
                yield all;
            }
            case OrNode or -> {
                Truth any = Truth.FALSE;
                for (ExprNode child : or.getChildren()) {
                    Truth one = test(child, row);
                    if (one == Truth.TRUE) {
                        yield Truth.TRUE;
                    }
                    any = one == Truth.UNDEFINED ? one : any;
                }
                yield any;
            }
            case NotNode not ->
                switch (test(not.getFirstChild(), row)) {
                    case TRUE -> Truth.FALSE;
                    case FALSE -> Truth.TRUE;
                    case UNDEFINED -> Truth.UNDEFINED;
                };
            case ExtensibleNode extended -> extensible(extended, row);
            case LeafNode leaf -> leaf(leaf, row);
            default -> Truth.UNDEFINED;
        };
    }

    private Truth leaf(LeafNode leaf, Row row) {
        AttributeType type = type(leaf);
        if (type == null || !sight.isSearched(type.getName(), row)) {
            return Truth.UNDEFINED;
        }
        if (leaf instanceof PresenceNode) {
            return Truth.of(isObjectClass(type) || !values(type, row).isEmpty());
        }
        if (leaf instanceof SubstringNode part) {
            List<String> parts = parts(part, type);
            return Truth.of(values(type, row).stream().anyMatch(value -> holds(parts, Folded.of(normal(type, value)))));
        }
        if (!(leaf instanceof SimpleNode<?> simple) || simple.getValue() == null) {
            return Truth.UNDEFINED;
        }
        String asked = asked(type, simple.getValue());
        if (leaf instanceof ApproximateNode<?> && asked.length() >= PART_MIN && !isName(type)) {
            String part = Folded.of(normal(type, asked));
            return Truth.of(values(type, row).stream()
                    .anyMatch(value -> Folded.of(normal(type, value)).contains(part)));
        }
        return Truth.of(values(type, row).stream().anyMatch(value -> switch (leaf) {
            case GreaterEqNode<?> _ -> compare(type, value, asked) >= 0;
            case LessEqNode<?> _ -> compare(type, value, asked) <= 0;
            default -> compare(type, value, asked) == 0;
        }));
    }

    /** Only {@code attribute:=value} and a rule that is the attribute's own. */
    private Truth extensible(ExtensibleNode node, Row row) {
        AttributeType type = node.getAttribute() == null ? null : type(node);
        boolean plain = node.getMatchingRuleId() == null
                || (type != null
                        && type.getEquality() != null
                        && type.getEquality().getNames().contains(node.getMatchingRuleId()));
        if (type == null || !plain || node.getValue() == null || !sight.isSearched(type.getName(), row)) {
            return Truth.UNDEFINED;
        }
        String asked = asked(type, node.getValue());
        return Truth.of(values(type, row).stream().anyMatch(value -> compare(type, value, asked) == 0));
    }

    private static String asked(AttributeType type, Value value) {
        boolean text = type.getSyntax() == null || type.getSyntax().isHumanReadable();
        if (!text) {
            return Base64.getEncoder().encodeToString(value.getBytes());
        }
        return value.getString() == null ? "" : value.getString();
    }

    private int compare(AttributeType type, String value, String asked) {
        if (type.getSyntax() != null && !type.getSyntax().isHumanReadable()) {
            return value.compareTo(asked);
        }
        if (isNumber(type)) {
            try {
                return new BigInteger(value.strip()).compareTo(new BigInteger(asked.strip()));
            } catch (NumberFormatException e) {
                return -1;
            }
        }
        boolean exact =
                type.getEquality() != null && type.getEquality().getName().startsWith("caseExact");
        return exact
                ? value.strip().compareTo(asked.strip())
                : Folded.of(normal(type, value)).compareTo(Folded.of(normal(type, asked)));
    }

    private static boolean holds(List<String> parts, String value) {
        if (!value.startsWith(parts.getFirst())) {
            return false;
        }
        int from = parts.getFirst().length();
        for (String any : parts.subList(1, parts.size() - 1)) {
            int at = value.indexOf(any, from);
            if (at < 0) {
                return false;
            }
            from = at + any.length();
        }
        String end = parts.getLast();
        return value.length() - end.length() >= from && value.endsWith(end);
    }

    private List<String> values(AttributeType type, Row row) {
        if (type.getName().equalsIgnoreCase("entryUUID")) {
            return List.of(row.uuid().toString());
        }
        if (type.getName().equalsIgnoreCase("entryDN")) {
            return List.of(base.absolute(row.dn()));
        }
        if (type.getName().equalsIgnoreCase("createTimestamp")) {
            return List.of(SearchHandler.time(row.created()));
        }
        if (type.getName().equalsIgnoreCase("modifyTimestamp")) {
            return List.of(SearchHandler.time(row.changed()));
        }
        if (!hasSubtypes(type)) {
            return row.values(type.getName());
        }
        List<String> all = new ArrayList<>();
        row.attributes().forEach((name, values) -> {
            AttributeType known = schema.getAttributeType(name);
            if (known != null
                    && (known.equals(type) || type.isAncestorOf(known))
                    && sight.isSearched(known.getName(), row)) {
                all.addAll(values);
            }
        });
        return all;
    }

    private String normal(AttributeType type, String value) {
        if (isName(type)) {
            return value.startsWith("/") ? value : base.kept(value);
        }
        return type.getName().equals("telephoneNumber") ? value.replaceAll("[ .()-]", "") : value;
    }

    private @Nullable AttributeType type(LeafNode node) {
        if (node.getAttributeType() != null) {
            return node.getAttributeType();
        }
        return node.getAttribute() == null ? null : schema.getAttributeType(node.getAttribute());
    }

    private boolean hasSubtypes(AttributeType type) {
        try {
            return schema.getAttributeTypeRegistry().hasDescendants(type);
        } catch (LdapException e) {
            return false;
        }
    }

    /** Whether values are distinguished names. */
    static boolean isName(AttributeType type) {
        return "1.3.6.1.4.1.1466.115.121.1.12".equals(type.getSyntaxOid());
    }

    private static boolean isNumber(AttributeType type) {
        return "1.3.6.1.4.1.1466.115.121.1.27".equals(type.getSyntaxOid());
    }

    private static boolean isObjectClass(AttributeType type) {
        return type.getName().equalsIgnoreCase("objectClass");
    }
}
