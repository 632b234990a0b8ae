package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.MailClient.Kept;
import tg.gouv.messagerie.deploy.MailClient.Mailbox;
import tg.gouv.messagerie.deploy.command.Commands;
import tg.gouv.messagerie.deploy.demo.DemoPorts;
import tg.gouv.messagerie.deploy.demo.DemoSettings;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Processes;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** The product itself, as a process with its clients: backed up while they write, restored elsewhere, compared over IMAP. */
class BackupRestoreTest {
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);

    /** Accounts of the demonstration that are looked at: some stay as they are, one is written all the time. */
    private static final int QUIET = 2;

    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    /** PostgreSQL runs as another user when this one is root, and must get through to its data. */
    @BeforeEach
    void letThrough() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void end() throws Exception {
        for (Process each : started) {
            each.destroy(); // in good order, so that its PostgreSQL goes too
        }
        for (Process each : started) {
            if (!each.waitFor(20, TimeUnit.SECONDS)) {
                each.destroyForcibly();
            }
        }
    }

    @Test
    void everyMailboxIsRestoredAsItWasWhileClientsWrote() throws Exception {
        Path source = folder.resolve("source");
        JsonNode there = up(source);
        for (int i = 0; i <= QUIET; i++) {
            int person = i;
            await(() -> !inbox(there, person).messages().isEmpty()); // the welcome
        }
        for (int i = 1; i <= QUIET; i++) {
            try (MailClient client = imap(there, i)) {
                client.append("INBOX", message("small " + i, 1_000), "\\Seen");
                client.append("INBOX", message("large " + i, 60_000), "\\Flagged \\Answered");
                client.append("INBOX", message("gone " + i, 500), "");
                client.demand("SELECT INBOX");
                client.demand("STORE 2 +FLAGS ($Forwarded)");
                client.demand("CREATE \"Dossiers&AOk-\"");
                client.demand("COPY 1:2 \"Dossiers&AOk-\"");
                client.demand("STORE " + client.exists() + " +FLAGS (\\Deleted)");
                client.demand("EXPUNGE");
            }
        }
        Map<Integer, Map<String, Mailbox>> quiet = new TreeMap<>();
        for (int i = 1; i <= QUIET; i++) {
            quiet.put(i, mailboxes(there, i));
        }
        Load load = new Load(there);
        load.begin();
        String made;
        try {
            load.awaitAppended(10);
            assertThat(run("backup", folder.resolve("backups").toString(), "--data", source.toString()))
                    .isZero();
            made = onlyBackup();
        } finally {
            load.end();
        }
        Mailbox busy = inbox(there, 0);

        Path target = folder.resolve("target");
        assertThat(run("restore", made, "--check")).isZero();
        assertThat(run("restore", made, "--data", source.toString())).isEqualTo(73); // it is not empty
        assertThat(run("restore", made, "--data", target.toString())).isZero();
        assertThat(run("audit", "verify", "--data", source.toString())).isZero();
        stop(started.getFirst()); // whatever answers from now on is the restored one
        JsonNode here = up(target);

        quiet.forEach((person, mailboxes) -> assertThat(mailboxes(here, person)).isEqualTo(mailboxes));
        Mailbox after = inbox(here, 0);
        assertThat(after.uidValidity()).isEqualTo(busy.uidValidity());
        // One moment: everything up to a UID, each with the bytes it has, under the UID it has. Mail that waited for
        // its delivery
        // at that moment is delivered now, far behind.
        SortedMap<Long, Kept> restored =
                after.messages().headMap(busy.messages().lastKey() + 1);
        assertThat(restored).hasSizeGreaterThanOrEqualTo(10);
        assertThat(sha256s(restored)).isEqualTo(sha256s(busy.messages().headMap(restored.lastKey() + 1)));
        // And no UID is given a second time to another message.
        try (MailClient client = imap(here, 0)) {
            client.append("INBOX", message("after the restore", 100), "");
        }
        assertThat(inbox(here, 0).messages().lastKey())
                .isGreaterThan(busy.messages().lastKey());
        assertThat(run("audit", "verify", "--data", target.toString())).isZero();
    }

    @Test
    void anExternalDatabaseIsRestoredIntoAnother() throws Exception {
        try (Database first = TestDatabase.fresh();
                Database second = TestDatabase.fresh()) {
            Path source = folder.resolve("source");
            Path here = settings("source", source, TestDatabase.url(first));
            Path there = settings("target", folder.resolve("target"), TestDatabase.url(second));
            Process program = start("up", "--settings", here.toString());
            await(() -> run("status", "--settings", here.toString()) == 0);
            Path key = Files.createDirectories(source.resolve("directory")).resolve("second-factor.key");
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(key, Base64.getEncoder().encodeToString(new byte[32]));
            assertThat(run(
                            "backup",
                            folder.resolve("backups").toString(),
                            "--settings",
                            here.toString(),
                            "--keep",
                            "1"))
                    .isZero();
            stop(program);
            assertThat(run(
                            "backup",
                            folder.resolve("backups").toString(),
                            "--settings",
                            here.toString(),
                            "--keep",
                            "1"))
                    .isZero();
            String made = onlyBackup();

            assertThat(run("restore", made, "--settings", here.toString())).isEqualTo(73);
            assertThat(run("restore", made)).isEqualTo(64);
            assertThat(run("restore", made, "--settings", there.toString())).isZero();
            assertThat(run("restore", made, "--settings", there.toString())).isEqualTo(73);

            assertThat(folder.resolve("target/tls/ca.pem")).hasSameBinaryContentAs(folder.resolve("source/tls/ca.pem"));
            Path restored = folder.resolve("target/directory/second-factor.key");
            assertThat(restored).hasSameBinaryContentAs(key);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(restored)))
                    .isEqualTo("rw-------");
            try (Stream<Path> files = Files.list(Path.of(made, "files"))) {
                assertThat(files.map(it -> String.valueOf(it.getFileName())))
                        .anyMatch(it -> it.endsWith("source.toml"))
                        .anyMatch(it -> it.endsWith("password"));
            }
        }
    }

    /** Writes into the first account's INBOX, by IMAP and by SMTP, until it is ended or has written enough. */
    private static final class Load {
        private static final int MOST = 150;

        private final JsonNode sheet;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicInteger appended = new AtomicInteger();
        private final List<Thread> threads = new ArrayList<>();

        Load(JsonNode sheet) {
            this.sheet = sheet;
        }

        void begin() {
            threads.add(Thread.ofVirtual()
                    .start(() -> guarded(() -> {
                        try (MailClient client = imap(sheet, 0)) {
                            for (int i = 0; i < MOST && !ended.get(); i++) {
                                client.append("INBOX", message("load " + i, i % 5 == 0 ? 40_000 : 800), "");
                                appended.incrementAndGet();
                                client.demand("SELECT INBOX");
                                client.demand("STORE 1:* " + (i % 2 == 0 ? "+" : "-") + "FLAGS (\\Seen)");
                            }
                        }
                    })));
            threads.add(Thread.ofVirtual()
                    .start(() -> guarded(() -> {
                        try (MailClient client = MailClient.smtp(sheet)) {
                            for (int i = 0; i < MOST && !ended.get(); i++) {
                                client.transfer(
                                        "someone@exemple.test",
                                        account(sheet, 0).path("address").asText(),
                                        message("transferred " + i, 2_000));
                            }
                        }
                    })));
        }

        void awaitAppended(int count) throws Exception {
            await(() -> appended.get() >= count || failure.get() != null);
        }

        void end() throws InterruptedException {
            ended.set(true);
            for (Thread each : threads) {
                each.join();
            }
            assertThat(failure.get()).isNull();
        }

        private void guarded(Act act) {
            try {
                act.run();
            } catch (Exception e) {
                failure.set(e);
            }
        }
    }

    private interface Act {
        void run() throws Exception;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** Starts a demonstration; returns its connection sheet when it is ready. */
    private JsonNode up(Path data) throws Exception {
        Path sheet = data.resolve("connection.json");
        assertThat(sheet).doesNotExist();
        Process program = start("up", "--demo", "--ports", "auto", "--data", data.toString());
        await(() -> Files.exists(sheet) || !program.isAlive());
        assertThat(program.isAlive()).isTrue();
        return new JsonMapper().readTree(Files.readString(sheet));
    }

    private Process start(String... words) throws IOException {
        Process process = Processes.java(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx400m",
                        "-Djames.exit.on.startup.error=false"),
                Messagerie.class,
                words);
        process.getOutputStream().close();
        Thread.ofVirtual().start(() -> {
            try (var out = process.getInputStream()) {
                out.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // it is gone
            }
        });
        started.add(process);
        return process;
    }

    private static void stop(Process program) throws InterruptedException {
        program.destroy();
        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static int run(String... words) {
        return Commands.run(new ProgramAssembly(), words);
    }

    private String onlyBackup() throws IOException {
        try (Stream<Path> made = Files.list(folder.resolve("backups"))) {
            List<Path> all = made.toList();
            assertThat(all).hasSize(1);
            return all.getFirst().toString();
        }
    }

    /** A settings file of a service on an external database, with a password file beside it. */
    private Path settings(String name, Path data, String url) throws IOException {
        Path password = folder.resolve("password");
        if (!Files.exists(password)) {
            Files.createFile(
                    password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(password, TestDatabase.password() + "\n");
        }
        String demo = DemoSettings.text(data, DemoPorts.AUTO, "127.0.0.1", "localhost");
        Path file = folder.resolve(name + ".toml");
        Files.writeString(file, demo + "\n[database]\nurl = \"" + url + "\"\npassword = \"password\"\n");
        return file;
    }

    private static Mailbox inbox(JsonNode sheet, int person) {
        return Objects.requireNonNull(mailboxes(sheet, person).get("INBOX"));
    }

    private static Map<String, Mailbox> mailboxes(JsonNode sheet, int person) {
        try (MailClient client = imap(sheet, person)) {
            return client.mailboxes();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static MailClient imap(JsonNode sheet, int person) throws Exception {
        JsonNode account = account(sheet, person);
        return MailClient.imap(
                sheet, account.path("login").asText(), account.path("password").asText());
    }

    /** A person of the demonstration; the function mailbox's first holder is not among them. */
    private static JsonNode account(JsonNode sheet, int person) {
        return sheet.path("accounts").path(4 + person);
    }

    private static byte[] message(String subject, int size) {
        String line = "Une ligne de texte, et encore une autre pour remplir.\r\n";
        return ("From: <someone@exemple.test>\r\nTo: <someone@gouv.tg>\r\nDate: Thu, 26 Nov 2026 08:00:00 +0000\r\n"
                        + "Message-ID: <" + subject.replace(' ', '.') + "@exemple.test>\r\nSubject: " + subject
                        + "\r\n\r\n" + line.repeat(1 + size / line.length()))
                .getBytes(UTF_8);
    }

    private static Map<Long, String> sha256s(Map<Long, Kept> messages) {
        Map<Long, String> sha256s = new TreeMap<>();
        messages.forEach((uid, kept) -> sha256s.put(uid, kept.sha256()));
        return sha256s;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(250);
        }
    }
}
