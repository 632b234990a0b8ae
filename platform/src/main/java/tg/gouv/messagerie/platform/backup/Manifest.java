package tg.gouv.messagerie.platform.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tg.gouv.messagerie.platform.database.SchemaVersion;
import tg.gouv.messagerie.platform.database.SequenceState;
import tg.gouv.messagerie.platform.database.Table;

/**
 * What a backup consists of.
 *
 * @param format of the backup, 1
 * @param program the version that made it
 * @param made when, as ISO 8601 writes it
 */
record Manifest(
        int format,
        String program,
        String made,
        List<SchemaCopy> schemas,
        ObjectCopies objects,
        List<SavedCopy> files) {
    static final String FILE = "manifest.json";
    static final int FORMAT = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    Manifest {
        Instant.parse(made);
        schemas = List.copyOf(schemas);
        files = List.copyOf(files);
        if (program.isBlank() || objects == null) {
            throw new IllegalArgumentException("the manifest lacks something");
        }
    }

    /** A schema with its tables. */
    record SchemaCopy(SchemaVersion version, List<TableCopy> tables, List<SequenceState> sequences) {
        SchemaCopy {
            tables = List.copyOf(tables);
            sequences = List.copyOf(sequences);
            if (version == null) {
                throw new IllegalArgumentException("a schema has a version");
            }
        }
    }

    /** A table's rows, in PostgreSQL's binary format. */
    record TableCopy(Table table, long rows, Content content) {
        TableCopy {
            if (table == null || content == null || rows < 0) {
                throw new IllegalArgumentException("a table has rows and a file");
            }
        }
    }

    /**
     * The objects outside of the database.
     *
     * @param damaged how many the blob store did not have, or not as they were stored
     * @param list a line per object (ObjectLine)
     */
    record ObjectCopies(long count, long bytes, long damaged, Content list) {
        ObjectCopies {
            if (count < 0 || bytes < 0 || damaged < 0 || list == null) {
                throw new IllegalArgumentException("objects have a list");
            }
        }
    }

    /** Where a file belongs. */
    enum Place {
        /** In the data directory, below it. */
        DATA,
        /** The settings file, which is not in the data directory. */
        SETTINGS,
        /** A file that the settings name, which is not in the data directory. */
        ELSEWHERE
    }

    /**
     * A file beside the database.
     *
     * @param path below the data directory, or where it was
     * @param mode as {@code ls} writes it, nine characters
     */
    record SavedCopy(Place place, String path, String mode, Content content) {
        private static final Pattern MODE = Pattern.compile("(?:[r-][w-][x-]){3}");

        SavedCopy {
            Path written = Path.of(path);
            boolean out = written.isAbsolute()
                    || !written.equals(written.normalize())
                    || written.startsWith("..")
                    || path.isEmpty();
            if (place == null || content == null || !MODE.matcher(mode).matches() || (place == Place.DATA && out)) {
                throw new IllegalArgumentException("not a file that a backup takes: " + path);
            }
        }
    }

    /** Every table. */
    Set<Table> tables() {
        return schemas.stream()
                .flatMap(schema -> schema.tables().stream())
                .map(TableCopy::table)
                .collect(Collectors.toSet());
    }

    /** The manifest as its file. */
    byte[] bytes() {
        try {
            return (MAPPER.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a manifest.
     *
     * @param where the file, for the sentence of a refusal
     * @throws BackupRefused if it is none, or a newer program's
     */
    static Manifest of(byte[] bytes, Path where) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            int format = MAPPER.readTree(text).path("format").asInt(0);
            if (format > FORMAT) {
                throw new BackupRefused(
                        BackupRefused.Kind.DAMAGED,
                        "The backup " + where.getParent() + " has format " + format + ", this program knows " + FORMAT
                                + ": use the version of Messagerie that made it, or a later one.");
            }
            Manifest manifest = MAPPER.readValue(text, Manifest.class);
            if (format != FORMAT) {
                throw new IllegalArgumentException("no such format: " + format);
            }
            return manifest;
        } catch (JsonProcessingException | RuntimeException e) {
            if (e instanceof BackupRefused refused) {
                throw refused;
            }
            throw new BackupRefused(
                    BackupRefused.Kind.DAMAGED, where + " is not the manifest of a backup, or is damaged.", e);
        }
    }
}
