package tg.gouv.messagerie.portal.pages;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * The cookies of the pages. Each is for this host alone ({@code __Host-}), over TLS, out of reach of scripts, and is sent by no page of
 * another site (RFC 6265; SameSite as browsers know it).
 */
final class Cookies {
    /** Who has signed in. */
    static final String SESSION = "__Host-seance";

    /** Whose password was right, and whose code is awaited. */
    static final String WAITING = "__Host-attente";

    /** What the tokens of forms are made of, for who has not signed in. */
    static final String FORM = "__Host-formulaire";

    /** The language that somebody chose. */
    static final String LANGUAGE = "__Host-langue";

    private static final Duration WAITING_FOR = Duration.ofMinutes(5);
    private static final Duration LANGUAGE_FOR = Duration.ofDays(365);

    private Cookies() {}

    /** Until the browser is closed; how long the session serves is not the browser's to say. */
    static String session(Secret secret) {
        return cookie(SESSION, secret.reveal(), "");
    }

    static String waiting(Secret secret) {
        return cookie(WAITING, secret.reveal(), "; Max-Age=" + WAITING_FOR.toSeconds());
    }

    static String form(Secret secret) {
        return cookie(FORM, secret.reveal(), "");
    }

    static String language(String language) {
        return cookie(LANGUAGE, language, "; Max-Age=" + LANGUAGE_FOR.toSeconds());
    }

    static String none(String name) {
        return cookie(name, "", "; Max-Age=0");
    }

    private static String cookie(String name, String value, String more) {
        return name + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=Strict" + more;
    }
}
