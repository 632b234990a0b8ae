package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the running program says of itself.
 *
 * @param processes the program's processes by name, the program itself first
 * @param readySinceEpochSeconds when it was ready
 * @param ports the open ports, by the names of {@code connection.json}
 * @param health what was asked of each part, and whether it is well
 * @param figures what the program counts, such as accounts and messages waiting for delivery; what it cannot count now is absent
 */
public record ProgramStatus(
        String version,
        String data,
        Map<String, Long> processes,
        long readySinceEpochSeconds,
        Map<String, Integer> ports,
        Map<String, Boolean> health,
        Map<Running.Figure, Long> figures) {
    /** The parts without which no mail flows. */
    private static final Set<String> VITAL = Set.of("database", "mail");

    /** How the program does, in a word. */
    enum Word {
        /** Everything is well. */
        FLOWS,
        /** Mail flows, but something wants to be looked at. */
        DEGRADED,
        /** Mail does not flow. */
        DOWN
    }

    /** The word for all of it. */
    Word word() {
        if (VITAL.stream().anyMatch(part -> !health.getOrDefault(part, true))) {
            return Word.DOWN;
        }
        return health.containsValue(false) || !alarming().isEmpty() ? Word.DEGRADED : Word.FLOWS;
    }

    /** The figures that somebody should look at. */
    List<Running.Figure> alarming() {
        return figures.entrySet().stream()
                .filter(figure -> figure.getKey().isAlarming(figure.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
