package tg.gouv.messagerie.portal.management.asking;

import java.util.List;
import java.util.Locale;

/**
 * A field of a form.
 *
 * @param hint a sentence, or nothing
 * @param choices where one chooses
 * @param values what is filled in
 * @param empty what choosing nothing is called; nothing: one must choose
 */
public record Question(
        Kind kind,
        String name,
        String label,
        String hint,
        List<Choice> choices,
        List<String> values,
        boolean required,
        String empty) {
    public Question {
        choices = List.copyOf(choices);
        values = List.copyOf(values);
    }

    /** How it is answered. */
    public enum Kind {
        TEXT,
        EMAIL,
        NUMBER,
        DATE,
        /** Several lines. */
        LINES,
        /** One of many. */
        LIST,
        /** One of few. */
        RADIOS,
        /** Any of few. */
        BOXES,
        HIDDEN;

        /** The type of its input. */
        public String type() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is filled in, as one line. */
    public String value() {
        return values.isEmpty() ? "" : values.getFirst();
    }
}
