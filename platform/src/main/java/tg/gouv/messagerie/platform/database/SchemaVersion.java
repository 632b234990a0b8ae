package tg.gouv.messagerie.platform.database;

import java.util.List;

/**
 * Which migrations made a schema.
 *
 * @param applied in the order in which they were applied; one at least
 */
public record SchemaVersion(String schema, List<Step> applied) {
    /**
     * One migration.
     *
     * @param version such as {@code 007}
     * @param checksum of its text
     */
    public record Step(String version, int checksum) {}

    public SchemaVersion {
        applied = List.copyOf(applied);
        if (applied.isEmpty()) {
            throw new IllegalArgumentException("a schema has one migration at least: " + schema);
        }
    }

    /** The last migration's version. */
    public String version() {
        return applied.getLast().version();
    }
}
