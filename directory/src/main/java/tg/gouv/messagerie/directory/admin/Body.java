package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request's JSON object, read member by member; what was not read is not known. */
final class Body {
    private final ObjectNode object;
    private final Set<String> read = new HashSet<>();

    Body(ObjectNode object) {
        this.object = object;
    }

    /** A member that must be there. */
    <T> T of(String name, Function<String, T> type) {
        return optional(name, type).orElseThrow(() -> new Problem(400, "member-missing", name));
    }

    /** A member that may be absent or null. */
    <T> Optional<T> optional(String name, Function<String, T> type) {
        JsonNode member = member(name);
        if (member == null) {
            return Optional.empty();
        }
        if (!member.isTextual()) {
            throw new Problem(400, "member-not-text", name);
        }
        try {
            return Optional.of(type.apply(member.textValue()));
        } catch (IllegalArgumentException _) {
            throw new Problem(422, "member-malformed", name);
        }
    }

    /** An array of texts that must be there. */
    <T> List<T> list(String name, Function<String, T> type) {
        JsonNode member = member(name);
        if (member == null || !member.isArray()) {
            throw new Problem(400, "member-not-array", name);
        }
        List<T> all = new ArrayList<>();
        for (JsonNode each : member) {
            if (!each.isTextual()) {
                throw new Problem(400, "member-not-text", name);
            }
            try {
                all.add(type.apply(each.textValue()));
            } catch (IllegalArgumentException _) {
                throw new Problem(422, "member-malformed", name);
            }
        }
        return all;
    }

    /** A whole number of 0 or more, if it is there. */
    OptionalInt number(String name) {
        JsonNode member = member(name);
        if (member == null) {
            return OptionalInt.empty();
        }
        if (!member.isInt() || member.intValue() < 0) {
            throw new Problem(400, "member-not-number", name);
        }
        return OptionalInt.of(member.intValue());
    }

    /** A moment of RFC 3339, if it is there. */
    Optional<Instant> moment(String name) {
        return optional(name, text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    /** Nothing else is in the object. */
    void end() {
        object.fieldNames().forEachRemaining(name -> {
            if (!read.contains(name)) {
                throw new Problem(400, "member-unknown", name.length() > 64 ? name.substring(0, 64) : name);
            }
        });
    }

    private @Nullable JsonNode member(String name) {
        read.add(name);
        JsonNode member = object.get(name);
        return member == null || member.isNull() ? null : member;
    }
}
