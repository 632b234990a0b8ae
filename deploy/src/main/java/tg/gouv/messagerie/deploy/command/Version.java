package tg.gouv.messagerie.deploy.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code version}: which program this is, on which Java. */
@Command(name = "version")
final class Version implements Callable<Integer> {
    private final Terminal terminal;

    Version(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.say("version", ofProgram(), Runtime.version().toString(), System.getProperty("java.vendor"));
        return ExitStatus.OK.number();
    }

    /** The program's version, as its jar says. */
    static String ofProgram() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("?");
    }
}
