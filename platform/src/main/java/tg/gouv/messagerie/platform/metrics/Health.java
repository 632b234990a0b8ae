package tg.gouv.messagerie.platform.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** Whether each part of the program works, as it says itself when asked. */
final class Health {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private final SortedMap<String, Check> checks = new TreeMap<>();
    private final Duration patience;

    Health(Map<String, BooleanSupplier> asked, Duration patience) {
        this.patience = patience;
        asked.forEach((name, works) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalStateException("a check's name is like certificate-files, found " + name);
            }
            checks.put(name, new Check(name, works));
        });
    }

    /** Asks every part at once, and waits for none longer than the bound. */
    Report ask() {
        checks.values().forEach(Check::start);
        long deadline = System.nanoTime() + patience.toNanos();
        SortedMap<String, Check.State> states = new TreeMap<>();
        checks.forEach((name, check) -> states.put(name, check.await(deadline)));
        return new Report(states);
    }

    /** What the parts said. */
    record Report(SortedMap<String, Check.State> states) {
        boolean isWell() {
            return states.values().stream().allMatch(it -> it == Check.State.WELL);
        }

        /** The report as JSON; names and states need no escape. */
        String json() {
            StringBuilder json =
                    new StringBuilder("{\"well\":").append(isWell()).append(",\"checks\":{");
            String separator = "";
            for (Map.Entry<String, Check.State> each : states.entrySet()) {
                json.append(separator)
                        .append('"')
                        .append(each.getKey())
                        .append("\":\"")
                        .append(each.getValue().word())
                        .append('"');
                separator = ",";
            }
            return json.append("}}\n").toString();
        }
    }
}
