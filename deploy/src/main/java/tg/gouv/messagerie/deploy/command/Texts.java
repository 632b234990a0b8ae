package tg.gouv.messagerie.deploy.command;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;

/** What the command line says, in the reader's language: French, or English where the environment asks for it. */
final class Texts {
    private static final String BUNDLE = "tg.gouv.messagerie.deploy.command.messages";

    private final ResourceBundle bundle;
    private final Locale locale;

    private Texts(Locale locale) {
        this.locale = locale;
        this.bundle = ResourceBundle.getBundle(
                BUNDLE, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    static Texts in(Locale locale) {
        return new Texts(locale);
    }

    /** The language that the variables of {@code locale(7)} ask for. */
    static Texts of(Map<String, String> environment) {
        String wanted = "";
        for (String variable : new String[] {"LC_ALL", "LC_MESSAGES", "LANG"}) {
            wanted = environment.getOrDefault(variable, "");
            if (!wanted.isEmpty()) {
                break;
            }
        }
        return new Texts(wanted.startsWith("en") ? Locale.ENGLISH : Locale.FRENCH);
    }

    ResourceBundle bundle() {
        return bundle;
    }

    Locale locale() {
        return locale;
    }

    /** A sentence; {@code {0}} and so on stand for the values, an apostrophe is an apostrophe. */
    String text(String key, Object... values) {
        return new MessageFormat(bundle.getString(key).replace("'", "''"), locale).format(values);
    }

    boolean has(String key) {
        return bundle.containsKey(key);
    }
}
