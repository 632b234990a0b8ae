package tg.gouv.messagerie.mail.filters;

import java.nio.charset.StandardCharsets;

/** How RFC 5804 writes answers and strings. */
final class Answer {
    private static final int QUOTED_MAX = 1_024;

    private Answer() {}

    static String no(String sentence) {
        return "NO " + string(sentence);
    }

    /** NO with a response code (RFC 5804 section 1.3). */
    static String no(String code, String sentence) {
        return "NO (" + code + ") " + string(sentence);
    }

    static String bye(String sentence) {
        return "BYE " + string(sentence);
    }

    /** Quoted if that is allowed, a literal otherwise. */
    static String string(String text) {
        boolean quotable = text.length() <= QUOTED_MAX / 4 && text.chars().allMatch(it -> it >= ' ' && it != 127);
        return quotable ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : literal(text);
    }

    static String literal(String text) {
        return "{" + text.getBytes(StandardCharsets.UTF_8).length + "}\r\n" + text;
    }
}
