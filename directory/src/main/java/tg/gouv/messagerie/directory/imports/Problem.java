package tg.gouv.messagerie.directory.imports;

import java.util.Locale;
import tg.gouv.messagerie.platform.language.Messages;

/**
 * What is wrong, or strange, with a row.
 *
 * @param row the line of the file on which the row begins
 * @param line the line of what is wrong, in a row of several
 * @param column the column's name in the file, or its number where it has none
 * @param value what is there, as much as can be shown on a line
 * @param otherLine the other line concerned; 0 if there is none
 * @param other what it is compared with, such as whose an address is; may be empty
 */
public record Problem(Kind kind, int row, int line, String column, String value, int otherLine, String other) {
    private static final int SHOWN_MAX = 60;

    public Problem {
        value = shown(value);
        other = shown(other);
    }

    /** A problem of one row alone. */
    static Problem of(Kind kind, int line, String column, String value) {
        return new Problem(kind, line, line, column, value, 0, "");
    }

    /** What is wrong with a cell. */
    static Problem of(Kind kind, CsvRow row, int place, String column, String value) {
        return new Problem(kind, row.line(), row.line(place), column, value, 0, "");
    }

    /** Why a row cannot be read. */
    static Problem of(CsvRow row, CsvRow.Fault fault, String column) {
        return new Problem(Kind.valueOf(fault.kind().name()), row.line(), fault.line(), column, fault.value(), 0, "");
    }

    /** Whether the row is not imported. */
    public boolean refuses() {
        return switch (kind) {
            case HOMONYM, LIKELY_DUPLICATE, NOT_PEOPLE -> false;
            default -> true;
        };
    }

    /** What is wrong, without where. */
    public String what(Locale language) {
        return Messages.beside(Problem.class, language).text("problem." + kind.name(), value, other);
    }

    /** One line: where, what, and the other line. */
    public String sentence(Locale language, ImportFile.Format format) {
        Messages messages = Messages.beside(Problem.class, language);
        String where = messages.text("problem." + format.name(), String.valueOf(line), column, what(language));
        return otherLine == 0 ? where : where + " " + messages.text("problem.other", String.valueOf(otherLine));
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(SHOWN_MAX)
                .forEach(each -> shown.appendCodePoint(
                        Character.isISOControl(each) || Character.getType(each) == Character.FORMAT ? '?' : each));
        return text.codePointCount(0, text.length()) > SHOWN_MAX ? shown + "…" : shown.toString();
    }

    /** What can be wrong; each has its sentence in both languages. */
    public enum Kind {
        BARE_QUOTE,
        AFTER_QUOTE,
        OPEN_QUOTE,
        CELL_TOO_LONG,
        ROW_TOO_LONG,
        TOO_MANY_CELLS,
        OTHER_ENCODING,
        NO_CHARACTER,
        LDIF_LINE,
        LDIF_DN,
        LDIF_CHANGE,
        LDIF_URL,
        LDIF_BASE64,
        LDIF_BINARY,
        SEVERAL_VALUES,
        /** A cell that a spreadsheet would compute. */
        FORMULA,
        NUMBER_MISSING,
        BAD_NUMBER,
        NUMBER_TWICE,
        NAME_MISSING,
        BAD_NAME,
        BAD_LANGUAGE,
        BAD_STATE,
        BAD_DATE,
        BAD_PERIOD,
        BAD_CODE,
        BAD_ADDRESS,
        RESERVED_ADDRESS,
        ADDRESS_TWICE,
        ADDRESS_TAKEN,
        DOMAIN_NOT_OURS,
        BAD_HASH,
        UNKNOWN_ENTITY,
        UNKNOWN_POSITION,
        /** No entity above has an address rule, and the file gives no address. */
        NO_RULE,
        /** The names have nothing that an address can be made of. */
        NO_ADDRESS,
        CODE_TWICE,
        /** A new entity or position has no name. */
        LABEL_MISSING,
        CYCLE,
        BAD_RULE,
        /** Who imports may not do it there. */
        NO_RIGHT,
        NO_RIGHT_IN_THE_STATE,
        BUDGET_SPENT,
        /** Entries of LDIF that are not read: of entities, groups, programs. */
        NOT_PEOPLE,
        /** The same names as somebody else's: both are right, perhaps. */
        HOMONYM,
        /** The same names in the same entity under another number. */
        LIKELY_DUPLICATE
    }
}
