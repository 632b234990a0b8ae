package tg.gouv.messagerie.platform.database;

import java.util.Arrays;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** A schema brought to the version this program knows; its history is the table {@code migrations} inside the schema. */
final class Migrations {
    private final Flyway flyway;
    private final String schema;

    Migrations(DataSource source, String schema) {
        this(source, schema, "classpath:db/" + schema);
    }

    Migrations(DataSource source, String schema, String location) {
        this(source, schema, location, MigrationVersion.LATEST);
    }

    private Migrations(DataSource source, String schema, String location, MigrationVersion upTo) {
        this.schema = schema;
        this.flyway = Flyway.configure()
                .loggers("slf4j")
                .dataSource(source)
                .schemas(schema)
                .defaultSchema(schema)
                .table("migrations")
                .locations(location)
                .failOnMissingLocations(true)
                .target(upTo)
                .group(true) // an upgrade of several steps happens whole or not at all
                .cleanDisabled(true)
                .load();
    }

    /**
     * The migrations up to this version.
     *
     * @throws DatabaseRefused if this program does not know the schema or the version
     */
    static Migrations upTo(DataSource source, String schema, String version) {
        Migrations wanted;
        boolean isKnown;
        try {
            wanted = new Migrations(source, schema, "classpath:db/" + schema, MigrationVersion.fromVersion(version));
            isKnown = Arrays.stream(wanted.flyway.info().all())
                    .anyMatch(each -> each.getVersion() != null
                            && each.getVersion().getVersion().equals(version)
                            && each.getState().isResolved());
        } catch (FlywayException e) {
            throw new DatabaseRefused("This program does not know the schema " + schema + ": " + firstLine(e), e);
        }
        if (!isKnown) {
            throw new DatabaseRefused("This program does not know migration " + version + " of the schema " + schema
                    + ": use the version of Messagerie that made it, or a later one.");
        }
        return wanted;
    }

    /**
     * Applies what is missing, in one transaction.
     *
     * @throws DatabaseRefused if the schema is not one that this program knows, or a step fails; nothing was changed
     */
    void apply() {
        try {
            demandKnown();
            flyway.migrate();
        } catch (FlywayValidateException e) {
            throw new DatabaseRefused(
                    "Schema " + schema + ": a migration that was already applied differs from the one of"
                            + " this program; run the version that made this database, or restore a backup. "
                            + firstLine(e),
                    e);
        } catch (FlywayException e) {
            throw new DatabaseRefused(
                    "Schema " + schema + " could not be brought up to date, and nothing of it was" + " changed: "
                            + firstLine(e),
                    e);
        }
    }

    private void demandKnown() {
        String unknown = Arrays.stream(flyway.info().applied())
                .filter(each -> each.getState().isApplied() && !each.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        if (!unknown.isEmpty()) {
            throw new DatabaseRefused("Schema " + schema + " is newer than this program, which does not know its"
                    + " migration " + unknown + ": run the version of Messagerie that made it, or restore a backup made"
                    + " before.");
        }
    }

    private static String firstLine(FlywayException e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\n\\s*", " / ");
    }
}
