package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code routes dead-letters}: what was given up, with its cause. */
@Command(name = "dead-letters")
final class RoutesDeadLetters implements Callable<Integer> {
    /** What is shown at most. */
    private static final int LETTERS_MAX = 100;

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(arity = "0..1", paramLabel = "TOPIC", descriptionKey = "routes.topic")
    private Optional<String> topic = Optional.empty();

    RoutesDeadLetters(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        topic.ifPresent(RoutesReplay::demandTopic);
        show(new ControlClient(target.data())
                .ask(new ControlRequest.DeadLetters(topic, LETTERS_MAX), ControlAnswer.DeadLetters.class)
                .letters());
        return ExitStatus.OK.number();
    }

    private void show(List<RunningRoutes.GivenUp> letters) {
        if (letters.isEmpty()) {
            terminal.say("routes.no-dead-letters");
        }
        for (RunningRoutes.GivenUp each : letters) {
            terminal.say("routes.dead-letter", each.id(), each.topic(), each.died(), each.attempts(), each.cause());
        }
        if (letters.size() == LETTERS_MAX) {
            terminal.say("routes.there-are-more", letters.size());
        }
    }
}
