package tg.gouv.messagerie.platform.settings;

import java.util.List;
import java.util.Locale;
import tg.gouv.messagerie.platform.language.Messages;

/** The settings are wrong: everything that is wrong with them, at once, in the order of the file. */
public final class SettingsRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A file that is something else altogether has a problem in every line; who reads more than these? */
    private static final int TOLD_MAX = 100;

    private final String name;
    private final transient List<SettingsProblem> problems;

    SettingsRefused(String name, List<SettingsProblem> problems) {
        super(text(name, problems, Locale.ENGLISH));
        this.name = name;
        this.problems = List.copyOf(problems);
    }

    /** What is wrong; at least one thing. */
    public List<SettingsProblem> problems() {
        return problems;
    }

    /** All problems, one a line, in English for every English locale and in French for every other one. */
    public String text(Locale locale) {
        return text(name, problems, locale);
    }

    private static String text(String name, List<SettingsProblem> problems, Locale locale) {
        Messages messages = Messages.beside(SettingsRefused.class, locale);
        StringBuilder text = new StringBuilder(messages.text("problems", name, String.valueOf(problems.size())));
        problems.stream().limit(TOLD_MAX).forEach(problem -> text.append("\n  ").append(problem.text(locale)));
        if (problems.size() > TOLD_MAX) {
            text.append("\n  ").append(messages.text("problems.more", String.valueOf(problems.size() - TOLD_MAX)));
        }
        return text.toString();
    }
}
