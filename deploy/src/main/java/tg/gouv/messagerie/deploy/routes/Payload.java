package tg.gouv.messagerie.deploy.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import tg.gouv.messagerie.platform.outbox.Delivery;

/** The records that the outbox carries from an act to its route, as JSON; what a newer program adds is ignored. */
final class Payload {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Payload() {}

    static String write(Object content) {
        try {
            return MAPPER.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The record that a message carries.
     *
     * @throws IllegalArgumentException if it carries another; nothing of its content is told
     */
    static <T extends Record> T read(Delivery delivery, Class<T> type) {
        try {
            return MAPPER.readValue(delivery.payload(), type);
        } catch (JsonProcessingException _) {
            throw new IllegalArgumentException("the message is no " + type.getSimpleName());
        }
    }
}
