package tg.gouv.messagerie.mail.filters;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of a script, without comments (RFC 5228 sections 2.2 to 2.4 and 8.1), as far as they can be read. */
final class ScriptTokens {
    private final String script;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private ScriptTokens(String script) {
        this.script = script;
    }

    /** What a token is. */
    enum Kind {
        /** In lower case; a tag begins with a colon. */
        WORD,
        STRING,
        SIGN
    }

    /**
     * A token.
     *
     * @param text of a string: what it stands for
     * @param end where the script goes on
     */
    record Token(Kind kind, String text, int end) {
        boolean is(String word) {
            return kind != Kind.STRING && text.equals(word);
        }
    }

    static List<Token> of(String script) {
        ScriptTokens reading = new ScriptTokens(script);
        while (reading.at < script.length()) {
            reading.next();
        }
        return reading.tokens;
    }

    private void next() {
        char here = script.charAt(at);
        if (Character.isWhitespace(here)) {
            at++;
        } else if (here == '#') {
            at = after("\n", at);
        } else if (script.startsWith("/*", at)) {
            at = after("*/", at + 2);
        } else if (here == '"') {
            quoted();
        } else if (isOfAWord(here) || here == ':') {
            word();
        } else {
            at++;
            add(Kind.SIGN, String.valueOf(here));
        }
    }

    private int after(String end, int from) {
        int found = script.indexOf(end, from);
        return found < 0 ? script.length() : found + end.length();
    }

    private static boolean isOfAWord(char character) {
        return Character.isLetterOrDigit(character) || character == '_';
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, at));
    }

    private void quoted() {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < script.length() && script.charAt(at) != '"') {
            if (script.charAt(at) == '\\' && at + 1 < script.length()) {
                at++;
            }
            text.append(script.charAt(at));
            at++;
        }
        at = Math.min(script.length(), at + 1);
        add(Kind.STRING, text.toString());
    }

    private void word() {
        int beginning = at;
        at++;
        while (at < script.length() && isOfAWord(script.charAt(at))) {
            at++;
        }
        String word = script.substring(beginning, at).toLowerCase(Locale.ROOT);
        if (word.equals("text") && at < script.length() && script.charAt(at) == ':') {
            lines();
        } else {
            add(Kind.WORD, word);
        }
    }

    /** A string of lines, up to a line of a single dot. */
    private void lines() {
        int beginning = after("\n", at);
        int end = beginning;
        while (end < script.length() && !isLastLine(end)) {
            end = after("\n", end);
        }
        at = after("\n", end);
        add(Kind.STRING, script.substring(beginning, Math.min(end, script.length())));
    }

    private boolean isLastLine(int from) {
        return script.startsWith(".\r\n", from)
                || script.startsWith(".\n", from)
                || (from == script.length() - 1 && script.charAt(from) == '.');
    }
}
