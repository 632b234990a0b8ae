package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tg.gouv.messagerie.platform.settings.Settings;

/** {@code settings check|show|reference}: the settings file, looked at without starting anything. */
@Command(name = "settings")
final class SettingsCommands implements Runnable {
    private final Terminal terminal;
    private final Class<? extends Record> settings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SettingsCommands(Terminal terminal, Class<? extends Record> settings) {
        this.terminal = terminal;
        this.settings = settings;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }

    /** Names every fault with its line, and ends with 78 if there is one. */
    @Command(name = "check")
    int check(@Parameters(paramLabel = "FILE", descriptionKey = "settings.file") Path file) {
        Settings.read(file, settings);
        terminal.say("settings.well", file);
        return ExitStatus.OK.number();
    }

    /** Shows every effective setting and where it comes from. */
    @Command(name = "show")
    int show(@Parameters(paramLabel = "FILE", descriptionKey = "settings.file") Path file) {
        terminal.out().print(Settings.read(file, settings).show());
        terminal.out().flush();
        return ExitStatus.OK.number();
    }

    /** Prints the manual of all settings, as a commented TOML file. */
    @Command(name = "reference")
    int reference() {
        terminal.out().print(Settings.reference(settings));
        terminal.out().flush();
        return ExitStatus.OK.number();
    }
}
