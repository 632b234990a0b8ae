package tg.gouv.messagerie.platform.settings;

import java.util.List;
import java.util.Objects;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Values as TOML writes them. */
final class TomlLiteral {
    private TomlLiteral() {}

    /** The value as it could stand in a file. */
    static String of(Object value) {
        return switch (value) {
            case String text -> "\"" + Toml.tomlEscape(text) + "\"";
            case TomlArray array ->
                list(array.toList().stream().map(TomlLiteral::of).toList());
            case TomlTable _ -> "{ … }";
            default -> String.valueOf(value);
        };
    }

    static String list(List<String> literals) {
        return "[" + String.join(", ", literals) + "]";
    }

    /** What a piece of TOML, such as a default in a {@link Doc}, stands for. */
    static Object parse(String toml) {
        TomlParseResult parsed = Toml.parse("value = " + toml);
        if (parsed.hasErrors() || parsed.size() != 1) {
            throw new IllegalArgumentException("not a value in TOML: " + toml);
        }
        return Objects.requireNonNull(parsed.get(List.of("value")));
    }
}
