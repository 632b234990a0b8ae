package tg.gouv.messagerie.directory.personal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tg.gouv.messagerie.directory.imports.CsvText;

/**
 * Rows of one kind, as they are written: CSV (RFC 4180) for a spreadsheet, JSON for a program.
 *
 * @param rows cells as text; an absent one is empty
 */
public record Table(String name, List<String> columns, List<List<String>> rows) {
    private static final JsonFactory JSON = new JsonFactory();

    /** By which spreadsheets know UTF-8. */
    private static final byte[] MARK = "\ufeff".getBytes(StandardCharsets.UTF_8);

    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /** Writes the tables that have rows, each as a CSV, and all together as one JSON object. */
    public static void write(List<Table> tables, PersonalFiles.Archive archive, String folder) throws IOException {
        for (Table table : tables) {
            if (!table.rows.isEmpty()) {
                archive.file(folder + "/" + table.name + ".csv", out -> {
                    out.write(MARK);
                    out.write(CsvText.row(table.columns, ';').getBytes(StandardCharsets.UTF_8));
                    for (List<String> row : table.rows) {
                        out.write(CsvText.row(row, ';').getBytes(StandardCharsets.UTF_8));
                    }
                });
            }
        }
        archive.file(folder + ".json", out -> {
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.useDefaultPrettyPrinter();
                json.writeStartObject();
                for (Table table : tables) {
                    json.writeArrayFieldStart(table.name);
                    for (List<String> row : table.rows) {
                        json.writeStartObject();
                        for (int i = 0; i < row.size(); i++) {
                            json.writeStringField(table.columns.get(i), row.get(i));
                        }
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                }
                json.writeEndObject();
            }
        });
    }
}
