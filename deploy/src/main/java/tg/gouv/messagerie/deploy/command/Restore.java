package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.backup.StoredBackup;
import tg.gouv.messagerie.platform.settings.Settings;

/**
 * {@code restore DIR/NAME}: compares a backup with what was written and brings it back, into an empty data directory and an empty
 * database.
 *
 * @param <S> the program's settings
 */
@Command(name = "restore")
final class Restore<S extends Record> implements Callable<Integer> {
    /** The data directory in a settings file: a key of its own, before the first table. */
    private static final Pattern DATA = Pattern.compile("(?m)^[ \\t]*data[ \\t]*=.*$|^[ \\t]*\\[");

    private final Terminal terminal;
    private final Clock clock;
    private final Assembly<S, ?> assembly;

    @Parameters(paramLabel = "DIR/NAME", descriptionKey = "restore.backup")
    private Path folder = Path.of("");

    @Option(names = "--data", paramLabel = "DIR", descriptionKey = "restore.data")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--settings", paramLabel = "FILE", descriptionKey = "restore.settings")
    private Optional<Path> settings = Optional.empty();

    @Option(names = "--check", descriptionKey = "restore.check")
    private boolean check;

    Restore(Terminal terminal, Clock clock, Assembly<S, ?> assembly) {
        this.terminal = terminal;
        this.clock = clock;
        this.assembly = assembly;
    }

    @Override
    public Integer call() {
        StoredBackup backup = StoredBackup.open(folder);
        CopyScreen screen = new CopyScreen(terminal);
        try {
            long files = backup.check(screen);
            screen.over();
            terminal.say("restore.sound", backup.name(), backup.program(), files);
            if (backup.damaged() > 0) {
                terminal.complain(terminal.texts().text("restore.damaged", backup.damaged()));
            }
            if (!check) {
                restore(backup, screen);
            }
        } finally {
            screen.over();
        }
        return ExitStatus.OK.number();
    }

    private void restore(StoredBackup backup, CopyScreen screen) {
        Optional<S> given =
                settings.map(file -> Settings.read(file, assembly.settings()).value());
        Optional<String> saved = given.isPresent() ? Optional.empty() : Optional.of(savedSettings(backup));
        Path place = place(given);
        try (DataDirectory taken = DataDirectory.takeEmpty(place)) {
            backup.restoreFiles(taken.path(), Set.of(DataDirectory.MARK));
            saved.ifPresent(text -> taken.write(Up.SETTINGS, withData(text, taken.path())));
            S effective = given.orElseGet(() -> Settings.read(taken.path().resolve(Up.SETTINGS), assembly.settings())
                    .value());
            assembly.restore(
                    effective, backup, Circumstances.ofSystemUser(System.getProperty("user.name"), clock), screen);
            taken.restored(backup.text(DataDirectory.MARK)
                    .orElseThrow(() -> new Refusal(ExitStatus.DATA, "restore.no-mark", backup.name())));
            screen.over();
            terminal.say("restore.done", backup.name(), taken.path());
            backup.elsewhere().forEach(it -> terminal.say("restore.elsewhere", it.was(), it.copy()));
        }
    }

    /** Where everything goes: what the settings say, or what the command says if the settings come with the backup. */
    private Path place(Optional<S> given) {
        Optional<Path> said =
                given.map(assembly::data).map(it -> it.toAbsolutePath().normalize());
        Optional<Path> asked = data.map(it -> it.toAbsolutePath().normalize());
        if (said.isPresent() && asked.isPresent() && !said.equals(asked)) {
            throw new Refusal(ExitStatus.USAGE, "restore.two-places", asked.get(), said.get());
        }
        return said.or(() -> asked).orElseThrow(() -> new Refusal(ExitStatus.USAGE, "restore.no-place"));
    }

    /** The settings of a program that kept them in its data directory, as a demonstration does. */
    private static String savedSettings(StoredBackup backup) {
        return backup.text(Up.SETTINGS)
                .orElseThrow(() -> new Refusal(
                        ExitStatus.USAGE,
                        "restore.settings-elsewhere",
                        backup.elsewhere().stream()
                                .filter(StoredBackup.Elsewhere::isSettings)
                                .map(it -> it.copy().toString())
                                .findFirst()
                                .orElse("?")));
    }

    /** The settings with another data directory. */
    static String withData(String text, Path data) {
        String line = "data = \"" + data.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        Matcher first = DATA.matcher(text);
        return first.find() && !first.group().stripLeading().startsWith("[")
                ? text.substring(0, first.start()) + line + text.substring(first.end())
                : line + "\n" + text;
    }
}
