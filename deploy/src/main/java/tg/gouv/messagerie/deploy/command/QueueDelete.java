package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.mail.queue.QueueAct;

/** {@code queue delete}: removes messages for good, or returns them to their senders. */
@Command(name = "delete")
final class QueueDelete extends QueueChange {
    @Option(names = "--bounce", descriptionKey = "queue.bounce")
    private boolean bounce;

    QueueDelete(Terminal terminal, Assembly<?, ?> assembly) {
        super(terminal, assembly, QueueAct.DELETE);
    }

    @Override
    QueueAct act() {
        return bounce ? QueueAct.BOUNCE : QueueAct.DELETE;
    }
}
