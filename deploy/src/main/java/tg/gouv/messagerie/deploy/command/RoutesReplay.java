package tg.gouv.messagerie.deploy.command;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code routes replay}: has what was given up done again, one message or all of a topic; who wanted it and why is audited. */
@Command(name = "replay")
final class RoutesReplay implements Callable<Integer> {
    private static final Pattern TOPIC = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int REASON_MAX = 200;

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @ArgGroup(multiplicity = "1")
    private final What what = new What();

    @Option(names = "--reason", required = true, paramLabel = "TEXT", descriptionKey = "routes.reason")
    private String reason = "";

    RoutesReplay(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    /** One of the two. */
    private static final class What {
        @Parameters(arity = "1", paramLabel = "ID", descriptionKey = "routes.id")
        private Optional<UUID> id = Optional.empty();

        @Option(names = "--all", required = true, paramLabel = "TOPIC", descriptionKey = "routes.all")
        private Optional<String> topic = Optional.empty();
    }

    @Override
    public Integer call() {
        String why = reason.strip();
        if (why.isEmpty() || why.length() > REASON_MAX || why.chars().anyMatch(Character::isISOControl)) {
            throw new Refusal(ExitStatus.USAGE, "routes.no-reason", String.valueOf(REASON_MAX));
        }
        what.topic.ifPresent(RoutesReplay::demandTopic);
        int messages = new ControlClient(target.data())
                .ask(request(why), ControlAnswer.Replayed.class)
                .messages();
        if (messages == 0) {
            throw new Refusal(ExitStatus.NO_INPUT, "routes.nothing-to-replay");
        }
        terminal.say("routes.replayed", messages);
        return ExitStatus.OK.number();
    }

    private ControlRequest.OfReady request(String why) {
        if (what.topic.isPresent()) {
            return new ControlRequest.ReplayAll(what.topic.get(), why);
        }
        UUID id = what.id.orElseThrow(() -> new Refusal(ExitStatus.USAGE, "routes.which"));
        return new ControlRequest.Replay(id, why);
    }

    static void demandTopic(String topic) {
        if (!TOPIC.matcher(topic).matches()) {
            throw new Refusal(ExitStatus.USAGE, "routes.not-a-topic", topic);
        }
    }
}
