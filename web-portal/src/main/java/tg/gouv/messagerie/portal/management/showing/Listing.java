package tg.gouv.messagerie.portal.management.showing;

import java.util.List;

/**
 * Things one below the other.
 *
 * @param what they are, in one sentence
 * @param notes what is to be known besides, a sentence each
 * @param adds where more of them are made
 * @param columns their headings, the first that of the names
 * @param next where the next ones are; nothing: these are the last
 * @param none what is said when there are none
 */
public record Listing(
        String title,
        String what,
        List<String> notes,
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
