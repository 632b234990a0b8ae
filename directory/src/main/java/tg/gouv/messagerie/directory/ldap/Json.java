package tg.gouv.messagerie.directory.ldap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of entries in PostgreSQL: an object of arrays of strings, values by attribute. */
final class Json {
    private static final TypeReference<LinkedHashMap<String, List<String>>> ENTRY = new TypeReference<>() {};
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ObjectReader READER = MAPPER.readerFor(ENTRY);
    private static final ObjectWriter WRITER = MAPPER.writerFor(ENTRY);

    private Json() {}

    static Map<String, List<String>> read(String text) {
        try {
            return READER.readValue(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an entry is not as it was written", e);
        }
    }

    static String write(Map<String, List<String>> attributes) {
        try {
            return WRITER.writeValueAsString(new LinkedHashMap<>(attributes));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
