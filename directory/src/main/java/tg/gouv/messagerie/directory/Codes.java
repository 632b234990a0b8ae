package tg.gouv.messagerie.directory;

import java.util.regex.Pattern;

/** What the codes of entities and positions look like: typed by hand, part of a file, never in need of quotes. */
final class Codes {
    private static final Pattern CODE = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?");

    private Codes() {}

    static void demand(String what, String code) {
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("the code of " + (what.equals("entity") ? "an " : "a ") + what
                    + " is 1 to 64 lower-case letters, digits, dots, hyphens and underscores, found \"" + code + "\"");
        }
    }
}
