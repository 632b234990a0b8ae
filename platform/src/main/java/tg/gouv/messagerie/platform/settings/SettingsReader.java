package tg.gouv.messagerie.platform.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;
import tg.gouv.messagerie.platform.settings.Effective.Part;
import tg.gouv.messagerie.platform.settings.Notation.Reading;
import tg.gouv.messagerie.platform.settings.Table.Setting;
import tg.gouv.messagerie.platform.settings.Table.Shape;

/** Turns tables of the file into records, and goes on after each problem, so that all are found. */
final class SettingsReader {
    private static final TomlArray NO_ITEMS = (TomlArray) TomlLiteral.parse("[]");

    private final List<String> paths;
    private final Path baseDirectory;
    private final Problems problems;
    private final List<Path> files = new ArrayList<>();

    /** A table that could be read. */
    record Read(Record value, Effective effective) {}

    /** A component that could be read. */
    private record Component(Object value, Part part) {}

    /** A value before it is read; without a line it is a default. */
    private record Written(Object toml, OptionalInt line) {}

    SettingsReader(Table root, Path baseDirectory, Problems problems) {
        this.paths = root.paths();
        this.baseDirectory = baseDirectory;
        this.problems = problems;
    }

    /** The record, unless something in it was a problem. */
    Optional<Read> table(Table table, Given given) {
        Set<String> meant = refuseUnknown(table, given);
        List<Object> values = new ArrayList<>();
        Effective effective = new Effective();
        for (Setting setting : table.settings()) {
            component(setting, given, meant).ifPresent(component -> {
                values.add(component.value());
                effective.put(setting.key(), component.part());
            });
        }
        return values.size() == table.settings().size()
                ? record(table, values, given).map(value -> new Read(value, effective))
                : Optional.empty();
    }

    /** Returns the settings that were perhaps meant: nobody is told to give what they have misspelt. */
    private Set<String> refuseUnknown(Table table, Given given) {
        Set<String> meant = new HashSet<>();
        List<String> keys = table.keys();
        for (String key : given.toml().keySet()) {
            if (!keys.contains(key)) {
                Optional<String> here = Suggestion.closest(key, keys);
                here.ifPresent(meant::add);
                here.or(() -> elsewhere(key))
                        .ifPresentOrElse(
                                near -> problem(given, key, "unknown.meant", near),
                                () -> problem(given, key, "unknown"));
            }
        }
        return meant;
    }

    /** The only setting of that name in another table. */
    private Optional<String> elsewhere(String key) {
        List<String> same = paths.stream()
                .filter(path -> Suggestion.bare(path.substring(path.lastIndexOf('.') + 1))
                        .equals(Suggestion.bare(key)))
                .toList();
        return same.size() == 1 ? Optional.of(same.getFirst()) : Optional.empty();
    }

    private Optional<Component> component(Setting setting, Given given, Set<String> meant) {
        String key = setting.key();
        Optional<Object> there = given.value(key);
        Optional<Written> written = there.map(toml -> new Written(toml, given.line(key)))
                .or(() -> setting.byDefault().map(toml -> new Written(toml, OptionalInt.empty())));
        return switch (setting.shape()) {
            case Shape.One(Notation notation) -> {
                if (written.isEmpty() && !meant.contains(key)) {
                    problems.wrongTogether(given.line(), given.line(), given.path(key), "missing", List.of());
                }
                yield written.flatMap(value -> one(notation, value, setting, given));
            }
            case Shape.Maybe(Notation notation) ->
                written.isEmpty()
                        ? Optional.of(new Component(Optional.empty(), new Part.Nothing()))
                        : one(notation, written.get(), setting, given)
                                .map(component -> new Component(Optional.of(component.value()), component.part()));
            case Shape.Several(Notation notation) ->
                list(notation, written.orElse(new Written(NO_ITEMS, OptionalInt.empty())), setting, given);
            case Shape.OneTable(Table table) ->
                there.isEmpty() ? section(table, given.absent(key)) : section(table, there.get(), key, given);
            case Shape.MaybeTable(Table table) ->
                there.isEmpty()
                        ? Optional.of(new Component(Optional.empty(), new Part.Nothing()))
                        : section(table, there.get(), key, given)
                                .map(component -> new Component(Optional.of(component.value()), component.part()));
            case Shape.SeveralTables(Table table) ->
                there.isEmpty()
                        ? Optional.of(new Component(List.of(), new Part.Nothing()))
                        : sections(table, there.get(), key, given);
        };
    }

    private Optional<Component> one(Notation notation, Written written, Setting setting, Given given) {
        return read(notation, written.toml(), written, setting, given)
                .map(value ->
                        new Component(value, new Part.Line(notation.shown(written.toml(), value), written.line())));
    }

    private Optional<Component> list(Notation notation, Written written, Setting setting, Given given) {
        if (!(written.toml() instanceof TomlArray array)) {
            return misfit(new Reading.Misfit("expected.list", TomlLiteral.of(written.toml())), written, setting, given);
        }
        List<Object> values = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        for (Object item : array.toList()) {
            read(notation, item, written, setting, given).ifPresent(value -> {
                values.add(value);
                shown.add(notation.shown(item, value));
            });
        }
        return values.size() == array.size()
                ? Optional.of(
                        new Component(List.copyOf(values), new Part.Line(TomlLiteral.list(shown), written.line())))
                : Optional.empty();
    }

    private Optional<Object> read(Notation notation, Object toml, Written written, Setting setting, Given given) {
        return switch (notation.read(toml, baseDirectory)) {
            case Reading.Value(Object value) -> {
                note(notation, toml, value);
                yield Optional.of(value);
            }
            case Reading.Misfit misfit -> misfit(misfit, written, setting, given);
        };
    }

    /** Notes the file that a value names: what a backup must bring along. */
    private void note(Notation notation, Object toml, Object value) {
        if (notation instanceof SecretFile && toml instanceof String name) {
            files.add(baseDirectory.resolve(name));
        } else if (value instanceof Path path && Files.isRegularFile(path)) {
            files.add(path);
        }
    }

    /** The files that the values read so far name. */
    List<Path> files() {
        return List.copyOf(files);
    }

    /** Refuses what the file says; a default that does not fit is our fault. */
    private <T> Optional<T> misfit(Reading.Misfit misfit, Written written, Setting setting, Given given) {
        if (written.line().isEmpty()) {
            throw new IllegalStateException("the default of " + given.path(setting.key()) + " is wrong: " + misfit);
        }
        problems.wrong(written.line(), given.path(setting.key()), misfit.sentence(), misfit.values());
        return Optional.empty();
    }

    private Optional<Component> section(Table table, Object there, String key, Given given) {
        if (there instanceof TomlTable toml) {
            return section(table, given.table(key, toml));
        }
        problem(given, key, "expected.table", given.path(key), TomlLiteral.of(there));
        return Optional.empty();
    }

    private Optional<Component> section(Table table, Given given) {
        return table(table, given).map(read -> new Component(read.value(), new Part.Section(read.effective())));
    }

    private Optional<Component> sections(Table table, Object there, String key, Given given) {
        if (!(there instanceof TomlArray array) || !array.toList().stream().allMatch(TomlTable.class::isInstance)) {
            problem(given, key, "expected.tables", given.path(key), TomlLiteral.of(there));
            return Optional.empty();
        }
        List<Read> rows = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            table(table, given.row(key, array.getTable(i), array.inputPositionOf(i)))
                    .ifPresent(rows::add);
        }
        return rows.size() == array.size()
                ? Optional.of(new Component(
                        rows.stream().map(Read::value).toList(),
                        new Part.Sections(rows.stream().map(Read::effective).toList())))
                : Optional.empty();
    }

    private Optional<Record> record(Table table, List<Object> values, Given given) {
        try {
            return Optional.of(table.record(values));
        } catch (IllegalArgumentException e) {
            String refusal = String.valueOf(e.getMessage());
            OptionalInt line = given.lineNamedFirst(refusal, table.keys());
            problems.wrongTogether(given.line(), line, given.path(), "refused", List.of(refusal));
            return Optional.empty();
        }
    }

    private void problem(Given given, String key, String sentence, String... values) {
        problems.wrong(given.line(key), given.path(key), sentence, List.of(values));
    }
}
