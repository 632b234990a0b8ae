package tg.gouv.messagerie.portal.management.showing;

import java.util.List;

/**
 * One thing, and what can be done with it.
 *
 * @param back the list in which it is
 */
public record Thing(String title, List<Fact> facts, List<Section> sections, List<Link> acts, Link back) {
    public Thing {
        facts = List.copyOf(facts);
        sections = List.copyOf(sections);
        acts = List.copyOf(acts);
    }

    /** What is known of it. */
    public record Fact(String label, String value) {}

    /**
     * What belongs to it.
     *
     * @param next where more of it is; nothing: this is all
     * @param none what is said when there is nothing
     */
    public record Section(String title, List<String> items, String next, String none) {
        public Section {
            items = List.copyOf(items);
        }
    }
}
