package tg.gouv.messagerie.mail.postgres;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Counts the tests of a list of contracts that passed and that were skipped, by the class that is nested directly in the list. */
final class Tally implements TestWatcher {
    private static final Map<Class<?>, Map<String, Integer>> PASSED = new HashMap<>();
    private static final Map<Class<?>, Map<String, Integer>> SKIPPED = new HashMap<>();

    static synchronized Map<String, Integer> passed(Class<?> list) {
        return PASSED.getOrDefault(list, Map.of());
    }

    static synchronized Map<String, Integer> skipped(Class<?> list) {
        return SKIPPED.getOrDefault(list, Map.of());
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        count(PASSED, context);
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        count(SKIPPED, context);
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        count(SKIPPED, context);
    }

    private static synchronized void count(Map<Class<?>, Map<String, Integer>> all, ExtensionContext context) {
        List<Object> instances = context.getRequiredTestInstances().getAllInstances();
        all.computeIfAbsent(instances.getFirst().getClass(), _ -> new TreeMap<>())
                .merge(instances.get(1).getClass().getSimpleName(), 1, Integer::sum);
    }
}
