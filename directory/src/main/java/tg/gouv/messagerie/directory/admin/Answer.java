package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import tg.gouv.messagerie.directory.personal.PersonalFiles;
import tg.gouv.messagerie.platform.audit.Circumstances;

/**
 * What an operation answers.
 *
 * @param body absent with 204
 * @param tag the entity tag of what the body shows (RFC 9110 section 8.8.3)
 * @param file in the place of a body
 */
record Answer(int status, Optional<JsonNode> body, Optional<String> tag, Optional<File> file) {
    /**
     * A file that is written while it is sent.
     *
     * @param disposition what the client does with it (RFC 6266)
     */
    record File(String type, String disposition, Octets octets) {}

    /** What is in a file. */
    @FunctionalInterface
    interface Octets {
        /** Writes it; the stream stays the caller's to close. */
        void write(OutputStream to) throws IOException;
    }

    Answer(int status, Optional<JsonNode> body, Optional<String> tag) {
        this(status, body, tag, Optional.empty());
    }

    /** A ZIP file. */
    static Answer archive(PersonalFiles.Content archive) {
        return file(new File(Operation.ZIP, "attachment; filename=\"mes-donnees.zip\"", archive::write));
    }

    /** A file of CSV, told line by line. */
    static Answer csv(Consumer<Consumer<String>> lines) {
        return file(new File(Operation.CSV + "; charset=utf-8", "attachment", to -> {
            Writer out = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
            lines.accept(line -> {
                try {
                    out.write(line);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            out.flush();
        }));
    }

    private static Answer file(File file) {
        return new Answer(200, Optional.empty(), Optional.empty(), Optional.of(file));
    }

    /** What is begun, and goes on. */
    static Answer begun(JsonNode body) {
        return new Answer(202, Optional.of(body), Optional.empty());
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

    /** A file is read when it is written, as who asked for it. */
    Answer within(Circumstances asked) {
        return new Answer(
                status,
                body,
                tag,
                file.map(it -> new File(
                        it.type(),
                        it.disposition(),
                        to -> asked.run(() -> {
                            try {
                                it.octets().write(to);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        }))));
    }
}
