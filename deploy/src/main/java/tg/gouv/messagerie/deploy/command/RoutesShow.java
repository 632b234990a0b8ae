package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code routes show}: what every route, or one, has to do and did. */
@Command(name = "show")
final class RoutesShow implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(arity = "0..1", paramLabel = "TOPIC", descriptionKey = "routes.topic")
    private Optional<String> topic = Optional.empty();

    RoutesShow(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        List<RunningRoutes.RouteState> shown = new ControlClient(target.data())
                .ask(new ControlRequest.Routes(), ControlAnswer.Routed.class).routes().stream()
                        .filter(route -> topic.isEmpty() || topic.get().equals(route.topic()))
                        .toList();
        if (shown.isEmpty()) {
            throw new Refusal(ExitStatus.NO_INPUT, "routes.unknown", topic.orElse(""));
        }
        shown.forEach(this::show);
        return ExitStatus.OK.number();
    }

    private void show(RunningRoutes.RouteState route) {
        terminal.say(
                route.work().isEmpty() ? "routes.none-here" : "routes.route." + route.work(),
                route.topic(),
                String.join(" → ", route.steps()));
        terminal.say("routes.to-do", route.waiting(), route.oldestDueSeconds(), route.dead());
        if (!route.work().isEmpty()) {
            terminal.say("routes.done", route.lastHour(), route.handled(), route.failed(), route.meanMicros() / 1e3);
        }
        if (!route.started()) {
            terminal.say("routes.stopped");
        }
        if (!route.lastFailure().isEmpty()) {
            terminal.say("routes.failure", route.lastFailure());
        }
    }
}
