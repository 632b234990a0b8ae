package tg.gouv.messagerie.deploy.command;

import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import tg.gouv.messagerie.platform.language.Messages;

/** What the command line says, in the reader's language: French, or English where the environment asks for it. */
final class Texts {
    private final Messages messages;

    private Texts(Locale locale) {
        this.messages = Messages.beside(Texts.class, locale);
    }

    static Texts in(Locale locale) {
        return new Texts(locale);
    }

    /** The language that the variables of {@code locale(7)} ask for. */
    static Texts of(Map<String, String> environment) {
        return new Texts(Messages.wantedBy(environment));
    }

    ResourceBundle bundle() {
        return messages.bundle();
    }

    Locale locale() {
        return messages.locale();
    }

    /** A sentence; {@code {0}} and so on stand for the values, an apostrophe is an apostrophe. */
    String text(String key, Object... values) {
        return messages.text(key, values);
    }

    boolean has(String key) {
        return messages.has(key);
    }
}
