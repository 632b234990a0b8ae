package tg.gouv.messagerie.deploy.command;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import tg.gouv.messagerie.platform.backup.Progress;

/** How far a backup or a restore has come: a line per step, which a person at a terminal sees grow. */
final class CopyScreen implements Progress {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Terminal terminal;
    private String line = "";
    private String last = "";
    private Step step = Step.DATABASE;
    private boolean begun;
    private long shown = System.nanoTime() - EVERY_NANOS;
    private int width;

    CopyScreen(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void at(Step now, long done, long of) {
        if (begun && now != step) {
            end();
        }
        begun = true;
        step = now;
        String key = "copy." + now.name().toLowerCase(Locale.ROOT);
        line = terminal.texts().text(key, count(now, done), percent(done, of));
        last = terminal.texts().text(key, count(now, done), "").stripTrailing();
        if (terminal.interactive() && System.nanoTime() - shown >= EVERY_NANOS) {
            shown = System.nanoTime();
            terminal.out().print("\r" + padded());
            terminal.out().flush();
        }
    }

    /** Ends the line of the last step. */
    synchronized void over() {
        if (begun) {
            end();
            begun = false;
        }
    }

    private void end() {
        line = last;
        terminal.out().println((terminal.interactive() ? "\r" : "") + padded());
        terminal.out().flush();
        width = 0;
    }

    private String padded() {
        String whole = line + " ".repeat(Math.max(0, width - line.length()));
        width = line.length();
        return whole;
    }

    private String count(Step now, long done) {
        return switch (now) {
            case DATABASE, CHECK -> size(done, terminal);
            case OBJECTS, FILES, ROWS, OBJECTS_BACK -> terminal.texts().text("copy.number", done);
        };
    }

    private String percent(long done, long of) {
        return of <= 0 || done >= of ? "" : terminal.texts().text("copy.percent", done * 100 / of);
    }

    /** A size as people write it. */
    static String size(long bytes, Terminal terminal) {
        String unit = bytes < 1_000_000 ? "kb" : bytes < 1_000_000_000 ? "mb" : "gb";
        double divisor = bytes < 1_000_000 ? 1e3 : bytes < 1_000_000_000 ? 1e6 : 1e9;
        return terminal.texts()
                .text("copy." + unit, String.format(terminal.texts().locale(), "%.1f", bytes / divisor));
    }
}
