package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.platform.settings.Settings;

/**
 * {@code init}: writes the settings file of a service, checked, makes its directories, and shows what to publish in the DNS. A
 * file that is there is never replaced.
 *
 * @param <S> the program's settings
 */
@Command(name = "init")
final class Init<S extends Record> implements Callable<Integer> {
    private final Terminal terminal;
    private final Assembly<S, ?> assembly;

    @Option(names = "--domain", required = true, paramLabel = "DOMAIN", descriptionKey = "init.domain")
    private String domain = "";

    @Option(names = "--host", paramLabel = "NAME", descriptionKey = "init.host")
    private Optional<String> host = Optional.empty();

    @Option(names = "--settings", paramLabel = "FILE", descriptionKey = "init.settings")
    private Path file = Path.of("/etc/messagerie/messagerie.toml");

    @Option(names = "--data", paramLabel = "DIR", descriptionKey = "init.data")
    private Path data = Path.of("/var/lib/messagerie");

    @Option(names = "--administrator", paramLabel = "ADDRESS", descriptionKey = "init.administrator")
    private Optional<String> administrator = Optional.empty();

    @Option(names = "--listen", paramLabel = "ADDRESS", descriptionKey = "init.listen")
    private Optional<String> listen = Optional.empty();

    @Option(names = "--database-url", paramLabel = "URL", descriptionKey = "init.database-url")
    private Optional<String> databaseUrl = Optional.empty();

    @Option(names = "--database-password", paramLabel = "FILE", descriptionKey = "init.database-password")
    private Optional<Path> databasePassword = Optional.empty();

    @Option(names = "--certificate", paramLabel = "FILE", descriptionKey = "init.certificate")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--key", paramLabel = "FILE", descriptionKey = "init.key")
    private Optional<Path> key = Optional.empty();

    Init(Terminal terminal, Assembly<S, ?> assembly) {
        this.terminal = terminal;
        this.assembly = assembly;
    }

    @Override
    public Integer call() {
        String name = Dns.name(domain);
        Path target = file.toAbsolutePath();
        if (Files.exists(target)) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "init.there-already", target);
        }
        String text = new InitSettings(
                        Dns.name(host.orElse("mail." + name)),
                        data.toAbsolutePath(),
                        listen.map(it -> ListenAddress.of(Optional.of(it))).orElse("0.0.0.0"),
                        databaseUrl,
                        databasePassword.map(Path::toAbsolutePath),
                        certificate.map(Path::toAbsolutePath),
                        key.map(Path::toAbsolutePath),
                        administrator)
                .text();
        S settings = Settings.parse(target.toString(), text, assembly.settings(), Path.of("/"))
                .value(); // whatever is wrong is told before anything is made
        makeDirectory(parent(target), "rwxr-x---");
        makeDirectory(assembly.data(settings), "rwx------");
        write(target, text);
        terminal.say("init.written", target, assembly.data(settings));
        Dns.show(terminal, assembly, name, settings);
        terminal.say("init.next", target);
        administrator.ifPresent(it -> terminal.say("init.then", target, it));
        return ExitStatus.OK.number();
    }

    private static Path parent(Path target) {
        Path parent = target.getParent();
        if (parent == null) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "init.there-already", target);
        }
        return parent;
    }

    /** Makes a directory that is not there, with these rights whatever the umask is. */
    private static void makeDirectory(Path directory, String rights) {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(rights));
        } catch (IOException e) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "data.cannot-make", directory, String.valueOf(e.getMessage()));
        }
    }

    /** Root writes the settings, the group of the program reads them; they name files of secrets and hold none. */
    private static void write(Path target, String text) {
        try {
            Files.writeString(target, text, StandardOpenOption.CREATE_NEW);
            Files.setPosixFilePermissions(target, Set.copyOf(PosixFilePermissions.fromString("rw-r-----")));
        } catch (IOException e) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "data.write-failed", target, String.valueOf(e.getMessage()));
        }
    }
}
