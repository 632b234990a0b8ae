package bench.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import client.Imap;
import client.Line;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/*
 * The client of deploy/bench/mail/run, with the JDK alone: the same bytes to every server.
 *
 *     java MailBench.java imap|smtp HOST PORT CA|- ACCOUNTS SECONDS [MEASURE]
 *     java MailBench.java idle HOST PORT CA ACCOUNTS CONNECTIONS
 *
 * ACCOUNTS is a file of lines « login password »; MEASURE, how the only measure to take begins. Prints one line a measure: name,
 * operations, seconds, operations/s, p50 ms, p99 ms. The second form brings INBOX to 5,000 messages, opens it so many times, says
 * « idle » and stays until its standard input ends.
 */
/** Counts what a mail server does in a number of seconds. */
final class MailBench {
    private static final int IMAP_CONNECTIONS = 8;
    private static final int SMTP_CONNECTIONS = 64;
    private static final int APPEND_BYTES = 10 * 1024;
    private static final int SMTP_BYTES = 4 * 1024;
    private static final int IDLE_BYTES = 512;
    private static final int IDLE_MESSAGES = 5_000;

    private final String host;
    private final int port;
    private final Optional<Path> authority;
    private final List<String[]> accounts;
    private final Duration time;
    private final String only;

    private MailBench(
            String host, int port, Optional<Path> authority, List<String[]> accounts, Duration time, String only) {
        this.host = host;
        this.port = port;
        this.authority = authority;
        this.accounts = accounts;
        this.time = time;
        this.only = only;
    }

    public static void main(String[] arguments) throws Exception {
        List<String[]> accounts = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[4]))) {
            accounts.add(line.split(" ", 2));
        }
        MailBench bench = new MailBench(
                arguments[1],
                Integer.parseInt(arguments[2]),
                Optional.of(arguments[3]).filter(it -> !it.equals("-")).map(Path::of),
                accounts,
                Duration.ofSeconds(Long.parseLong(arguments[5])),
                arguments.length > 6 ? arguments[6] : "");
        switch (arguments[0]) {
            case "imap" -> bench.imap();
            case "smtp" -> bench.smtp();
            case "idle" -> bench.idle(Integer.parseInt(arguments[5]));
            default -> throw new IllegalArgumentException("imap, smtp or idle, found " + arguments[0]);
        }
    }

    /** What one connection does again and again. */
    private interface Step {
        void run(int turn) throws Exception;
    }

    private interface Opening {
        Step open(int connection) throws Exception;
    }

    private void imap() throws Exception {
        byte[] message = message(APPEND_BYTES);
        measure("APPEND 10 KB x 1", 1, c -> {
            Imap imap = signedIn(c);
            return _ -> imap.append("INBOX", message);
        });
        measure("APPEND 10 KB x " + IMAP_CONNECTIONS, IMAP_CONNECTIONS, c -> {
            Imap imap = signedIn(c);
            return _ -> imap.append("INBOX", message);
        });
        measure("FETCH BODY[] x " + IMAP_CONNECTIONS, IMAP_CONNECTIONS, c -> {
            Imap imap = signedIn(c);
            int messages = select(imap);
            Random random = new Random(c);
            return _ -> imap.demand("FETCH " + (1 + random.nextInt(messages)) + " (UID BODY.PEEK[])");
        });
        measure("STORE FLAGS x " + IMAP_CONNECTIONS, IMAP_CONNECTIONS, c -> {
            Imap imap = signedIn(c);
            int messages = select(imap);
            Random random = new Random(c);
            return turn -> imap.demand("STORE " + (1 + random.nextInt(messages)) + (turn % 2 == 0 ? " +" : " -")
                    + "FLAGS.SILENT (\\Flagged)");
        });
        measure("SELECT x " + IMAP_CONNECTIONS, IMAP_CONNECTIONS, c -> {
            Imap imap = signedIn(c);
            return _ -> select(imap);
        });
    }

    private void smtp() throws Exception {
        byte[] message = message(SMTP_BYTES);
        measure("SMTP accept 4 KB x " + SMTP_CONNECTIONS, SMTP_CONNECTIONS, c -> {
            Line smtp = Line.open(host, port, authority);
            smtp.expect("220");
            smtp.send("EHLO bench.example").expect("250");
            String recipient = accounts.get(c % accounts.size())[0];
            return _ -> {
                smtp.send("MAIL FROM:<sender@bench.example>").expect("250");
                smtp.send("RCPT TO:<" + recipient + ">").expect("250");
                smtp.send("DATA").expect("354");
                smtp.write(message);
                smtp.send(".").expect("250");
            };
        });
    }

    private void idle(int connections) throws Exception {
        byte[] message = message(IDLE_BYTES);
        List<Future<Imap>> filled = new ArrayList<>();
        List<Imap> idle = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(IMAP_CONNECTIONS)) {
            for (int c = 0; c < IMAP_CONNECTIONS; c++) {
                Imap imap = signedIn(c);
                filled.add(threads.submit(() -> {
                    for (int messages = select(imap); messages < IDLE_MESSAGES; messages++) {
                        imap.append("INBOX", message);
                    }
                    return imap;
                }));
            }
        }
        for (Future<Imap> each : filled) {
            each.get().close();
        }
        System.out.println("filled");
        System.in.read();
        for (int c = 0; c < connections; c++) {
            Imap imap = signedIn(c % IMAP_CONNECTIONS);
            select(imap);
            imap.idle();
            idle.add(imap);
        }
        System.out.println("idle");
        System.in.transferTo(OutputStream.nullOutputStream());
        for (Imap imap : idle) {
            imap.close();
        }
    }

    private Imap signedIn(int connection) throws Exception {
        String[] account = accounts.get(connection % accounts.size());
        Imap imap = new Imap(Line.open(host, port, authority));
        imap.demand("LOGIN \"" + account[0] + "\" \"" + account[1] + "\"");
        return imap;
    }

    /** Selects INBOX; returns how many messages are in it. */
    private static int select(Imap imap) throws IOException {
        imap.demand("SELECT INBOX");
        return Integer.parseInt(imap.untagged(" EXISTS").split(" ")[1]);
    }

    private void measure(String name, int connections, Opening opening) throws Exception {
        if (!name.startsWith(only)) {
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
                "%s\t%d\t%.1f\t%.0f\t%.2f\t%.2f%n",
                name,
                all.size(),
                seconds,
                all.size() / seconds,
                all.get(all.size() / 2) / 1e6,
                all.get(all.size() * 99 / 100) / 1e6);
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

    /** A message of about so many bytes, dot-free lines of 76 characters. */
    private static byte[] message(int bytes) {
        StringBuilder text = new StringBuilder("From: <sender@bench.example>\r\nTo: <someone@gouv.tg>\r\n"
                + "Subject: bench\r\nDate: Wed, 25 Nov 2026 08:00:00 +0000\r\nMessage-ID: <bench@bench.example>\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
        Random random = new Random(7);
        while (text.length() < bytes) {
            for (int i = 0; i < 76; i++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            text.append("\r\n");
        }
        return text.toString().getBytes(UTF_8);
    }
}
