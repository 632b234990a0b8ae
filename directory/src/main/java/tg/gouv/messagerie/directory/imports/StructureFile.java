package tg.gouv.messagerie.directory.imports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.imports.Imports.Kind;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;

/** A file of entities or of positions: the rows that can be read, and what is wrong with the others. Looks at the file alone. */
public final class StructureFile implements ImportFile {
    private final CsvReader reader;
    private final Kind kind;
    private final List<String> titles;
    private final Map<Column, Integer> places;
    private final RefusedRows refused;
    private final List<Row> rows = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Integer> codes = new HashMap<>();
    private int read;

    private StructureFile(CsvReader reader, Kind kind, List<String> titles, Map<Column, Integer> places) {
        this.reader = reader;
        this.kind = kind;
        this.titles = titles;
        this.places = places;
        this.refused = new RefusedRows(titles);
    }

    /** The columns of both, in the order in which we write them. */
    public enum Column {
        CODE("code"),
        /** Of an entity. */
        NAME("nom|name"),
        /** Of a position. */
        TITLE("intitule|titre|title"),
        /** The entity that an entity is a part of. */
        PARENT("parent"),
        /** The entity of a position. */
        ENTITY("entite|entity"),
        /** The address rule of an entity. */
        RULE("regle|rule");

        /** With a bar between them. */
        private final String names;

        Column(String names) {
            this.names = names;
        }

        private boolean isCalled(String name) {
            String compared = Fold.compared(name);
            return List.of(names.split("\\|")).stream()
                    .anyMatch(it -> Fold.compared(it).equals(compared));
        }

        /** Our name for it, in French. */
        public String title() {
            return List.of(names.split("\\|")).getFirst();
        }
    }

    /** The columns of a file, in the order in which we write them. */
    public static List<Column> columns(Kind kind) {
        return kind == Kind.POSITIONS
                ? List.of(Column.CODE, Column.TITLE, Column.ENTITY)
                : List.of(Column.CODE, Column.NAME, Column.PARENT, Column.RULE);
    }

    /**
     * A row that can be read; a cell is empty where the row says nothing, and a hyphen where it says that there is none.
     *
     * @param of the entity above
     * @param rule how people get their addresses; always empty for a position
     */
    public record Row(int line, String code, String name, String of, String rule) {}

    /** What a file holds by its first row; nothing if it is none of these. */
    public static Optional<Kind> kind(CsvRow header) {
        List<String> titles = header.cells().stream().map(String::strip).toList();
        if (titles.stream().anyMatch(PersonColumn.NUMBER::isCalled)
                || titles.stream().noneMatch(Column.CODE::isCalled)) {
            return Optional.empty();
        }
        if (titles.stream().anyMatch(Column.TITLE::isCalled)) {
            return Optional.of(Kind.POSITIONS);
        }
        return titles.stream().anyMatch(Column.NAME::isCalled) ? Optional.of(Kind.ENTITIES) : Optional.empty();
    }

    /**
     * Reads a file to its end.
     *
     * @param header its first row, which was read already
     * @param rowsMax more rows are refused
     * @throws ImportRefused if a column is missing, or there twice
     */
    public static StructureFile read(Kind kind, CsvRow header, CsvReader reader, int rowsMax) throws IOException {
        List<String> titles = header.cells().stream().map(String::strip).toList();
        Map<Column, Integer> places = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            for (int i = 0; i < titles.size(); i++) {
                if (column.isCalled(titles.get(i)) && places.putIfAbsent(column, i) != null) {
                    throw new ImportRefused(ImportRefused.Reason.COLUMN_TWICE, titles.get(i));
                }
            }
        }
        if (kind == Kind.POSITIONS && !places.containsKey(Column.ENTITY)) {
            throw new ImportRefused(
                    ImportRefused.Reason.COLUMN_MISSING, Column.ENTITY.title(), String.join(", ", titles));
        }
        StructureFile file = new StructureFile(reader, kind, titles, places);
        for (Optional<CsvRow> row = reader.next(); row.isPresent(); row = reader.next()) {
            if (row.get().fault().isEmpty() && CsvText.isComment(file.cell(row.get(), Column.CODE))) {
                continue;
            }
            if (++file.read > rowsMax) {
                throw new ImportRefused(ImportRefused.Reason.TOO_MANY_ROWS, String.valueOf(rowsMax));
            }
            file.refused.add(row.get());
            file.row(row.get()).ifPresent(file.rows::add);
        }
        return file;
    }

    @Override
    public Format format() {
        return reader.format();
    }

    /** Entities or positions. */
    public Kind kind() {
        return kind;
    }

    /** The rows that can be imported as far as the file alone tells, in its order. */
    public List<Row> rows() {
        return rows;
    }

    /** What is wrong with others. */
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public int count() {
        return read;
    }

    @Override
    public String encoding() {
        return reader.encoding();
    }

    @Override
    public char delimiter() {
        return reader.delimiter();
    }

    @Override
    public String refusedHeader() {
        return refused.header(delimiter());
    }

    @Override
    public String refusedRow(int line, String why) {
        return refused.row(line, why, delimiter());
    }

    @Override
    public void keepOnly(Set<Integer> lines) {
        refused.keepOnly(lines);
    }

    /** What the file calls a column. */
    String title(Column column) {
        Integer place = places.get(column);
        return place == null ? column.title() : titles.get(place);
    }

    /** The column of the entity above. */
    Column above() {
        return kind == Kind.ENTITIES ? Column.PARENT : Column.ENTITY;
    }

    /** The column of the name. */
    Column name() {
        return kind == Kind.ENTITIES ? Column.NAME : Column.TITLE;
    }

    private Optional<Row> row(CsvRow row) {
        if (row.fault().isPresent()) {
            CsvRow.Fault fault = row.fault().get();
            String column = fault.column() <= titles.size() ? titles.get(fault.column() - 1) : "" + fault.column();
            problems.add(Problem.of(row, fault, column));
            return Optional.empty();
        }
        int last = row.cells().size();
        if (last > titles.size() && !row.cells().get(last - 1).isBlank()) {
            problems.add(Problem.of(
                    Problem.Kind.TOO_MANY_CELLS,
                    row,
                    last - 1,
                    String.valueOf(last),
                    row.cells().get(last - 1)));
            return Optional.empty();
        }
        for (Map.Entry<Column, Integer> each : places.entrySet()) {
            if (CsvText.isFormula(row.cell(each.getValue()))) {
                return wrong(row, Problem.Kind.FORMULA, each.getKey(), row.cell(each.getValue()));
            }
        }
        Row read = new Row(
                row.line(),
                cell(row, Column.CODE),
                cell(row, name()),
                cell(row, above()),
                kind == Kind.ENTITIES ? cell(row, Column.RULE) : "");
        return checked(row, read);
    }

    private Optional<Row> checked(CsvRow row, Row read) {
        if (!isCode(read.code())) {
            return wrong(row, Problem.Kind.BAD_CODE, Column.CODE, read.code());
        }
        if (!read.of().isEmpty() && !read.of().equals(PersonRow.NOTHING) && !isCode(read.of())) {
            return wrong(row, Problem.Kind.BAD_CODE, above(), read.of());
        }
        String name = read.name();
        if (!name.isEmpty()) {
            try {
                name = new Entity(new EntityCode(read.code()), name, Optional.empty()).name();
            } catch (ProvisioningRefused e) {
                return wrong(row, Problem.Kind.BAD_NAME, name(), read.name());
            }
        }
        if (!read.rule().isEmpty() && !read.rule().equals(PersonRow.NOTHING)) {
            try {
                AddressRule.parse(read.rule());
            } catch (IllegalArgumentException e) {
                return wrong(row, Problem.Kind.BAD_RULE, Column.RULE, read.rule());
            }
        }
        Integer other = codes.putIfAbsent(read.code(), read.line());
        if (other != null) {
            problems.add(new Problem(
                    Problem.Kind.CODE_TWICE, read.line(), read.line(), title(Column.CODE), read.code(), other, ""));
            return Optional.empty();
        }
        return Optional.of(new Row(read.line(), read.code(), name, read.of(), read.rule()));
    }

    private static boolean isCode(String text) {
        try {
            new PositionCode(text); // codes of entities are like those of positions
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String cell(CsvRow row, Column column) {
        Integer place = places.get(column);
        return place == null ? "" : CsvText.unescaped(row.cell(place));
    }

    private Optional<Row> wrong(CsvRow row, Problem.Kind problem, Column column, String value) {
        Integer place = places.get(column);
        problems.add(
                place == null
                        ? Problem.of(problem, row.line(), title(column), value)
                        : Problem.of(problem, row, place, title(column), value));
        return Optional.empty();
    }
}
