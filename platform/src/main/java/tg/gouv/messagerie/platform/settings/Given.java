package tg.gouv.messagerie.platform.settings;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A table of the file, or the empty one that stands for a table the file does not have.
 *
 * @param path its name, such as {@code mail.imap}; empty for the whole file
 * @param line where it begins, or where the table around it does; absent for the whole file
 */
record Given(String path, TomlTable toml, OptionalInt line) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*");
    private static final TomlTable NOTHING = Toml.parse("");

    Optional<Object> value(String key) {
        return Optional.ofNullable(toml.get(List.of(key)));
    }

    OptionalInt line(String key) {
        TomlPosition position = toml.inputPositionOf(List.of(key));
        return position == null ? OptionalInt.empty() : OptionalInt.of(position.line());
    }

    /**
     * The line of the setting whose name a sentence begins with, such as {@code listen} or {@code imap.listen}; else the
     * table's.
     */
    OptionalInt lineNamedFirst(String sentence, List<String> keys) {
        Matcher name = NAME.matcher(sentence);
        if (!name.lookingAt()) {
            return line;
        }
        List<String> path = List.of(name.group().split("\\.", -1));
        for (int depth = path.size(); depth > 0 && keys.contains(path.getFirst()); depth--) {
            TomlPosition position = toml.inputPositionOf(path.subList(0, depth));
            if (position != null) {
                return OptionalInt.of(position.line());
            }
        }
        return line;
    }

    String path(String key) {
        String bare = Toml.joinKeyPath(List.of(key));
        return path.isEmpty() ? bare : path + "." + bare;
    }

    Given table(String key, TomlTable table) {
        return new Given(path(key), table, line(key));
    }

    Given row(String key, TomlTable table, TomlPosition begins) {
        return new Given(path(key), table, OptionalInt.of(begins.line()));
    }

    Given absent(String key) {
        return new Given(path(key), NOTHING, line);
    }
}
