package tg.gouv.messagerie.directory.imports;

import java.util.List;
import java.util.stream.Collectors;

/*
 * A spreadsheet takes a cell that begins with one of = + - @ for a formula and computes it (« CSV injection »). What we write begins with
 * an apostrophe there, which makes it text, and what we read loses that apostrophe: so a file goes out and comes back unchanged.
 */
/** Rows of CSV (RFC 4180) as we write them. */
public final class CsvText {
    private static final String FORMULAS = "=+-@\t\r";

    /** A row whose key begins with it says something to people, and is not imported. */
    private static final String COMMENT = "#";

    private CsvText() {}

    /** Whether a row is for people alone, by its key. */
    static boolean isComment(String key) {
        return key.startsWith(COMMENT);
    }

    /** A row, with its end of line. */
    public static String row(List<String> cells, char delimiter) {
        return cells.stream()
                .map(cell -> quoted(escaped(cell), delimiter))
                .collect(Collectors.joining(String.valueOf(delimiter), "", "\r\n")); // RFC 4180 section 2.1
    }

    /** Whether a spreadsheet would compute it; a hyphen alone is none. */
    static boolean isFormula(String cell) {
        return !cell.isEmpty() && FORMULAS.indexOf(cell.charAt(0)) >= 0 && !cell.equals("-");
    }

    /** What was written, without the apostrophe that we put before it. */
    static String unescaped(String cell) {
        return cell.startsWith("'") && isFormula(bare(cell)) ? cell.substring(1) : cell;
    }

    private static String escaped(String cell) {
        return isFormula(bare(cell)) ? "'" + cell : cell;
    }

    /** Without the apostrophes before it, so that one that was there before is there after. */
    private static String bare(String cell) {
        int from = 0;
        while (from < cell.length() && cell.charAt(from) == '\'') {
            from++;
        }
        return cell.substring(from);
    }

    private static String quoted(String cell, char delimiter) {
        boolean plain = cell.chars().noneMatch(it -> it == delimiter || it == '"' || it == '\n' || it == '\r')
                && cell.equals(cell.strip());
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
