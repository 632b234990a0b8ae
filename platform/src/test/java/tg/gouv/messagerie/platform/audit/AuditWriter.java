package tg.gouv.messagerie.platform.audit;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** A program that records events and seals them until it is killed; prints each number once its event is durable. */
final class AuditWriter {
    private AuditWriter() {}

    /** Takes the database's URL and password, the data directory, and the folder outside. */
    @SuppressWarnings("SystemOut") // its output is what the test reads
    public static void main(String[] arguments) {
        Database database = Databases.open(TestDatabase.settings(arguments[0], arguments[1]), Path.of(arguments[2]));
        AuditSettings settings = new AuditSettings(
                Duration.ofMillis(10),
                Duration.ofMinutes(1),
                100,
                Duration.ofMinutes(1),
                Optional.of(Path.of(arguments[3])),
                Duration.ofMinutes(1),
                Optional.empty(),
                3);
        AuditTrails trails = AuditTrails.open(database, settings, Path.of(arguments[2]), Clock.systemUTC());
        for (int i = 1; ; i++) {
            trails.trail().record(SealedTrail.event("user" + i));
            System.out.println(i);
        }
    }
}
