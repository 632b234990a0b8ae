package tg.gouv.messagerie.directory.postgres;

import java.net.InetAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.Secret;

/** Prints what look-ups and sign-ins cost among 70,000 accounts on this machine; a program to run, not a test. */
final class DirectoryFigures {
    private static final int ACCOUNTS = 70_000;
    private static final Duration EACH = Duration.ofSeconds(5);
    private static final Secret RIGHT = new Secret("soleil-sur-la-lagune");

    private DirectoryFigures() {}

    public static void main(String[] arguments) throws Exception {
        try (Database database = TestDatabase.fresh();
                Directories directories = Directories.open(
                        database,
                        DirectorySettings.byDefault(),
                        Files.createTempDirectory("figures"),
                        new MemoryTrail(),
                        (_, _) -> {},
                        Clock.systemUTC(),
                        new SecureRandom())) {
            directories
                    .provisioning()
                    .apply(SmallState.state(Map.of(SmallState.AKOSSIWA, RIGHT, SmallState.KOFI, RIGHT)));
            long before = System.nanoTime();
            directories
                    .provisioning()
                    .apply(SmallState.state(Map.of(SmallState.AKOSSIWA, RIGHT, SmallState.KOFI, RIGHT)));
            say("second run of a State of 12 acts", (System.nanoTime() - before) / 1e6, "ms");
            fill(database);
            lookUps(directories);
            signIns(directories);
        }
    }

    private static void lookUps(Directories directories) throws Exception {
        for (int threads : new int[] {1, 8}) {
            double rate = rate(
                    threads, () -> directories.directory().byAddress(someone()).orElseThrow());
            say("look-ups of one address, " + threads + " threads", rate, "/s");
        }
        List<MailAddress> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add(someone());
        }
        double rate = rate(1, () -> directories.directory().byAddresses(many));
        say("look-up of 5,000 addresses", 1_000 / rate, "ms");
    }

    private static void signIns(Directories directories) throws Exception {
        InetAddress office = InetAddress.getByName("41.207.10.5");
        for (int threads : new int[] {1, 8}) {
            double rate = rate(threads, () -> {
                SignIn outcome =
                        directories.signIns().signIn(SmallState.AKOSSIWA.toString(), RIGHT, office, Protocol.IMAP);
                if (!(outcome instanceof SignIn.Granted)) {
                    throw new IllegalStateException(outcome.toString());
                }
                return outcome;
            });
            say("sign-ins with a remembered secret, " + threads + " threads", rate, "/s");
        }
        for (int threads : new int[] {1, 8}) {
            long hashed = directories.passwordHashes();
            double rate = rate(
                    threads,
                    () -> directories
                            .signIns()
                            .signIn(
                                    someone().toString(),
                                    new Secret("guess "
                                            + ThreadLocalRandom.current().nextLong()),
                                    InetAddress.getByAddress(randomAddress()),
                                    Protocol.IMAP));
            say("sign-ins that hash and are refused, " + threads + " threads", rate, "/s");
            say("  hashes", (double) (directories.passwordHashes() - hashed), "");
        }
    }

    private static byte[] randomAddress() {
        byte[] address = new byte[4];
        ThreadLocalRandom.current().nextBytes(address);
        return address;
    }

    private static MailAddress someone() {
        return MailAddress.of("person." + ThreadLocalRandom.current().nextInt(ACCOUNTS) + "@gouv.tg");
    }

    private static void fill(Database database) {
        database.connections("fill", "directory", 1).<Integer, RuntimeException>autoCommit(c -> {
            Sql.update(c, """
                    with made as (
                        insert into account(id, kind, state, display_name, made, changed)
                        select gen_random_uuid(), 'person', 'active', 'Person ' || i, now(), now()
                        from generate_series(0, ?) i returning id, display_name)
                    insert into address(address, account_id, role, since)
                    select lower(replace(display_name, ' ', '.')) || '@gouv.tg', id, 'primary', now() from made
                    """, ACCOUNTS - 1);
            Sql.update(
                    c,
                    "insert into credential(account_id, hash, changed) select a.id, h.hash, now() from account a,"
                            + " (select hash from credential limit 1) h where a.display_name like 'Person %'");
            return Sql.update(c, "analyze");
        });
    }

    private interface Act {
        Object run() throws Exception;
    }

    private static double rate(int threads, Act act) throws Exception {
        LongAdder done = new LongAdder();
        long warm = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        long end = warm + EACH.toNanos();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                        act.run();
                        if (now > warm) {
                            done.increment();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        return done.sum() / (double) EACH.toSeconds();
    }

    private static void say(String what, double figure, String unit) {
        System.out.printf(Locale.ROOT, "%-60s %,10.1f %s%n", what, figure, unit);
    }
}
