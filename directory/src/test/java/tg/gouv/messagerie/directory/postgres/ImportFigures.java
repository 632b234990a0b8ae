package tg.gouv.messagerie.directory.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.platform.audit.UnsealedTrail;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** Prints how long 70,000 people take to be imported, imported again and given back on this machine; a program to run, not a test. */
final class ImportFigures {
    private static final int PEOPLE = 70_000;
    private static final List<String> GIVEN = List.of(
            "Akossiwa",
            "Kofi",
            "Essohanam",
            "Rachidatou",
            "Marie-Thérèse",
            "Abdoulaye",
            "Afi",
            "Kossi",
            "Pyabalo",
            "Élise",
            "François",
            "Mazalo",
            "Tchilalo",
            "Yawa",
            "Kodjo",
            "Ibrahim",
            "Grâce",
            "Komlan",
            "Aïchatou",
            "Jean-Baptiste");
    private static final List<String> FAMILY = List.of(
            "Mensah",
            "Lawson",
            "Palanga",
            "Tchakondo",
            "d'Almeida",
            "Ouro-Bang'na",
            "Amégan",
            "Tchalla",
            "Issifou",
            "Kpodar",
            "de Souza",
            "Kézié",
            "Bataba",
            "Sanvee",
            "Agbéko",
            "Dosseh",
            "Ayité",
            "Boukari",
            "Adjavon",
            "Gnassingbé");

    private ImportFigures() {}

    public static void main(String[] arguments) throws Exception {
        try (Database database = TestDatabase.fresh()) {
            database.migrate("platform");
            try (Directories directories = Directories.open(
                    database,
                    DirectorySettings.byDefault(),
                    new UnsealedTrail(database.connections("trail", "platform", 1)),
                    (_, _) -> {},
                    Clock.systemUTC(),
                    new SecureRandom())) {
                directories.provisioning().apply(SmallState.state(Map.of()));
                byte[] file = file();
                Imports.Report first = timed("import", directories, file);
                timed("the same again", directories, file);
                long before = System.nanoTime();
                directories.imports().export(_ -> {});
                say("export", before);
                before = System.nanoTime();
                directories.imports().undo(first.id().orElseThrow());
                say("undo", before);
            }
        }
    }

    private static Imports.Report timed(String what, Directories directories, byte[] file) throws IOException {
        Mapping mapping = new Mapping(
                Mapping.none().columns(), List.of(new Mapping.Rule(Optional.empty(), "{given}.{family}@gouv.tg")));
        long before = System.nanoTime();
        Imports.Report report = directories
                .imports()
                .run(
                        new Imports.Order("figures.csv", mapping, false, false, false, Locale.FRENCH),
                        new ByteArrayInputStream(file),
                        new Imports.Watch() {
                            @Override
                            public void at(long done, long of) {}

                            @Override
                            public void change(String sentence) {}

                            @Override
                            public void problem(String sentence) {}

                            @Override
                            public void refused(String line) {}
                        });
        say(
                what + ": " + report.made() + " made, " + report.changed() + " changed, " + report.unchanged()
                        + " unchanged",
                before);
        return report;
    }

    private static byte[] file() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        StringBuilder text = new StringBuilder("matricule;prenoms;nom;entite;poste\n");
        for (int i = 0; i < PEOPLE; i++) {
            text.append(100_000 + i)
                    .append(';')
                    .append(GIVEN.get(random.nextInt(GIVEN.size())))
                    .append(i % 3 == 0 ? " " + GIVEN.get(random.nextInt(GIVEN.size())) : "")
                    .append(';')
                    .append(FAMILY.get(random.nextInt(FAMILY.size())))
                    .append(";budget;agent-budget\n");
        }
        return text.toString().getBytes(UTF_8);
    }

    private static void say(String what, long before) {
        System.out.printf(Locale.ROOT, "%-60s %,8.1f s%n", what, (System.nanoTime() - before) / 1e9);
    }
}
