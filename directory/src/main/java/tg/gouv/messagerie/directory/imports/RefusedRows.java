package tg.gouv.messagerie.directory.imports;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of a file that may have to be given back, as they were, with why in a column of their own. */
final class RefusedRows {
    private final List<String> titles;
    private final Map<Integer, CsvRow> rows = new HashMap<>();

    RefusedRows(List<String> titles) {
        this.titles = List.copyOf(titles);
    }

    void add(CsvRow row) {
        rows.put(row.line(), row);
    }

    /** Forgets the other lines. */
    void keepOnly(Set<Integer> lines) {
        rows.keySet().retainAll(lines);
    }

    /** The first row of a file of refused rows. */
    String header(char delimiter) {
        List<String> all = new ArrayList<>(titles);
        all.removeIf(Header.PROBLEM::equals);
        all.add(Header.PROBLEM);
        return CsvText.row(all, delimiter);
    }

    /** A refused row as it was, with why in the column of problems. */
    String row(int line, String why, char delimiter) {
        CsvRow row = rows.get(line);
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < titles.size(); i++) {
            if (!titles.get(i).equals(Header.PROBLEM)) {
                cells.add(
                        row == null || i >= row.cells().size()
                                ? ""
                                : CsvText.unescaped(row.cells().get(i)));
            }
        }
        cells.add(why);
        return CsvText.row(cells, delimiter);
    }
}
