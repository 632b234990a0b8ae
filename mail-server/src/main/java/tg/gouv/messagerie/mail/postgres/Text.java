package tg.gouv.messagerie.mail.postgres;

import org.jspecify.annotations.Nullable;

/** Text as PostgreSQL takes it: it refuses U+0000, which mail may contain. The exact bytes are elsewhere. */
final class Text {
    private Text() {}

    /** The text without U+0000. */
    static String clean(String text) {
        return text.indexOf(0) < 0 ? text : text.replace("\u0000", "");
    }

    /** The text without U+0000, cut to a length. */
    static @Nullable String clean(@Nullable String text, int charactersMax) {
        if (text == null) {
            return null;
        }
        String clean = clean(text);
        if (clean.length() <= charactersMax) {
            return clean;
        }
        int end = Character.isHighSurrogate(clean.charAt(charactersMax - 1)) ? charactersMax - 1 : charactersMax;
        return clean.substring(0, end);
    }
}
