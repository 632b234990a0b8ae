package tg.gouv.messagerie.platform.http;

import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/** The sentences of the error pages, in one language. */
final class ErrorTexts {
    private static final ErrorTexts FRENCH = new ErrorTexts(Locale.FRENCH);
    private static final ErrorTexts ENGLISH = new ErrorTexts(Locale.ENGLISH);

    private final Locale locale;
    private final ResourceBundle bundle;

    private ErrorTexts(Locale locale) {
        this.locale = locale;
        this.bundle = ResourceBundle.getBundle(
                "tg.gouv.messagerie.platform.http.messages",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    /** In the first language we know of those a client prefers; French when it says nothing. */
    static ErrorTexts of(List<String> preferred) {
        for (String tag : preferred) {
            String lower = tag.toLowerCase(Locale.ROOT);
            if (lower.equals("fr") || lower.startsWith("fr-")) {
                return FRENCH;
            }
            if (lower.equals("en") || lower.startsWith("en-")) {
                return ENGLISH;
            }
        }
        return FRENCH;
    }

    String language() {
        return locale.getLanguage();
    }

    /** What happened, in a few words. */
    String title(int status) {
        return text("title", status);
    }

    /** What to do. */
    String detail(int status) {
        return text("detail", status);
    }

    private String text(String what, int status) {
        String exact = what + "." + status;
        return bundle.getString(bundle.containsKey(exact) ? exact : what + (status < 500 ? ".4xx" : ".5xx"));
    }
}
