package tg.gouv.messagerie.platform.settings;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    private static final TomlTable NOTHING = Toml.parse("");

    Optional<Object> value(String key) {
        return Optional.ofNullable(toml.get(List.of(key)));
    }

    OptionalInt line(String key) {
        TomlPosition position = toml.inputPositionOf(List.of(key));
        return position == null ? OptionalInt.empty() : OptionalInt.of(position.line());
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
