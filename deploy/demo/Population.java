package demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/*
 * The fictitious State that deploy/demo/population writes, with the JDK alone. The same seed and number of people write the same octets on every
 * machine: java.util.Random's sequence is part of its specification. Nobody in it exists.
 */
/** Writes entities.csv, positions.csv and people.csv. */
final class Population {
    private static final long SEED = 2026;

    /** By how many the rows of the file of people that are wrong are apart. */
    private static final int BAD_EVERY = 1_400;

    private static final String[] MINISTRIES = {
        "Action sociale", "Administration territoriale", "Affaires étrangères", "Agriculture", "Commerce", "Communication",
        "Culture et Tourisme", "Défense", "Développement à la base", "Eau et Assainissement", "Économie numérique",
        "Enseignement supérieur", "Enseignements primaire et secondaire", "Environnement", "Finances", "Fonction publique",
        "Justice", "Santé", "Sports et Loisirs", "Travaux publics"
    };

    private static final String[] DIRECTORATES = {
        "Cabinet", "Secrétariat général", "Direction des affaires financières", "Direction des ressources humaines",
        "Direction des systèmes d'information", "Direction de la planification", "Direction des études",
        "Direction de la communication", "Inspection générale"
    };

    private static final String[] SERVICES = {
        "Service du budget", "Service du personnel", "Service de la documentation", "Service du courrier", "Service de l'équipement"
    };

    private static final String[] REGIONS = {"Maritime", "Plateaux", "Centrale", "Kara", "Savanes"};

    private static final String[] TITLES = {"Chargé d'études", "Secrétaire", "Comptable", "Agent"};

    private static final String[] GIVEN = {
        "Abalo", "Abdoulaye", "Abla", "Adjoa", "Adjovi", "Afi", "Aïchatou", "Akofa", "Akossiwa", "Akou", "Alassane", "Amavi", "Ama",
        "Améyo", "Ayélé", "Bassirou", "Bénédicte", "Bilali", "Céline", "Dédé", "Éboé", "Édem", "Élise", "Elom", "Essi", "Esso",
        "Essohanam", "Essozimna", "Fatouma", "Félicité", "François", "Gnimdéwa", "Grâce", "Hodalo", "Ibrahim", "Innocent",
        "Issaka", "Jean-Baptiste", "Jérôme", "Kafui", "Kodjo", "Kodzo", "Koffi", "Kofi", "Kokou", "Komi", "Komlan", "Kossi", "Kossiwa",
        "Kwami", "Latifa", "Léontine", "Mama", "Marie-Thérèse", "Massan", "Mawuli", "Mazalo", "Mensavi", "Moïse", "Moussa",
        "N'Danida", "Noël", "Pyabalo", "Rachidatou", "Raïssa", "Sénamé", "Séna", "Solange", "Tchilalo", "Théophile", "Victoire",
        "Yao", "Yawa", "Yawo", "Yvette", "Zénabou"
    };

    private static final String[] FAMILY = {
        "Abalodo", "Adjavon", "Afanou", "Agbéko", "Agbodjan", "Ahadzi", "Akakpo", "Alassani", "d'Almeida", "Amégan", "Amouzou",
        "Apaloo", "Atayi", "Awesso", "Ayité", "Azanlédji", "Bakpa", "Bassabi", "Bataba", "Blewussi", "Boukari", "Boukpessi",
        "Dossou", "Dosseh", "Edorh", "Ekué", "Fiagan", "Folly-Bébé", "Gbadamassi", "Gbedemah", "Ihou", "Issifou", "Kabissa", "Kao",
        "Karabou", "Kézié", "Klassou", "Kouassi", "Kpatcha", "Kpodar", "Lawson", "Lawson-Body", "Lémou", "Looky", "Meatchi",
        "de Medeiros", "Mensah", "Mivedor", "N'Guissan", "Nabédé", "Nayo", "Olympio", "Ouro-Bang'na", "Palanga", "Pana",
        "Pitang", "Quashie", "Sama", "Sanvee", "Santos", "Simtaro", "de Souza", "Tchakondo", "Tchalla", "Tchamdja", "Tchédré",
        "Têko", "Tété", "Walla", "Wilson", "Yérima", "Zinsou"
    };

    private final Random random = new Random(SEED);
    private final List<String> services = new ArrayList<>();

    /** {@code DIRECTORY PEOPLE BAD DOMAIN}: how many rows of the people are wrong, 0 usually. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int people = Integer.parseInt(arguments[1]);
        int bad = Integer.parseInt(arguments[2]);
        Population population = new Population();
        population.entities(folder.resolve("entities.csv"), arguments[3]);
        population.positions(folder.resolve("positions.csv"));
        population.people(folder.resolve("people.csv"), people, bad);
    }

    private void entities(Path file, String domain) throws IOException {
        try (PrintWriter out = writer(file)) {
            line(out, "code;nom;parent;regle");
            line(out, "etat;République togolaise;;{given}.{family}@" + domain);
            for (int m = 0; m < MINISTRIES.length; m++) {
                String ministry = "m%02d".formatted(m + 1);
                line(out, ministry + ";Ministère : " + MINISTRIES[m] + ";etat;");
                for (int d = 0; d < DIRECTORATES.length; d++) {
                    String directorate = ministry + ".d%02d".formatted(d + 1);
                    line(out, directorate + ";" + DIRECTORATES[d] + ";" + ministry + ";");
                    for (int s = 0; d > 1 && s < SERVICES.length; s++) {
                        service(out, directorate + ".s%02d".formatted(s + 1), SERVICES[s], directorate);
                    }
                }
                for (int r = 0; r < REGIONS.length; r++) {
                    service(out, ministry + ".r%02d".formatted(r + 1), "Direction régionale " + REGIONS[r], ministry);
                }
            }
        }
    }

    private void service(PrintWriter out, String code, String name, String parent) {
        line(out, code + ";" + name + ";" + parent + ";");
        services.add(code);
    }

    private void positions(Path file) throws IOException {
        try (PrintWriter out = writer(file)) {
            line(out, "code;intitule;entite");
            for (String service : services) {
                line(out, service + ".chef;Chef de service;" + service);
                for (int t = 0; t < TITLES.length; t++) {
                    line(out, service + ".p" + (t + 1) + ";" + TITLES[t] + ";" + service);
                }
            }
        }
    }

    private void people(Path file, int people, int bad) throws IOException {
        try (PrintWriter out = writer(file)) {
            line(out, "matricule;prenoms;nom;entite;poste;debut;langue");
            int wrong = 0;
            for (int i = 0; i < people; i++) {
                String service = services.get(i % services.size());
                String post = i < services.size() ? service + ".chef" : service + ".p" + (1 + random.nextInt(TITLES.length));
                String given = any(GIVEN);
                if (random.nextInt(3) == 0) {
                    given += " " + any(GIVEN);
                }
                String family = any(FAMILY);
                if (random.nextInt(200) == 0) {
                    given = ""; // of one name
                }
                String began = "%d-%02d-01".formatted(1995 + random.nextInt(30), 1 + random.nextInt(12));
                String row = "%06d;%s;%s;%s;%s;%s;%s"
                        .formatted(200_000 + i, given, family, service, post, began, random.nextInt(50) == 0 ? "en" : "fr");
                if (wrong < bad && i % Math.min(BAD_EVERY, Math.max(1, people / bad)) == 0) {
                    row = spoiled(row, wrong++);
                }
                line(out, row);
            }
        }
    }

    private static String spoiled(String row, int kind) {
        String[] cells = row.split(";", -1);
        switch (kind % 5) {
            case 0 -> cells[1] = "=cmd|'/c calc'!A0";
            case 1 -> cells[3] = "nulle.part";
            case 2 -> cells[5] = "2026-02-31";
            case 3 -> cells[0] = "";
            default -> cells[4] = "aucun.poste";
        }
        return String.join(";", cells);
    }

    private String any(String[] of) {
        // the first ones are far more frequent, as names are
        double at = random.nextDouble();
        return of[(int) (at * at * of.length)];
    }

    private static PrintWriter writer(Path file) throws IOException {
        return new PrintWriter(Files.newBufferedWriter(file, UTF_8));
    }

    private static void line(PrintWriter out, String line) {
        out.print(line + "\r\n");
    }
}
