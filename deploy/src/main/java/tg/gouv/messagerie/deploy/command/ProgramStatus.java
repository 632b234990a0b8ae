package tg.gouv.messagerie.deploy.command;

import java.util.Map;

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
    /** Whether every part is well. */
    boolean isHealthy() {
        return health.values().stream().allMatch(Boolean::booleanValue);
    }
}
