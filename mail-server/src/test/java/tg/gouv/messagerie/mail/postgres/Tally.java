package tg.gouv.messagerie.mail.postgres;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Counts the tests that passed and that were skipped, by the class that is nested directly in the outermost one. */
final class Tally implements TestWatcher {
    static final Map<String, Integer> PASSED = new TreeMap<>();
    static final Map<String, Integer> SKIPPED = new TreeMap<>();

    @Override
    public synchronized void testSuccessful(ExtensionContext context) {
        PASSED.merge(contract(context), 1, Integer::sum);
    }

    @Override
    public synchronized void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        SKIPPED.merge(contract(context), 1, Integer::sum);
    }

    @Override
    public synchronized void testDisabled(ExtensionContext context, Optional<String> reason) {
        SKIPPED.merge(contract(context), 1, Integer::sum);
    }

    private static String contract(ExtensionContext context) {
        return context.getRequiredTestInstances()
                .getAllInstances()
                .get(1)
                .getClass()
                .getSimpleName();
    }
}
