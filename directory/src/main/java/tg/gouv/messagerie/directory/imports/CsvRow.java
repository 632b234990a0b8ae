package tg.gouv.messagerie.directory.imports;

import java.util.List;
import java.util.Optional;

/**
 * A row of a CSV file.
 *
 * @param line the line of the file on which it begins, from 1
 * @param cells without their quotes; as well as they could be read if there is a fault
 * @param fault why it is no row of CSV
 */
public record CsvRow(int line, List<String> cells, Optional<Fault> fault) {
    public CsvRow {
        cells = List.copyOf(cells);
    }

    /** The cell of a column, without spaces around it; empty where the row is too short. */
    String cell(int column) {
        return column < cells.size() ? cells.get(column).strip() : "";
    }

    /**
     * Where a row cannot be read.
     *
     * @param column the number of the cell, from 1
     */
    public record Fault(Kind kind, int line, int column) {}

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
        NO_CHARACTER
    }
}
