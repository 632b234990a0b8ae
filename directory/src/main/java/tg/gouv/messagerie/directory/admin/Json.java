package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON (RFC 8259) as this door reads and writes it: bounded, each name once. */
final class Json {
    private static final ObjectMapper MAPPER = mapper();

    private Json() {}

    private static ObjectMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(20)
                        .maxStringLength(10_000)
                        .build());
        return mapper;
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads what {@link #bytes} wrote. */
    static JsonNode read(String written) {
        try {
            return MAPPER.readTree(written);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads an object.
     *
     * @throws Problem 400, with line and column, if it is not one
     */
    static Body body(String text) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return new Body(object);
            }
            throw new Problem(400, "not-an-object");
        } catch (JsonProcessingException e) {
            throw new Problem(
                    400,
                    "not-json",
                    String.valueOf(e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
                    String.valueOf(e.getLocation() == null ? 1 : e.getLocation().getColumnNr()));
        }
    }
}
