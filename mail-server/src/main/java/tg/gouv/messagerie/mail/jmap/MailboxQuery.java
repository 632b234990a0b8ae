package tg.gouv.messagerie.mail.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Mailbox/query (RFC 8621 section 2.3) over what Mailbox/get tells; James 3.8.1 knows the filter role alone. */
final class MailboxQuery {
    private static final Set<String> CONDITIONS = Set.of("parentId", "name", "role", "hasAnyRole", "isSubscribed");
    private static final int DEPTH_MAX = 20;

    private final JsonNode request;

    MailboxQuery(JsonNode request) {
        this.request = request;
    }

    /** What the client asked for that cannot be done. */
    static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String type;

        Unsupported(String type, String message) {
            super(message);
            this.type = type;
        }

        String type() {
            return type;
        }
    }

    /** The arguments of Mailbox/get that tell what is needed. */
    static ObjectNode needed(JsonNode request) {
        ObjectNode get = JmapCall.object();
        get.set("accountId", request.path("accountId"));
        get.putNull("ids");
        ArrayNode properties = get.putArray("properties");
        List.of("id", "name", "parentId", "role", "sortOrder", "isSubscribed").forEach(properties::add);
        return get;
    }

    /**
     * The answer.
     *
     * @param mailboxes as Mailbox/get lists them
     * @throws Unsupported if the filter or the sort cannot be done
     */
    ObjectNode answer(JsonNode mailboxes) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode mailbox : mailboxes) {
            if (matches(request.path("filter"), mailbox, 0)) {
                found.add(mailbox);
            }
        }
        found.sort(order());
        if (request.path("sortAsTree").asBoolean()) {
            found = asTree(found);
        }
        List<String> ids = found.stream().map(each -> each.path("id").asText()).toList();
        int from = from(ids);
        long limit =
                request.path("limit").isIntegralNumber() ? request.path("limit").asLong() : Integer.MAX_VALUE;
        if (limit < 0) {
            throw new Unsupported("invalidArguments", "limit must not be negative");
        }
        ObjectNode answer = JmapCall.object();
        answer.set("accountId", request.path("accountId"));
        answer.put("queryState", state(ids));
        answer.put("canCalculateChanges", false);
        answer.put("position", from);
        ArrayNode list = answer.putArray("ids");
        ids.stream().skip(from).limit(limit).forEach(list::add);
        if (request.path("calculateTotal").asBoolean()) {
            answer.put("total", ids.size());
        }
        return answer;
    }

    /** RFC 8620 section 5.5: by anchor, or by position, which counts from the end when negative. */
    private int from(List<String> ids) {
        if (request.path("anchor").isTextual()) {
            int anchor = ids.indexOf(request.path("anchor").asText());
            if (anchor < 0) {
                throw new Unsupported("anchorNotFound", "The anchor is not among the results");
            }
            return Math.clamp(anchor + request.path("anchorOffset").asLong(), 0, ids.size());
        }
        long position = request.path("position").asLong();
        return Math.clamp(position < 0 ? position + ids.size() : position, 0, ids.size());
    }

    private static String state(List<String> ids) {
        return UUID.nameUUIDFromBytes(String.join(",", ids).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static boolean matches(JsonNode filter, JsonNode mailbox, int depth) {
        if (filter.isNull() || filter.isMissingNode()) {
            return true;
        }
        if (depth > DEPTH_MAX) {
            throw new Unsupported("unsupportedFilter", "The filter is nested too deeply");
        }
        if (filter.has("operator")) {
            List<Boolean> each = new ArrayList<>();
            filter.path("conditions").forEach(condition -> each.add(matches(condition, mailbox, depth + 1)));
            return switch (filter.path("operator").asText()) {
                case "AND" -> !each.contains(false);
                case "OR" -> each.contains(true);
                case "NOT" -> !each.contains(true);
                default -> throw new Unsupported("unsupportedFilter", "AND, OR and NOT are known");
            };
        }
        for (Iterator<String> names = filter.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!CONDITIONS.contains(name)) {
                throw new Unsupported("unsupportedFilter", "The condition " + name + " is not known");
            }
            if (!holds(name, filter.path(name), mailbox)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(String condition, JsonNode value, JsonNode mailbox) {
        return switch (condition) {
            case "name" -> folded(mailbox.path("name").asText()).contains(folded(value.asText()));
            case "hasAnyRole" -> mailbox.path("role").isTextual() == value.asBoolean();
            case "isSubscribed" -> mailbox.path("isSubscribed").asBoolean() == value.asBoolean();
            default ->
                value.isNull()
                        ? !mailbox.path(condition).isTextual()
                        : value.asText().equals(mailbox.path(condition).asText(null));
        };
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private Comparator<JsonNode> order() {
        Comparator<JsonNode> order = Comparator.comparingInt(_ -> 0);
        for (JsonNode each : request.path("sort")) {
            Comparator<JsonNode> by = switch (each.path("property").asText()) {
                case "name" ->
                    Comparator.comparing(mailbox -> folded(mailbox.path("name").asText()));
                case "sortOrder" ->
                    Comparator.comparingLong(
                            mailbox -> mailbox.path("sortOrder").asLong());
                case "parentId" ->
                    Comparator.comparing(mailbox -> mailbox.path("parentId").asText(""));
                default -> throw new Unsupported("unsupportedSort", "name, sortOrder and parentId are known");
            };
            order = order.thenComparing(each.path("isAscending").asBoolean(true) ? by : by.reversed());
        }
        return order;
    }

    /** Parents before their children; a mailbox whose parent was not found stands at the top. */
    private static List<JsonNode> asTree(List<JsonNode> found) {
        Map<String, List<JsonNode>> children = new HashMap<>();
        Set<String> ids = new java.util.HashSet<>();
        found.forEach(each -> ids.add(each.path("id").asText()));
        for (JsonNode each : found) {
            String parent = each.path("parentId").asText("");
            children.computeIfAbsent(ids.contains(parent) ? parent : "", _ -> new ArrayList<>())
                    .add(each);
        }
        List<JsonNode> tree = new ArrayList<>();
        descend("", children, tree);
        return tree;
    }

    private static void descend(String parent, Map<String, List<JsonNode>> children, List<JsonNode> tree) {
        for (JsonNode child : children.getOrDefault(parent, List.of())) {
            tree.add(child);
            descend(child.path("id").asText(), children, tree);
        }
    }
}
