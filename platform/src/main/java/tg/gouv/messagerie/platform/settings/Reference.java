package tg.gouv.messagerie.platform.settings;

import java.util.List;
import tg.gouv.messagerie.platform.settings.Table.Setting;
import tg.gouv.messagerie.platform.settings.Table.Shape;

/** Writes the manual of all settings, as a settings file. */
final class Reference {
    private static final int WIDTH = 110;

    private static final String HEAD = """
            # Every setting, with what it does, its type and its default.
            # A line "#key = …" has no default: it stays away unless it is needed, or must be given where it says so.
            # Durations are written "500ms", "30s", "5m", "2h", "7d"; sizes "512B", "32KB", "20MB", "4GB".
            # Relative paths begin where the settings file is. A secret is never here: the setting names its file.
            """;

    private final StringBuilder text = new StringBuilder(HEAD);

    String of(Table root) {
        table(root, "", false);
        return text.toString();
    }

    /** Values before tables: in TOML, a value after a header belongs to it. */
    private void table(Table table, String path, boolean absent) {
        table.settings().forEach(setting -> value(setting, absent));
        for (Setting setting : table.settings()) {
            String below = path.isEmpty() ? setting.key() : path + "." + setting.key();
            switch (setting.shape()) {
                case Shape.One _, Shape.Maybe _, Shape.Several _ -> {}
                case Shape.OneTable(Table inner) -> section(setting, inner, "[" + below + "]", below, absent);
                case Shape.MaybeTable(Table inner) -> section(setting, inner, "[" + below + "]", below, true);
                case Shape.SeveralTables(Table inner) -> section(setting, inner, "[[" + below + "]]", below, true);
            }
        }
    }

    private void value(Setting setting, boolean absent) {
        switch (setting.shape()) {
            case Shape.One(Notation notation) ->
                line(setting, notation.called(), "must be given", notation.example(), absent);
            case Shape.Maybe(Notation notation) ->
                line(setting, notation.called(), "optional", notation.example(), absent);
            case Shape.Several(Notation notation) ->
                line(
                        setting,
                        "list of: " + notation.called(),
                        "by default empty",
                        TomlLiteral.list(List.of(notation.example())),
                        absent);
            case Shape.OneTable _, Shape.MaybeTable _, Shape.SeveralTables _ -> {}
        }
    }

    private void line(Setting setting, String type, String otherwise, String example, boolean absent) {
        String byDefault = setting.doc().byDefault();
        boolean silent = byDefault.isEmpty();
        text.append('\n');
        comment(setting.doc().value());
        comment("Type: " + type + "; " + (silent ? otherwise : "default " + byDefault) + ".");
        text.append(silent || absent ? "#" : "")
                .append(setting.key())
                .append(" = ")
                .append(silent ? example : byDefault)
                .append('\n');
    }

    private void section(Setting setting, Table inner, String header, String path, boolean absent) {
        text.append('\n');
        comment(setting.doc().value());
        text.append(absent ? "#" : "").append(header).append('\n');
        table(inner, path, absent);
    }

    private void comment(String sentence) {
        StringBuilder line = new StringBuilder("#");
        for (String word : sentence.split("\\s+", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        text.append(line).append('\n');
    }
}
