package tg.gouv.messagerie.directory.imports;

import java.util.List;
import java.util.Optional;

/**
 * A row of a CSV file, or an entry of LDIF as one.
 *
 * @param line the line of the file on which it begins, from 1
 * @param cells without their quotes; as well as they could be read if there is a fault
 * @param lines on which line each cell begins; empty if all on the row's
 * @param fault why it is no row
 */
public record CsvRow(int line, List<String> cells, List<Integer> lines, Optional<Fault> fault) {
    public CsvRow {
        cells = List.copyOf(cells);
        lines = List.copyOf(lines);
    }

    /** On which line the cell of a column begins. */
    int line(int column) {
        return column < lines.size() ? lines.get(column) : line;
    }

    /** The cell of a column, without spaces around it; empty where the row is too short. */
    String cell(int column) {
        return column < cells.size() ? cells.get(column).strip() : "";
    }

    /**
     * Where a row cannot be read.
     *
     * @param column the number of the cell, from 1; 0 if it is in no column
     * @param value what is wrong, or empty
     */
    public record Fault(Kind kind, int line, int column, String value) {}

    /** What can be wrong with the form of a row. */
    public enum Kind {
        /** A quotation mark inside a cell that does not begin with one. */
        BARE_QUOTE,
        /** Something between the quotation mark that ends a cell and the next delimiter. */
        AFTER_QUOTE,
        /** The file ends inside quotation marks. */
        OPEN_QUOTE,
        CELL_TOO_LONG,
        ROW_TOO_LONG,
        TOO_MANY_CELLS,
        /** Octets that are not of the encoding of the rest of the file. */
        OTHER_ENCODING,
        /** An octet that is no character. */
        NO_CHARACTER,
        /** A line that is not an attribute and its value. */
        LDIF_LINE,
        /** An entry that does not begin with its name. */
        LDIF_DN,
        /** Something else than an entry that is added. */
        LDIF_CHANGE,
        /** A value that is somewhere else. */
        LDIF_URL,
        LDIF_BASE64,
        /** A value that is no text where one is needed. */
        LDIF_BINARY,
        /** Several values of what a person has one of. */
        SEVERAL_VALUES
    }
}
