package tg.gouv.messagerie.portal.management.asking;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tg.gouv.messagerie.directory.provisioning.Provisioning;

/**
 * What is wanted, before it is done.
 *
 * @param sentences what it will change; none: nothing
 * @param settled what is filled in from now on in place of what was, by the names of fields
 * @param act does it, or rehearses it, and returns where to go then
 */
public record Planned(List<String> sentences, Map<String, String> settled, Function<Provisioning, String> act) {
    public Planned {
        sentences = List.copyOf(sentences);
        settled = Map.copyOf(settled);
    }

    /** What is wanted as it was filled in. */
    public Planned(List<String> sentences, Function<Provisioning, String> act) {
        this(sentences, Map.of(), act);
    }
}
