package tg.gouv.messagerie.directory.imports;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first row of a file of people.
 *
 * @param titles as they are in the file
 * @param places where each of our columns is, from 0
 */
record Header(List<String> titles, Map<PersonColumn, Integer> places) {
    /** The column in which a file of refused rows says why; it is never read. */
    static final String PROBLEM = "probleme";

    /**
     * Finds our columns.
     *
     * @throws ImportRefused if one is missing, or there twice, or is not the one that a mapping names
     */
    static Header of(CsvRow row, Mapping mapping) {
        List<String> titles = row.cells().stream().map(String::strip).toList();
        Map<PersonColumn, Integer> places = new EnumMap<>(PersonColumn.class);
        Map<PersonColumn, Optional<String>> named = mapping.columns().names();
        for (PersonColumn column : PersonColumn.values()) {
            Optional<String> name = named.getOrDefault(column, Optional.empty());
            for (int i = 0; i < titles.size(); i++) {
                String title = titles.get(i);
                boolean fits = name.isPresent() ? title.equals(name.get().strip()) : column.isCalled(title);
                if (fits && places.putIfAbsent(column, i) != null) {
                    throw new ImportRefused(ImportRefused.Reason.COLUMN_TWICE, title);
                }
            }
            if (name.isPresent() && !places.containsKey(column)) {
                throw new ImportRefused(ImportRefused.Reason.NO_SUCH_COLUMN, name.get(), String.join(", ", titles));
            }
        }
        if (!places.containsKey(PersonColumn.NUMBER)) {
            throw new ImportRefused(
                    ImportRefused.Reason.COLUMN_MISSING, PersonColumn.NUMBER.title(), String.join(", ", titles));
        }
        return new Header(titles, places);
    }

    /** The cell of a column; empty if the file has no such column. */
    String cell(CsvRow row, PersonColumn column) {
        Integer place = places.get(column);
        return place == null ? "" : CsvText.unescaped(row.cell(place));
    }

    /** What the file calls a column. */
    String title(PersonColumn column) {
        Integer place = places.get(column);
        return place == null ? column.title() : titles.get(place);
    }

    /** What the file calls the column with this number, from 1; a hyphen for none. */
    String title(int number) {
        return number == 0 ? "-" : number <= titles.size() ? titles.get(number - 1) : String.valueOf(number);
    }
}
