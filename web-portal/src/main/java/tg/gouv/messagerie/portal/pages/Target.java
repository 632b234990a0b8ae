package tg.gouv.messagerie.portal.pages;

import java.util.regex.Pattern;

/** Where somebody is led after a detour: to a page of ours and nowhere else. */
final class Target {
    /** A path of ours: neither another host ({@code //}), nor a scheme, nor what a browser would read as either, nor a step up. */
    private static final Pattern OURS = Pattern.compile(
            "/(compte|gestion|aide|entrer|activer|oubli|sorti)(/(?!\\.\\.?(/|\\?|$))[A-Za-z0-9@._~%-]+)*(\\?[A-Za-z0-9=&@._~%+-]*)?");

    private static final int LENGTH_MAX = 500;

    private Target() {}

    /** The page that was wanted, or the person's own if that is none of ours. */
    static String of(String wanted) {
        return wanted.length() <= LENGTH_MAX && OURS.matcher(wanted).matches() ? wanted : "/compte";
    }
}
