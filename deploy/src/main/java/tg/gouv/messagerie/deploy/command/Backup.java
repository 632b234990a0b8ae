package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.backup.Backups;
import tg.gouv.messagerie.platform.backup.SavedFiles;
import tg.gouv.messagerie.platform.settings.Settings;

/**
 * {@code backup DIR}: everything the program holds, at one moment, in a new folder of this one; the program may run meanwhile.
 * Ends with 65 if objects are damaged: the rest is in the backup.
 *
 * @param <S> the program's settings
 */
@Command(name = "backup")
final class Backup<S extends Record> implements Callable<Integer> {
    private final Terminal terminal;
    private final Clock clock;
    private final Assembly<S, ?> assembly;

    @Parameters(paramLabel = "DIR", descriptionKey = "backup.directory")
    private Path directory = Path.of("");

    @Option(names = "--keep", paramLabel = "N", descriptionKey = "backup.keep")
    private @Nullable Integer keep;

    @Mixin
    private final Target target;

    Backup(Terminal terminal, Clock clock, Assembly<S, ?> assembly) {
        this.terminal = terminal;
        this.clock = clock;
        this.assembly = assembly;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        Optional<Integer> kept = Optional.ofNullable(keep);
        if (kept.isPresent() && kept.get() < 1) {
            throw new Refusal(ExitStatus.USAGE, "backup.not-a-number", String.valueOf(keep));
        }
        Path file = target.settings();
        Settings<S> settings = Settings.read(file, assembly.settings());
        Path data = assembly.data(settings.value()).toAbsolutePath().normalize();
        if (directory.toAbsolutePath().normalize().startsWith(data)) {
            throw new Refusal(ExitStatus.USAGE, "backup.inside-the-data", directory, data);
        }
        Optional<DataDirectory> stopped = DataDirectory.keepStopped(data);
        CopyScreen screen = new CopyScreen(terminal);
        Backups.Done done;
        try (Backups backups = assembly.backups(settings.value())) {
            done = backups.make(
                    directory,
                    new SavedFiles(data, file, settings.files(), Set.of(ConnectionSheet.FILE)),
                    Circumstances.ofSystemUser(System.getProperty("user.name"), clock),
                    kept.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                    screen);
        } finally {
            screen.over();
            stopped.ifPresent(DataDirectory::close);
        }
        return told(done);
    }

    private int told(Backups.Done done) {
        terminal.say(
                "backup.done", done.folder(), done.rows(), done.objects(), CopyScreen.size(done.bytes(), terminal));
        done.removed().forEach(it -> terminal.say("backup.removed", it));
        if (done.damaged() > 0) {
            terminal.complain(terminal.texts().text("backup.damaged", done.damaged()));
            return ExitStatus.DATA.number();
        }
        return ExitStatus.OK.number();
    }
}
