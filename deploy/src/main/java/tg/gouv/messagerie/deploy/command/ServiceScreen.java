package tg.gouv.messagerie.deploy.command;

import java.util.Map;
import java.util.stream.Collectors;

/** What the start of a real service shows: that it is ready, and on which ports. */
record ServiceScreen<R extends Running>(Terminal terminal) implements Service.Occasion<R> {
    @Override
    public void begins(DataDirectory data) {
        // Nothing to clear: a service leaves no sheet.
    }

    @Override
    public void ready(DataDirectory data, R program, Stages stages) {
        terminal.say(
                "up.ready",
                program.ports().entrySet().stream().map(ServiceScreen::named).collect(Collectors.joining(", ")));
    }

    @Override
    public void over(DataDirectory data) {
        // Nothing was left.
    }

    private static String named(Map.Entry<String, Integer> port) {
        return port.getKey() + " " + port.getValue();
    }
}
