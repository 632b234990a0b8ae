package tg.gouv.messagerie.portal.management.showing;

import java.util.List;
import java.util.Optional;

/**
 * Things one below the other.
 *
 * @param what they are, in one sentence
 * @param notes what is to be known besides, a sentence each
 * @param search by what they are found, where there are many
 * @param adds where more of them are made
 * @param columns their headings, the first that of the names
 * @param next where the next ones are; nothing: these are the last
 * @param none what is said when there are none
 */
public record Listing(
        String title,
        String what,
        List<String> notes,
        Optional<Search> search,
        List<Link> adds,
        List<String> columns,
        List<Line> lines,
        String next,
        String none) {
    public Listing {
        notes = List.copyOf(notes);
        adds = List.copyOf(adds);
        columns = List.copyOf(columns);
        lines = List.copyOf(lines);
    }

    /** Things that are not looked for. */
    public Listing(
            String title,
            String what,
            List<String> notes,
            List<Link> adds,
            List<String> columns,
            List<Line> lines,
            String next,
            String none) {
        this(title, what, notes, Optional.empty(), adds, columns, lines, next, none);
    }

    /**
     * What is looked for.
     *
     * @param action the address of the list
     * @param wrong why nothing can be found by it; nothing: it can
     */
    public record Search(String action, String label, String sought, String wrong) {}

    /**
     * One thing.
     *
     * @param place its page; nothing: it has none
     * @param cells what stands in the columns behind the name
     */
    public record Line(String place, String name, List<String> cells) {
        public Line {
            cells = List.copyOf(cells);
        }
    }
}
