package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import tg.gouv.messagerie.directory.personal.PersonalFiles;

/**
 * What an operation answers.
 *
 * @param body absent with 204
 * @param archive in the place of a body
 * @param tag the entity tag of what the body shows (RFC 9110 section 8.8.3)
 */
record Answer(int status, Optional<JsonNode> body, Optional<String> tag, Optional<PersonalFiles.Content> archive) {
    Answer(int status, Optional<JsonNode> body, Optional<String> tag) {
        this(status, body, tag, Optional.empty());
    }

    /** A ZIP file, which is written while it is sent. */
    static Answer archive(PersonalFiles.Content archive) {
        return new Answer(200, Optional.empty(), Optional.empty(), Optional.of(archive));
    }

    static Answer of(JsonNode body) {
        return new Answer(200, Optional.of(body), Optional.empty());
    }

    static Answer made(JsonNode body) {
        return new Answer(201, Optional.of(body), Optional.empty());
    }

    /** A thing with its tag. */
    static Answer tagged(JsonNode body) {
        return new Answer(200, Optional.of(body), Optional.of(Tag.of(body)));
    }

    static Answer nothing() {
        return new Answer(204, Optional.empty(), Optional.empty());
    }
}
