package tg.gouv.messagerie.directory.imports;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import tg.gouv.messagerie.directory.imports.Imports.Kind;
import tg.gouv.messagerie.platform.language.Messages;

/** A file to fill in: the names of the columns, and two rows that are not imported: what belongs there, and an example. */
public final class Template {
    /** A message has no braces of its own. */
    private static final String RULE = "{given}.{family}@";

    private Template() {}

    /** The file, in CSV. */
    public static String of(Kind kind, Locale language) {
        Messages messages = Messages.beside(Template.class, language);
        List<String> keys = kind == Kind.PEOPLE
                ? Arrays.stream(PersonColumn.values()).map(Enum::name).toList()
                : StructureFile.columns(kind).stream().map(Enum::name).toList();
        List<String> titles = kind == Kind.PEOPLE
                ? Arrays.stream(PersonColumn.values()).map(PersonColumn::title).toList()
                : StructureFile.columns(kind).stream()
                        .map(StructureFile.Column::title)
                        .toList();
        return CsvText.row(titles, ';')
                + row(keys, key -> messages.text("template." + kind.name() + "." + key))
                + row(keys, key -> messages.text("example." + kind.name() + "." + key, RULE));
    }

    private static String row(List<String> keys, Function<String, String> text) {
        return CsvText.row(keys.stream().map(text).toList(), ';');
    }
}
