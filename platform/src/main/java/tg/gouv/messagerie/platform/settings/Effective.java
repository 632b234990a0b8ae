package tg.gouv.messagerie.platform.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;

/** The settings of a table as they are in effect, for people to read. */
final class Effective {
    private final SequencedMap<String, Part> parts = new LinkedHashMap<>();

    /** What stands under a key. */
    sealed interface Part {
        /** A value in TOML, and the line it is on unless it is a default. */
        record Line(String toml, OptionalInt line) implements Part {}

        /** An optional value or table that is not given. */
        record Nothing() implements Part {}

        /** A table. */
        record Section(Effective effective) implements Part {}

        /** A list of tables. */
        record Sections(List<Effective> rows) implements Part {}
    }

    void put(String key, Part part) {
        parts.put(key, part);
    }

    /** The table in TOML: values first, then the tables below. */
    String toml(String path) {
        StringBuilder values = new StringBuilder();
        StringBuilder tables = new StringBuilder();
        parts.forEach((key, part) -> {
            String below = path.isEmpty() ? key : path + "." + key;
            switch (part) {
                case Part.Line(String toml, OptionalInt line) ->
                    values.append(key + " = " + toml + " # " + origin(line) + "\n");
                case Part.Nothing() -> values.append("# " + key + ": not set\n");
                case Part.Section(Effective table) ->
                    tables.append("\n[" + below + "]\n").append(table.toml(below));
                case Part.Sections(List<Effective> rows) ->
                    rows.forEach(row -> tables.append("\n[[" + below + "]]\n").append(row.toml(below)));
            }
        });
        return values.append(tables).toString();
    }

    private static String origin(OptionalInt line) {
        return line.isEmpty() ? "default" : "line " + line.getAsInt();
    }
}
