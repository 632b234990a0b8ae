package tg.gouv.messagerie.directory.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.imports.Problem;
import tg.gouv.messagerie.platform.audit.UnsealedTrail;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** Prints how long 70,000 people take to be imported, imported again and given back on this machine; a program to run, not a test. */
final class ImportFigures {
    private static final int PEOPLE = 70_000;

    private ImportFigures() {}

    public static void main(String[] arguments) throws Exception {
        try (Database database = TestDatabase.fresh()) {
            database.migrate("platform");
            try (Directories directories = Directories.open(
                    database,
                    DirectorySettings.byDefault(),
                    Files.createTempDirectory("figures"),
                    new UnsealedTrail(database.connections("trail", "platform", 1)),
                    (_, _) -> {},
                    Clock.systemUTC(),
                    new SecureRandom())) {
                directories.provisioning().domain("gouv.tg");
                Path folder = Files.createTempDirectory("figures");
                ImportKilledTest.population(folder, PEOPLE, 0);
                timed("entities", directories, Files.readAllBytes(folder.resolve("entities.csv")));
                timed("positions", directories, Files.readAllBytes(folder.resolve("positions.csv")));
                byte[] file = Files.readAllBytes(folder.resolve("people.csv"));
                Imports.Report first = timed("import", directories, file);
                timed("the same again", directories, file);
                long before = System.nanoTime();
                directories.imports().export(Imports.Kind.PEOPLE, _ -> {});
                say("export", before);
                before = System.nanoTime();
                directories.imports().undo(first.id().orElseThrow());
                say("undo", before);
            }
        }
    }

    private static Imports.Report timed(String what, Directories directories, byte[] file) throws IOException {
        long before = System.nanoTime();
        Imports.Report report = directories
                .imports()
                .run(
                        new Imports.Order("figures.csv", Mapping.none(), false, false, false, Locale.FRENCH),
                        new ByteArrayInputStream(file),
                        new Imports.Watch() {
                            @Override
                            public void at(long done, long of) {}

                            @Override
                            public void change(String sentence) {}

                            @Override
                            public void problem(Problem problem, String sentence) {}

                            @Override
                            public void refused(String line) {}
                        });
        say(
                what + ": " + report.made() + " made, " + report.changed() + " changed, " + report.unchanged()
                        + " unchanged",
                before);
        return report;
    }

    private static void say(String what, long before) {
        System.out.printf(Locale.ROOT, "%-60s %,8.1f s%n", what, (System.nanoTime() - before) / 1e9);
    }
}
