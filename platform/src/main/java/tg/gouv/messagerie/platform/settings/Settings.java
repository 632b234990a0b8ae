package tg.gouv.messagerie.platform.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of the program: one TOML file, read into a tree of records.
 *
 * <p>A setting exists because a record component exists; its key is the component's name in kebab-case, its manual page and
 * default are the component's {@link Doc}. A component is a {@code String}, {@code boolean}, {@code int}, {@code long},
 * {@code Duration}, {@code Path}, {@link Secret}, an enum, any type with a static {@code parse(String)} that refuses by
 * {@code IllegalArgumentException}, an {@code Optional} or a {@code List} of those, or a record of such components (a table).
 * Without a default, a component that is neither {@code Optional}, {@code List} nor a record must be in the file.
 *
 * @param <R> the record of the whole file
 */
public final class Settings<R extends Record> {
    private final String name;
    private final R value;
    private final Effective effective;
    private final List<Path> files;

    private Settings(String name, R value, Effective effective, List<Path> files) {
        this.files = files;
        this.name = name;
        this.value = value;
        this.effective = effective;
    }

    /**
     * Reads a settings file of at most 1 MiB.
     *
     * @throws SettingsRefused if the file cannot be read or anything in it is wrong; it tells everything that is
     * @throws IllegalStateException if the record is not one of settings: our fault
     */
    public static <R extends Record> Settings<R> read(Path file, Class<R> type) {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
        return parse(file.toString(), SettingsFile.text(file), type, folder);
    }

    /**
     * Reads settings from a text.
     *
     * @param name what the problems call the text
     * @param baseDirectory where relative paths of the settings begin
     * @throws SettingsRefused if anything in the text is wrong; it tells everything that is
     * @throws IllegalStateException if the record is not one of settings: our fault
     */
    public static <R extends Record> Settings<R> parse(String name, String text, Class<R> type, Path baseDirectory) {
        Table table = Table.of(type);
        TomlText toml = TomlText.parse(text);
        Problems problems = new Problems(toml.doubts());
        toml.problems().forEach(problems::syntax);
        SettingsReader reader = new SettingsReader(table, baseDirectory, problems);
        Optional<SettingsReader.Read> read = reader.table(table, new Given("", toml.root(), OptionalInt.empty()));
        problems.refuseIfAny(name);
        SettingsReader.Read whole =
                read.orElseThrow(() -> new IllegalStateException("settings neither read nor refused: " + name));
        return new Settings<>(name, type.cast(whole.value()), whole.effective(), reader.files());
    }

    /**
     * The manual: a commented TOML file with every setting, what it does, its type and its default. It is itself a settings
     * file, which says what an empty one does.
     *
     * @throws IllegalStateException if the record is not one of settings: our fault
     */
    public static String reference(Class<? extends Record> type) {
        return new Reference().of(Table.of(type));
    }

    /** The settings, checked. */
    public R value() {
        return value;
    }

    /** The files that exist and that the settings name: those of secrets, keys, certificates. */
    public List<Path> files() {
        return files;
    }

    /** The effective settings as TOML, each with its origin, {@code # line 6} or {@code # default}; secrets as {@code ***}. */
    public String show() {
        return "# " + name + "\n" + effective.toml("");
    }
}
