package tg.gouv.messagerie.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** The program of a settings file, run by {@code up} on a thread of the test and told by commands through its socket. */
public final class ProgramUnderTest implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final Assembly<?, ?> assembly;
    private final Database database = TestDatabase.fresh();
    private final Path data;
    private final Path settings;
    private final Thread up;

    /** Starts it; returns when it is ready. */
    public ProgramUnderTest(Assembly<?, ?> assembly, Path folder, String moreSettings) throws Exception {
        this.assembly = assembly;
        this.data = folder.resolve("data");
        this.settings = Files.writeString(folder.resolve("messagerie.toml"), text(folder, data, moreSettings));
        this.up = Thread.ofPlatform().daemon().name("up").start(() -> say("up", "--settings", settings.toString()));
        Instant late = Instant.now().plus(READY_WITHIN);
        while (!run("status").out().contains("Messagerie")) {
            if (!up.isAlive() || Instant.now().isAfter(late)) {
                throw new IllegalStateException(
                        say("up", "--settings", settings.toString()).err());
            }
            Thread.sleep(100);
        }
    }

    private String text(Path folder, Path place, String more) throws IOException {
        Path password = Files.createFile(
                folder.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, TestDatabase.password());
        return """
                data = "%s"
                [database]
                url = "%s"
                password = "%s"
                [mail.transfer]
                listen = "127.0.0.1:0"
                [mail.submission]
                listen = "127.0.0.1:0"
                listen-tls = "127.0.0.1:0"
                [mail.lmtp]
                listen = "127.0.0.1:0"
                [mail.imap]
                listen = "127.0.0.1:0"
                listen-tls = "127.0.0.1:0"
                [mail.managesieve]
                listen = "127.0.0.1:0"
                [ldap]
                listen = "127.0.0.1:0"
                listen-tls = "127.0.0.1:0"
                [http]
                listen = "127.0.0.1:0"
                [jmap]
                public-url = "https://localhost"
                [administration]
                listen = "127.0.0.1:0"
                %s
                """.formatted(place, TestDatabase.url(database), password, more);
    }

    /** Its database. */
    public Database database() {
        return database;
    }

    /** Its settings file. */
    public Path settings() {
        return settings;
    }

    /** Runs a command on this program, in French. */
    public Said run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", data.toString()));
        return say(all.toArray(String[]::new));
    }

    private Said say(String... words) {
        return say(assembly, words);
    }

    /** Runs a command of no program in particular, in French. */
    public static Said say(Assembly<?, ?> assembly, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false, Texts.in(Locale.FRENCH));
        int code = Commands.commandLine(terminal, Clock.systemUTC(), assembly).execute(words);
        return new Said(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** What a command said. */
    public record Said(int code, String out, String err) {}

    @Override
    public void close() {
        new ControlClient(data).ask(new ControlRequest.Down());
        try {
            up.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }
}
