package tg.gouv.messagerie.platform.settings;

import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What cannot be judged in a text that is not quite TOML, so that one misplaced quote is one problem: not what is on a broken
 * line or under a broken header, and not what a table lacks that has a broken line.
 */
final class Doubts {
    static final String END_OF_FILE = "syntax.end-of-file";

    private static final Pattern HEADER = Pattern.compile("\\s*\\[.*");

    private final NavigableSet<Integer> broken;
    private final NavigableSet<Integer> headers;
    private final boolean aTableIsLost;

    private Doubts(NavigableSet<Integer> broken, NavigableSet<Integer> headers, boolean aTableIsLost) {
        this.broken = broken;
        this.headers = headers;
        this.aTableIsLost = aTableIsLost;
    }

    static Doubts of(List<String> lines, List<SettingsProblem> problems) {
        NavigableSet<Integer> broken = new TreeSet<>();
        problems.forEach(problem -> problem.line().ifPresent(broken::add));
        NavigableSet<Integer> headers = new TreeSet<>();
        headers.add(0); // the settings before the first header
        for (int i = 0; i < lines.size(); i++) {
            if (HEADER.matcher(lines.get(i)).matches()) {
                headers.add(i + 1);
            }
        }
        boolean aTableIsLost = headers.stream().anyMatch(broken::contains)
                || problems.stream().anyMatch(problem -> problem.sentence().equals(END_OF_FILE));
        return new Doubts(broken, headers, aTableIsLost);
    }

    static Doubts all() {
        return new Doubts(new TreeSet<>(), new TreeSet<>(List.of(0)), true);
    }

    /** Whether something on this line is not TOML. */
    boolean isBroken(int line) {
        return broken.contains(line);
    }

    /** Whether what was read on this line may not be what is written there. */
    boolean about(int line) {
        return broken.contains(line) || aboutTheTableOf(line);
    }

    /** Whether what was read on this line may belong to another table: its own has a broken header. */
    boolean aboutTheTableOf(int line) {
        Integer header = headers.floor(line);
        return header != null && header != line && broken.contains(header);
    }

    /** Whether a table, with its header on this line or nowhere, may have settings that could not be read. */
    boolean aboutTheRestOfTheTable(OptionalInt line) {
        int from = line.orElse(0);
        Integer header = headers.floor(from);
        Integer next = headers.higher(from);
        return aTableIsLost
                || !broken.subSet(header == null ? 0 : header, next == null ? Integer.MAX_VALUE : next)
                        .isEmpty();
    }
}
