package bench.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import client.Ldap;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/*
 * The client of deploy/bench/directory/run, with the JDK alone: the same requests to every server.
 *
 *     java DirectoryBench.java people NUMBER > FILE.csv
 *     java DirectoryBench.java ldif HOST PORT CA ACCOUNTS > FILE.ldif
 *     java DirectoryBench.java measure HOST PORT CA ACCOUNTS SECONDS [MEASURE…]
 *
 * ACCOUNTS is a file of lines « dn password », the first of whom may write below ou=applications. MEASURE, how the only measures to take
 * begin. Prints one line a measure: name, operations, seconds, operations/s, p50 ms, p95 ms.
 */
/** Counts what an LDAP server does in a number of seconds. */
final class DirectoryBench {
    private static final String BASE = "dc=gouv,dc=tg";
    private static final int PAGE = 1_000;
    private static final int SHOWN = 50;
    private static final List<String> GIVEN = List.of(
            "Kofi", "Ama", "Akossiwa", "Yao", "Afi", "Komlan", "Essohanam", "Élise", "Marie-Thérèse", "Abdoulaye", "Rachidatou",
            "Kossi", "Adjoa", "Mawuli", "Sena", "Dodji", "Pyalo", "Tchaa", "Bèlè", "Efua", "Kodjo", "Akouvi", "Edem", "Ibrahim", "Fatou",
            "N'Guessan", "Ɖéla", "Yawa", "Koffi", "Amavi");
    private static final List<String> FAMILY = List.of(
            "Mensah", "Lawson", "Kpodar", "Agbéko", "Tchakondo", "Palanga", "d'Almeida", "Ouro-Bang'na", "Amegan", "Dossou", "Kofigoh",
            "Adjavon", "Bakoma", "Gnassé", "Sossou", "Ahianyo", "Amouzou", "Atchou", "Bodjona", "Djagba", "Ekoué", "Folly", "Gbikpi",
            "Hounkpati", "Issifou", "Johnson", "Kokou", "Lamboni", "Moussa", "Nayo", "Olympio", "Pekpeli", "Quashie", "Simtaya", "Tagba",
            "Wilson", "Yovo", "Zinsou", "Akakpo", "Barqué");

    private final String host;
    private final int port;
    private final Path authority;
    private final List<String[]> accounts;
    private final Duration time;
    private final List<String> only;
    private final AtomicInteger added = new AtomicInteger();
    private final String run = Long.toString(System.nanoTime(), 36);

    private DirectoryBench(String[] arguments) throws IOException {
        host = arguments[1];
        port = Integer.parseInt(arguments[2]);
        authority = Path.of(arguments[3]);
        accounts = Files.readAllLines(Path.of(arguments[4])).stream()
                .map(line -> line.split(" ", 2))
                .toList();
        time = Duration.ofSeconds(arguments.length > 5 ? Long.parseLong(arguments[5]) : 0);
        only = Arrays.asList(arguments).subList(Math.min(arguments.length, 6), arguments.length);
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "people" -> people(Integer.parseInt(arguments[1]));
            case "ldif" -> new DirectoryBench(arguments).ldif();
            case "measure" -> new DirectoryBench(arguments).measure();
            default -> throw new IllegalArgumentException("people, ldif or measure, found " + arguments[0]);
        }
    }

    /** The same people whenever they are asked for, many of one name. */
    private static void people(int number) {
        Random random = new Random(2026);
        StringBuilder rows = new StringBuilder("matricule,prenoms,nom,adresse\n");
        for (int i = 0; i < number; i++) {
            String given = GIVEN.get(random.nextInt(GIVEN.size()));
            String family = FAMILY.get(random.nextInt(FAMILY.size()))
                    + (random.nextInt(3) == 0 ? "-" + FAMILY.get(random.nextInt(FAMILY.size())) : "");
            rows.append("B").append(i).append(',').append(given).append(',').append(family).append(',');
            rows.append(ascii(given)).append('.').append(ascii(family)).append(i).append("@gouv.tg\n");
        }
        System.out.print(rows);
    }

    private static String ascii(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replace('ɖ', 'd')
                .replaceAll("[^a-z-]", "");
    }

    /** Everything below the base, for the other server. */
    private void ldif() throws Exception {
        try (Ldap ldap = signedIn(0);
                BufferedWriter out = new BufferedWriter(new java.io.OutputStreamWriter(System.out, UTF_8))) {
            byte[] cookie = new byte[0];
            do {
                cookie = ldap.search(
                                BASE, "(objectClass=*)", PAGE, List.of("*"), Optional.of(cookie), entry -> write(out, entry))
                        .cookie();
            } while (cookie.length > 0);
        }
    }

    private static void write(BufferedWriter out, Ldap.Entry entry) throws IOException {
        out.write("dn:: " + Base64.getEncoder().encodeToString(entry.dn().getBytes(UTF_8)) + "\n");
        for (Map.Entry<String, List<byte[]>> each : entry.attributes().entrySet()) {
            for (byte[] value : each.getValue()) {
                out.write(each.getKey() + ":: " + Base64.getEncoder().encodeToString(value) + "\n");
            }
        }
        out.write("\n");
    }

    /** What one connection does again and again. */
    private interface Step {
        void run(int turn) throws Exception;
    }

    private interface Opening {
        Step open(int connection) throws Exception;
    }

    private void measure() throws Exception {
        List<String> mails = mails();
        for (int connections : new int[] {1, 8, 16}) {
            measure("add x " + connections, connections, _ -> {
                Ldap ldap = signedIn(0);
                return _ -> demand(0, add(ldap));
            });
        }
        for (int connections : new int[] {1, 16}) {
            measure("bind x " + connections, connections, c -> {
                Ldap ldap = signedIn(c);
                String[] account = accounts.get(c % accounts.size());
                return _ -> demand(0, ldap.bind(account[0], account[1]));
            });
        }
        for (int connections : new int[] {1, 16}) {
            measure("mail= x " + connections, connections, c -> {
                Ldap ldap = signedIn(c);
                Random random = new Random(c);
                return _ -> {
                    String mail = mails.get(random.nextInt(mails.size()));
                    Ldap.Found found = ldap.search(BASE, "(mail=" + mail + ")", 0, List.of("cn", "mail", "ou", "title"));
                    demand(0, found.code());
                    demand(1, found.entries());
                };
            });
        }
        measure("address book x 1", 1, c -> {
            Ldap ldap = signedIn(c);
            List<String> parts = List.of("kof", "lam", "wil", "zin", "amo", "gna", "ess", "oly", "fat", "quas");
            return turn -> {
                String part = parts.get(turn % parts.size());
                Ldap.Found found = ldap.search(
                        BASE, "(|(cn=*" + part + "*)(mail=" + part + "*))", SHOWN, List.of("cn", "mail", "ou", "title"));
                if (found.code() != 0 && found.code() != 4 || found.entries() == 0) {
                    throw new IOException("address book " + part + ": " + found);
                }
            };
        });
        measure("dump, 1,000 a page", 1, _ -> {
            Ldap ldap = signedIn(0);
            return _ -> {
                int entries = 0;
                byte[] cookie = new byte[0];
                do {
                    int[] page = {0};
                    cookie = ldap.search(BASE, "(objectClass=*)", PAGE, List.of("*"), Optional.of(cookie), _ -> page[0]++)
                            .cookie();
                    entries += page[0];
                } while (cookie.length > 0);
                if (entries < mails.size()) {
                    throw new IOException("a dump of " + entries);
                }
            };
        });
    }

    private int add(Ldap ldap) throws IOException {
        String name = "bench-" + run + "-" + added.incrementAndGet();
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        attributes.put("objectClass", List.of("top", "person", "organizationalPerson", "inetOrgPerson"));
        attributes.put("cn", List.of(name));
        attributes.put("sn", List.of("Imprimante " + name));
        attributes.put("mail", List.of(name + "@applications.gouv.tg"));
        attributes.put("telephoneNumber", List.of("+228 22 00 00 00"));
        attributes.put("description", List.of("Une entrée comme une application en écrit"));
        return ldap.add("cn=" + name + ",ou=applications," + BASE, attributes);
    }

    private List<String> mails() throws Exception {
        List<String> mails = new ArrayList<>();
        try (Ldap ldap = signedIn(0)) {
            byte[] cookie = new byte[0];
            do {
                cookie = ldap.search("ou=people," + BASE, "(mail=*)", PAGE, List.of("mail"), Optional.of(cookie), entry -> {
                            List<byte[]> values = entry.attributes().get("mail");
                            mails.add(new String(values.getFirst(), UTF_8));
                        })
                        .cookie();
            } while (cookie.length > 0);
        }
        return mails;
    }

    private Ldap signedIn(int connection) throws Exception {
        String[] account = accounts.get(connection % accounts.size());
        Ldap ldap = Ldap.open(host, port, authority);
        demand(0, ldap.bind(account[0], account[1]));
        return ldap;
    }

    private static void demand(int expected, int found) throws IOException {
        if (expected != found) {
            throw new IOException("expected " + expected + ", found " + found);
        }
    }

    private void measure(String name, int connections, Opening opening) throws Exception {
        if (!only.isEmpty() && only.stream().noneMatch(name::startsWith)) {
            return;
        }
        List<Step> steps = new ArrayList<>();
        for (int c = 0; c < connections; c++) {
            steps.add(opening.open(c));
        }
        long begun = System.nanoTime();
        long deadline = begun + time.toNanos();
        List<Future<long[]>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (Step step : steps) {
                running.add(threads.submit((Callable<long[]>) () -> until(deadline, step)));
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        List<Long> all = new ArrayList<>();
        for (Future<long[]> each : running) {
            Arrays.stream(each.get()).forEach(all::add);
        }
        all.sort(null);
        System.out.printf(
                Locale.ROOT,
                "%s\t%d\t%.1f\t%.1f\t%.2f\t%.2f%n",
                name,
                all.size(),
                seconds,
                all.size() / seconds,
                all.get(all.size() / 2) / 1e6,
                all.get(all.size() * 95 / 100) / 1e6);
    }

    private static long[] until(long deadline, Step step) throws Exception {
        long[] took = new long[1 << 20];
        int turn = 0;
        for (long now = System.nanoTime(); now < deadline && turn < took.length; turn++) {
            step.run(turn);
            long then = System.nanoTime();
            took[turn] = then - now;
            now = then;
        }
        return Arrays.copyOf(took, turn);
    }
}
