package crash;

import static client.Demo.awaitThat;
import static client.Demo.demand;

import client.Demo;
import client.Sheet;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/*
 * Kills the program, its PostgreSQL, or both, while mail flows, and counts what came of every acknowledgement:
 *
 *     java deploy/crash/Crash.java [ROUNDS] [SEED]        from the repository's root, on JDK 25, after a build; 9 rounds by default
 *
 * Each round: four clients submit (each message to two people, one of whom files or redirects some of them by a Sieve script),
 * two append and flag over IMAP; once mail flows, something dies by SIGKILL; what died comes back; the next round goes
 * on with the same data. At the end every message that was acknowledged must be where it belongs, once, with the same octets,
 * and every UID must be whose it was. Prints a line a round and a table; ends with 1 if anything is wrong.
 */
/** The sum of the rounds. */
final class Crash {
    /** The mailboxes that are looked at. */
    static final List<String> MAILBOXES = List.of("INBOX", "Archive");

    /** Mail flows once so many messages of a round are acknowledged. */
    private static final int FLOWING = 20;

    private static final Duration FLOWS_WITHIN = Duration.ofMinutes(2);
    private static final Duration DELIVERED_WITHIN = Duration.ofMinutes(3);

    private enum Victim {
        PROGRAM,
        POSTGRESQL,
        BOTH
    }

    private Crash() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        Journal journal = new Journal();
        try (Demo demo = Demo.fresh("crash")) {
            Sheet sheet = demo.up();
            Cast cast = Cast.of(sheet);
            cast.install(sheet);
            Random random = new Random(seed);
            System.out.printf("seed %d%n", seed);
            for (int round = 1; round <= rounds; round++) {
                Victim victim = Victim.values()[(round - 1) % Victim.values().length];
                long before = journal.acknowledged();
                try (Load _ = Load.start(sheet, cast, journal, random.nextLong())) {
                    awaitThat(FLOWS_WITHIN, "acknowledgements", () -> journal.acknowledged() > before + FLOWING);
                    Thread.sleep(random.nextInt(3_000));
                    kill(victim, sheet);
                    Thread.sleep(500); // some clients go on meanwhile
                }
                long begun = System.nanoTime();
                sheet = back(demo, sheet, victim);
                System.out.printf(
                        "round %2d  %-10s  %4d acknowledged, back in %.1f s%n",
                        round,
                        victim,
                        journal.acknowledged() - before,
                        (System.nanoTime() - begun) / 1e9);
            }
            Inspection inspection = settled(sheet, cast, journal);
            System.out.print(inspection.table());
            demand(demo.run("down") == 0, "down failed");
            inspection.faults().stream().limit(20).forEach(System.out::println);
            System.out.println(inspection.faults().isEmpty() ? "OK" : inspection.faults().size() + " faults");
            System.exit(inspection.faults().isEmpty() ? 0 : 1);
        }
    }

    private static void kill(Victim victim, Sheet sheet) throws Exception {
        switch (victim) {
            case PROGRAM -> Demo.killAlone(sheet.process("messagerie"));
            case POSTGRESQL -> Demo.kill(sheet.process("postgresql"));
            case BOTH -> {
                Demo.killAlone(sheet.process("messagerie"));
                Demo.kill(sheet.process("postgresql"));
            }
        }
    }

    /** What died comes back: PostgreSQL by itself, the program by being started. */
    private static Sheet back(Demo demo, Sheet sheet, Victim victim) throws Exception {
        return switch (victim) {
            case PROGRAM, BOTH -> demo.up();
            case POSTGRESQL -> {
                Sheet now = demo.awaitOther("postgresql", sheet.process("postgresql"));
                awaitThat(Duration.ofMinutes(1), "a sign-in", () -> Load.canSignIn(now));
                yield now;
            }
        };
    }

    /** Looks until every acknowledged message has been delivered, or nothing changes any more. */
    private static Inspection settled(Sheet sheet, Cast cast, Journal journal) throws Exception {
        long deadline = System.nanoTime() + DELIVERED_WITHIN.toNanos();
        Inspection before = Inspection.of(sheet, cast, journal);
        while (true) {
            Thread.sleep(5_000);
            Inspection now = Inspection.of(sheet, cast, journal);
            boolean quiet = now.found().equals(before.found());
            if (quiet && (now.missing() == 0 || System.nanoTime() > deadline)) {
                return now;
            }
            before = now;
        }
    }
}
