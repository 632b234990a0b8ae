package tg.gouv.messagerie.portal.management.asking;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights.Given;
import tg.gouv.messagerie.portal.pages.PageRefused;

/**
 * Where somebody has a right.
 *
 * @param parts entities; absent: the whole State, and then it is the only one
 */
public record Reach(List<Optional<EntityCode>> parts) {
    public Reach {
        parts = List.copyOf(parts);
    }

    /**
     * Where the right is, by what somebody was given.
     *
     * @throws PageRefused with the sentence {@code nowhere} beside the page, if it is nowhere
     */
    public static Reach of(List<Given> given, Right right) {
        List<Optional<EntityCode>> parts = given.stream()
                .filter(it -> it.rights().contains(right))
                .map(it -> it.entity().map(EntityCode::new))
                .distinct()
                .toList();
        if (parts.isEmpty()) {
            throw new PageRefused(403, "nowhere");
        }
        return new Reach(parts.contains(Optional.<EntityCode>empty()) ? List.of(Optional.empty()) : parts);
    }

    /**
     * A page of what is in any of the parts.
     *
     * @param read a page of what is in one
     * @param key by which pages are in order
     */
    public <T> List<T> page(Function<Optional<EntityCode>, List<T>> read, Function<T, String> key, int most) {
        return parts.stream()
                .flatMap(part -> read.apply(part).stream())
                .distinct()
                .sorted(Comparator.comparing(key))
                .limit(most)
                .toList();
    }
}
