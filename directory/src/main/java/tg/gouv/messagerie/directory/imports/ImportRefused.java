package tg.gouv.messagerie.directory.imports;

import java.util.List;
import java.util.Locale;
import tg.gouv.messagerie.platform.language.Messages;

/** Nothing of a file is imported, or nothing given back; one sentence says why and what to do. */
public final class ImportRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final List<String> values;

    /**
     * Says why.
     *
     * @param values what the sentence names
     */
    public ImportRefused(Reason reason, Object... values) {
        this.reason = reason;
        this.values = List.of(values).stream().map(String::valueOf).toList();
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** What the sentence names. */
    public List<String> values() {
        return values;
    }

    /** The sentence, in French or English. */
    public String sentence(Locale language) {
        return Messages.beside(ImportRefused.class, language).text("refused." + reason.name(), values.toArray());
    }

    /** The sentence in English, for logs. */
    @Override
    public String getMessage() {
        return sentence(Locale.ENGLISH);
    }

    /** Each has its sentence in both languages. */
    public enum Reason {
        EMPTY_FILE,
        /** UTF-16, a spreadsheet's own format, or anything else that is not text. */
        NOT_TEXT,
        FILE_TOO_LARGE,
        TOO_MANY_ROWS,
        /** The file ended before what was announced did. */
        FILE_CUT,
        NO_SUCH_COLUMN,
        COLUMN_TWICE,
        COLUMN_MISSING,
        /** The file that says which column is which cannot be read. */
        BAD_MAPPING,
        /** The header fits none of the files that there are. */
        UNKNOWN_KIND,
        /** Another import, or undoing one, is under way. */
        UNDER_WAY,
        /** More people would be renamed or removed than an import may without being told. */
        TOO_MUCH,
        /** Others changed the same people while the import ran, again and again. */
        DISTURBED,
        UNKNOWN_IMPORT,
        ALREADY_UNDONE,
        CHANGED_SINCE,
        /** Something hangs on an entity or a position that is to go. */
        IN_USE,
        ACTIVE_SINCE,
        /** It is undone by who made it. */
        NOT_YOURS,
        /** It ended between two batches. */
        STOPPED
    }
}
