package tg.gouv.messagerie.platform.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/** The problems found so far. */
final class Problems {
    private final Doubts doubts;
    private final List<SettingsProblem> found = new ArrayList<>();

    Problems(Doubts doubts) {
        this.doubts = doubts;
    }

    /** The text is not TOML there. */
    void syntax(SettingsProblem problem) {
        found.add(problem);
    }

    /** What is written on that line is wrong. */
    void wrong(OptionalInt line, String key, String sentence, List<String> values) {
        if (line.isEmpty() || !doubts.about(line.getAsInt())) {
            found.add(new SettingsProblem(line, key, sentence, values));
        }
    }

    /** What is written in the table that begins there is wrong, or not enough, taken together. */
    void wrongTogether(OptionalInt tableLine, OptionalInt line, String key, String sentence, List<String> values) {
        if (!doubts.aboutTheRestOfTheTable(tableLine)) {
            wrong(line, key, sentence, values);
        }
    }

    void refuseIfAny(String name) {
        if (!found.isEmpty()) {
            found.sort(Comparator.comparingInt(problem -> problem.line().orElse(Integer.MAX_VALUE)));
            throw new SettingsRefused(name, found);
        }
    }
}
