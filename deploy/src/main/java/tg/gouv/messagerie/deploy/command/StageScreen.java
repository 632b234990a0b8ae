package tg.gouv.messagerie.deploy.command;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Shows each stage of a start as one line: a check mark, its name, its seconds, what it has to say. */
final class StageScreen implements Stages {
    private static final int NAME_WIDTH = 20;

    private final Terminal terminal;

    StageScreen(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public <T> T run(String name, Work<T> work, Function<T, List<Object>> details) {
        Texts texts = terminal.texts();
        String title = texts.text("stage." + name);
        PrintStream out = terminal.out();
        if (terminal.interactive()) {
            out.print(" … " + title);
            out.flush();
        }
        long begun = System.nanoTime();
        T result;
        try {
            result = work.run();
        } catch (RuntimeException e) {
            if (terminal.interactive()) {
                out.println("\r ✗ " + title);
            }
            throw e;
        }
        String detail = "stage." + name + ".detail";
        done(
                title,
                Duration.ofNanos(System.nanoTime() - begun),
                texts.has(detail) ? texts.text(detail, details.apply(result).toArray()) : "");
        return result;
    }

    /** Shows a stage that is over. */
    void done(String title, Duration took, String detail) {
        String line = " ✓ " + padded(title) + seconds(took, terminal.texts().locale()) + "   " + detail;
        terminal.out().println((terminal.interactive() ? "\r" : "") + line.stripTrailing());
        terminal.out().flush();
    }

    /** Seconds to the tenth, right-aligned: {@code 1,2 s}. */
    static String seconds(Duration duration, Locale locale) {
        return String.format(locale, "%6.1f s", duration.toMillis() / 1000.0);
    }

    private static String padded(String title) {
        return title + " ".repeat(Math.max(1, NAME_WIDTH - title.length()));
    }
}
