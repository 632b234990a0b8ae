package tg.gouv.messagerie.platform.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/**
 * A text read as TOML 1.0: what could be read, and what is wrong with the rest.
 *
 * @param problems what is not TOML
 * @param doubts what of the rest cannot be judged because of it
 */
record TomlText(TomlTable root, List<SettingsProblem> problems, Doubts doubts) {
    private static final String TWICE_GIVEN = "syntax.twice";
    private static final Pattern TWICE = Pattern.compile("(?s)(.+) previously defined at line (\\d+), column \\d+");
    private static final Pattern UNEXPECTED = Pattern.compile("(?s)Unexpected (.+?), expected .*");
    private static final Pattern UNQUOTED = Pattern.compile("\\s*[^=]+=\\s*[^\\s\"'\\[{=].*");

    static TomlText parse(String text) {
        TomlParseResult parsed;
        try {
            parsed = Toml.parse(text, TomlVersion.V1_0_0);
        } catch (StackOverflowError e) { // the grammar is recursive: thousands of brackets within brackets
            SettingsProblem problem = new SettingsProblem(OptionalInt.empty(), "", "syntax.too-deep", List.of());
            return new TomlText(Toml.parse(""), List.of(problem), Doubts.all());
        }
        List<String> lines = text.lines().toList();
        List<SettingsProblem> problems = new ArrayList<>();
        for (TomlParseError error : parsed.errors()) {
            int line = error.position().line();
            problems.add(problem(error, line, lines));
        }
        Doubts doubts = Doubts.of(lines, problems);
        problems.removeIf(
                problem -> followsAMissingValue(problem, lines, doubts) || isAmongAnothersKeys(problem, doubts));
        return new TomlText(parsed, problems, doubts);
    }

    /** The parser looks for a value that is not there on the next line, and stumbles over what that line is. */
    private static boolean followsAMissingValue(SettingsProblem problem, List<String> lines, Doubts doubts) {
        int before = problem.line().orElse(0) - 1;
        return before >= 1
                && before < lines.size()
                && doubts.isBroken(before)
                && lines.get(before - 1).stripTrailing().endsWith("=");
    }

    /** What a table with a broken header holds, the parser takes for what the one before holds. */
    private static boolean isAmongAnothersKeys(SettingsProblem problem, Doubts doubts) {
        return problem.sentence().equals(TWICE_GIVEN)
                && doubts.aboutTheTableOf(problem.line().orElse(0));
    }

    /**
     * The parser's sentence in ours. It quotes what it stumbled over, which may be a piece of a password: its first character
     * is enough.
     */
    private static SettingsProblem problem(TomlParseError error, int line, List<String> lines) {
        String said = String.valueOf(error.getMessage());
        Matcher twice = TWICE.matcher(said);
        if (twice.matches()) {
            return syntax(line, twice.group(1), TWICE_GIVEN, twice.group(2));
        }
        Matcher unexpected = UNEXPECTED.matcher(said);
        if (!unexpected.matches()) {
            return syntax(line, "", "syntax.other", said);
        }
        String written = line <= lines.size() ? lines.get(line - 1) : "";
        return switch (unexpected.group(1)) {
            case "end of line" -> syntax(line, "", "syntax.end-of-line");
            case "end of input" -> syntax(lastOpening(lines).orElse(line), "", Doubts.END_OF_FILE);
            case String token
            when UNQUOTED.matcher(written).matches() && error.position().column() > written.indexOf('=') ->
                syntax(line, "", "syntax.unquoted");
            case String token -> syntax(line, "", "syntax.unexpected", firstCharacter(token));
        };
    }

    /** The line of the last quote that may span lines. */
    private static OptionalInt lastOpening(List<String> lines) {
        return IntStream.rangeClosed(1, lines.size())
                .filter(line -> lines.get(line - 1).contains("\"\"\"")
                        || lines.get(line - 1).contains("'''"))
                .max();
    }

    private static String firstCharacter(String token) {
        String bare = token.startsWith("'") && token.length() > 1 ? token.substring(1) : token;
        return bare.startsWith("\\") && bare.endsWith("'")
                ? bare.substring(0, bare.length() - 1) // an escaped character
                : bare.substring(0, bare.offsetByCodePoints(0, 1));
    }

    private static SettingsProblem syntax(int line, String key, String sentence, String... values) {
        return new SettingsProblem(OptionalInt.of(line), key, sentence, List.of(values));
    }
}
