package tg.gouv.messagerie.platform.database;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of one of our schemas, as its rows are copied.
 *
 * @param columns what a row consists of, in this order; columns that PostgreSQL computes are not among them
 */
public record Table(String schema, String name, List<String> columns) {
    public Table {
        columns = List.copyOf(columns);
    }

    /** {@code schema.name}, for people. */
    @Override
    public String toString() {
        return schema + "." + name;
    }

    /** The table as a statement names it. */
    String quoted() {
        return quoted(schema) + "." + quoted(name);
    }

    /** The columns as a statement lists them. */
    String quotedColumns() {
        return columns.stream().map(Table::quoted).collect(Collectors.joining(", "));
    }

    /** An identifier as a statement names it, whatever is in it. */
    static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
