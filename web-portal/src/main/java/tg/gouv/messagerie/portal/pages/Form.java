package tg.gouv.messagerie.portal.pages;

import java.io.InputStream;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tg.gouv.messagerie.platform.settings.Secret;

/** What somebody filled in, or asked for behind the question mark of an address: texts by name. */
public final class Form implements AutoCloseable {
    /** Nothing. */
    static final Form EMPTY = new Form(Map.of(), Map.of(), () -> {});

    /** A field that is one line, such as a name; more than a person types. */
    private static final int LINE_MAX = 1_000;

    private final Map<String, List<String>> fields;
    private final Map<String, Upload> uploads;
    private final Runnable closing;

    Form(Map<String, List<String>> fields, Map<String, Upload> uploads, Runnable closing) {
        this.fields = Map.copyOf(fields);
        this.uploads = Map.copyOf(uploads);
        this.closing = closing;
    }

    /**
     * A file that came with a form; it is gone when the request is answered.
     *
     * @param name as the browser says it: of no meaning to us, and not to be trusted
     */
    public record Upload(String name, long sizeBytes, Supplier<InputStream> content) {}

    /** A file; absent if none was chosen. */
    public Optional<Upload> file(String name) {
        return Optional.ofNullable(uploads.get(name)).filter(it -> it.sizeBytes() > 0);
    }

    /** One line, without what typing adds around it; empty if the field is absent. */
    public String line(String name) {
        String text = text(name).strip();
        if (text.length() > LINE_MAX) {
            throw new PageRefused(422, "refused.long", String.valueOf(LINE_MAX));
        }
        return text;
    }

    /** As it came, lines included; empty if the field is absent. */
    public String text(String name) {
        List<String> values = fields.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    /** A secret, as it was typed. */
    public Secret secret(String name) {
        return new Secret(text(name));
    }

    /** A line that says something; absent if nothing was filled in. */
    public Optional<String> given(String name) {
        return Optional.of(line(name)).filter(it -> !it.isEmpty());
    }

    /**
     * A line as a value of a type.
     *
     * @param type throws {@link IllegalArgumentException} if the text is none
     * @throws PageRefused with the sentence {@code refused.field} if it is none
     */
    public <T> T of(String name, Function<String, T> type) {
        try {
            return type.apply(line(name));
        } catch (IllegalArgumentException | DateTimeException _) {
            throw new PageRefused(422, "refused.field", line(name));
        }
    }

    /** Every value of a field that may be ticked more than once. */
    public List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** The files go. */
    @Override
    public void close() {
        closing.run();
    }

    /** Whether a box was ticked, or a button of this name pressed. */
    public boolean has(String name) {
        return fields.containsKey(name);
    }
}
