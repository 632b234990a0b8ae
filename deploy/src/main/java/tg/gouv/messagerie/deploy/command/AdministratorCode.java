package tg.gouv.messagerie.deploy.command;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code administrator code}: makes the account of an administrator whom the settings name, unless it is there, and shows the one-time
 * code with which it gets its password, once, on the terminal alone.
 */
@Command(name = "code")
final class AdministratorCode implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ADDRESS", arity = "0..1", descriptionKey = "administrator.address")
    private Optional<String> address = Optional.empty();

    @Option(names = "--given", paramLabel = "NAME", descriptionKey = "administrator.given")
    private Optional<String> given = Optional.empty();

    @Option(names = "--family", paramLabel = "NAME", descriptionKey = "administrator.family")
    private Optional<String> family = Optional.empty();

    @Option(names = "--reset", descriptionKey = "administrator.reset")
    private boolean reset;

    @Option(names = "--print", descriptionKey = "administrator.print")
    private boolean print;

    AdministratorCode(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        if (!terminal.interactive() && !print) {
            throw new Refusal(ExitStatus.USAGE, "administrator.no-terminal");
        }
        ControlAnswer.CodeIssued issued = new ControlClient(target.data())
                .ask(
                        new ControlRequest.AdministratorCode(address, given, family, reset),
                        ControlAnswer.CodeIssued.class);
        terminal.complain(terminal.texts()
                .text(
                        "administrator.issued",
                        issued.address(),
                        TIME.format(issued.expires().atZone(ZoneId.systemDefault()))));
        terminal.result(issued.code());
        return ExitStatus.OK.number();
    }
}
