package tg.gouv.messagerie.directory.imports;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/*
 * Every row is kept until it is known which are refused, so it is kept small: its cells as one array of octets, with a NUL between them,
 * which is no part of any text.
 */
/** The rows of a file that may have to be given back, as they were, with why in a column of their own. */
final class RefusedRows {
    private static final String BETWEEN = "\0";

    private final List<String> titles;
    private final Map<Integer, byte[]> rows = new HashMap<>();

    RefusedRows(List<String> titles) {
        this.titles = List.copyOf(titles);
    }

    void add(CsvRow row) {
        List<String> cells =
                row.cells().stream().map(it -> it.replace(BETWEEN, "\uFFFD")).toList();
        rows.put(row.line(), String.join(BETWEEN, cells).getBytes(StandardCharsets.UTF_8));
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
        byte[] kept = rows.getOrDefault(line, new byte[0]);
        String[] row = new String(kept, StandardCharsets.UTF_8).split(BETWEEN, -1);
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < titles.size(); i++) {
            if (!titles.get(i).equals(Header.PROBLEM)) {
                cells.add(i < row.length ? CsvText.unescaped(row[i]) : "");
            }
        }
        cells.add(why);
        return CsvText.row(cells, delimiter);
    }
}
