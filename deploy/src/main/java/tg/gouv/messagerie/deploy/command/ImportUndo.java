package tg.gouv.messagerie.deploy.command;

import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code import undo ID}: everybody whom an import changed is as they were, unless somebody has changed them since. */
@Command(name = "undo")
final class ImportUndo implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ID", descriptionKey = "import.which")
    private UUID id = new UUID(0, 0);

    ImportUndo(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlAnswer.ImportUndone undone = new ControlClient(target.data())
                .ask(new ControlRequest.ImportUndo(id), ControlAnswer.ImportUndone.class);
        terminal.say("import.undone", undone.people());
        return ExitStatus.OK.number();
    }
}
