package crash;

import static client.Demo.awaitThat;
import static client.Demo.demand;

import client.Demo;
import client.Sheet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/*
 * Kills the program, its PostgreSQL, or both, while mail flows, and counts what came of every acknowledgement:
 *
 *     java deploy/crash/Crash.java [KILLS] [SEED]        from the repository's root, on JDK 25, after a build; 9 kills by default
 *
 * Each round: four clients submit (each message to two people, one of whom files or redirects some of them by a Sieve script),
 * two append and flag over IMAP, one imports over JMAP, two add entries over LDAP; once mail flows, something dies by SIGKILL; what died comes back; the next
 * round goes on with the same data. After a third of the rounds the disk is full for a while; after two thirds the clock is put two
 * minutes back, twice. The full disk needs root (a tmpfs is mounted), the clock libfaketime (Debian package faketime); what cannot be
 * done is said. At the end every message and every entry that was acknowledged must be where it belongs, once, with the same octets,
 * and every UID must be whose it was. Prints a line a round and a table; ends with 1 if anything is wrong.
 */
/** The sum of the rounds. */
final class Crash {
    /** The mailboxes that are looked at. */
    static final List<String> MAILBOXES = List.of("INBOX", "Archive");

    /** Mail flows once so many messages of a round are acknowledged. */
    private static final int FLOWING = 20;

    private static final Duration FLOWS_WITHIN = Duration.ofMinutes(3);
    private static final Duration DELIVERED_WITHIN = Duration.ofMinutes(3);
    private static final Duration DISK_IS_FULL_FOR = Duration.ofSeconds(20);
    private static final Duration CLOCK_GOES_BACK = Duration.ofMinutes(2);

    private enum Victim {
        PROGRAM,
        POSTGRESQL,
        BOTH
    }

    private final Demo demo;
    private final Optional<Disk> disk;
    private final Random random;
    private final Journal journal = new Journal();
    private Sheet sheet;
    private Cast cast;

    private Crash(Demo demo, Optional<Disk> disk, long seed) throws Exception {
        this.demo = demo;
        this.disk = disk;
        this.random = new Random(seed);
        sheet = demo.up();
        cast = Cast.of(sheet);
        cast.install(sheet);
    }

    public static void main(String[] arguments) throws Exception {
        int kills = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.printf("seed %d%n", seed);
        boolean whole;
        if ("root".equals(System.getProperty("user.name"))) {
            try (Disk disk = Disk.mounted();
                    Demo demo = Demo.in(disk.folder(), "crash")) {
                whole = new Crash(demo, Optional.of(disk), seed).run(kills);
            }
        } else {
            try (Demo demo = Demo.fresh("crash")) {
                whole = new Crash(demo, Optional.empty(), seed).run(kills);
            }
        }
        System.exit(whole ? 0 : 1);
    }

    private boolean run(int kills) throws Exception {
        for (int kill = 0; kill < kills; kill++) {
            if (kill == kills / 3) {
                fullDisk();
            }
            if (kill == kills * 2 / 3) {
                clockGoesBack();
            }
            kill(kill + 1, Victim.values()[kill % Victim.values().length]);
        }
        Inspection inspection = settled();
        System.out.print(inspection.table());
        demand(demo.run("down") == 0, "down failed");
        inspection.faults().stream().limit(20).forEach(System.out::println);
        if (!inspection.faults().isEmpty()) {
            System.out.println("what the program logged: " + demo.keepLog());
        }
        System.out.println(inspection.faults().isEmpty() ? "OK" : inspection.faults().size() + " faults");
        return inspection.faults().isEmpty();
    }

    private void kill(int round, Victim victim) throws Exception {
        long before = journal.acknowledged();
        try (Load _ = load()) {
            flows(before);
            Thread.sleep(random.nextInt(3_000));
            kill(victim);
            Thread.sleep(500); // some clients go on meanwhile
        }
        long begun = System.nanoTime();
        back(victim);
        say("kill %2d  %-10s".formatted(round, victim), before, "back", begun);
    }

    private void fullDisk() throws Exception {
        if (disk.isEmpty()) {
            System.out.println("full disk: left out, it needs root");
            return;
        }
        long before = journal.acknowledged();
        try (Load _ = load()) {
            flows(before);
            disk.get().fill();
            long full = journal.acknowledged();
            disk.get().keepFull(DISK_IS_FULL_FOR);
            System.out.printf("full disk  %4d acknowledged within what was there, %s%n", journal.acknowledged() - full, journal.refusals());
            demand(journal.refused(false), "no small message was refused: the disk of PostgreSQL was not full");
            demand(journal.refused(true), "no large message was refused: the disk of the objects was not full");
            disk.get().free();
            long begun = System.nanoTime();
            long then = journal.acknowledged();
            flows(then);
            say("full disk", before, "mail flows", begun);
        }
        sheet = demo.now(); // PostgreSQL may have been started again
    }

    private void clockGoesBack() throws Exception {
        Optional<Clock> clock = Clock.right(disk.isPresent() ? disk.get().folder() : Path.of("deploy/target"));
        if (clock.isEmpty()) {
            System.out.println("clock: left out, it needs libfaketime");
            return;
        }
        demand(demo.run("down") == 0, "down failed");
        demo.environment(clock.get().environment());
        sheet = demo.up();
        long before = journal.acknowledged();
        long begun;
        try (Load _ = load()) {
            flows(before);
            clock.get().set(CLOCK_GOES_BACK.negated());
            flows(journal.acknowledged());
            clock.get().set(CLOCK_GOES_BACK.negated().multipliedBy(2));
            begun = System.nanoTime();
            flows(journal.acknowledged());
            kill(Victim.PROGRAM);
        }
        back(Victim.PROGRAM);
        say("clock -120 s, -120 s, PROGRAM", before, "back", begun);
        demand(demo.run("down") == 0, "down failed");
        demo.environment(Map.of());
        sheet = demo.up();
    }

    private Load load() {
        return Load.start(sheet, cast, journal, random.nextLong());
    }

    private void flows(long before) throws Exception {
        awaitThat(FLOWS_WITHIN, "acknowledgements", () -> journal.acknowledged() > before + FLOWING);
    }

    private void say(String what, long before, String comes, long begun) {
        System.out.printf(
                "%s  %4d acknowledged, %s in %.1f s%n",
                what, journal.acknowledged() - before, comes, (System.nanoTime() - begun) / 1e9);
    }

    private void kill(Victim victim) throws Exception {
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
    private void back(Victim victim) throws Exception {
        switch (victim) {
            case PROGRAM, BOTH -> sheet = demo.up();
            case POSTGRESQL -> {
                sheet = demo.awaitOther("postgresql", sheet.process("postgresql"));
                awaitThat(Duration.ofMinutes(1), "a sign-in", () -> Load.canSignIn(sheet));
            }
        }
    }

    /** Looks until every acknowledged message has been delivered, or nothing changes any more. */
    private Inspection settled() throws Exception {
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
