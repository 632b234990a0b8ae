package tg.gouv.messagerie.deploy.command;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** What the running program answers to the command line, as one line of JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "answer")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ControlAnswer.Starting.class, name = "starting"),
    @JsonSubTypes.Type(value = ControlAnswer.Status.class, name = "status"),
    @JsonSubTypes.Type(value = ControlAnswer.Stopping.class, name = "stopping"),
    @JsonSubTypes.Type(value = ControlAnswer.Refused.class, name = "refused")
})
sealed interface ControlAnswer {
    /** A bound on what a client reads: far more than any answer. */
    int BYTES_MAX = 64 * 1024;

    /** The program is starting; ask again. */
    record Starting(long process) implements ControlAnswer {}

    /** How the program is. */
    record Status(ProgramStatus status) implements ControlAnswer {}

    /** The orderly end has begun; it is over when this process is gone. */
    record Stopping(long process) implements ControlAnswer {}

    /** The program does not do that for this user, or does not know the request. */
    record Refused(String reason) implements ControlAnswer {}

    /** The answer as its line, without the line's end. */
    default String toJson() {
        try {
            return Json.MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads an answer; what a newer program adds is ignored.
     *
     * @throws JsonProcessingException if it is not one of these
     */
    static ControlAnswer of(String line) throws JsonProcessingException {
        return Json.MAPPER.readValue(line, ControlAnswer.class);
    }

    /** Holds the mapper, which is costly to make. */
    final class Json {
        private static final JsonMapper MAPPER = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();

        private Json() {}
    }
}
