package tg.gouv.messagerie.portal.management.asking;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.portal.pages.Visit;

/**
 * A page of what there is in somebody's reach, in the order of a key (keyset pages: the address {@code ?apres=} names the last key of the page
 * before).
 *
 * @param next the address of the page after this one; empty if this is the last
 */
public record Paged<T>(List<T> shown, String next) {
    private static final int SIZE = 25;

    /** How a page of what is in one part is read: all of the State if no part is named. */
    @FunctionalInterface
    public interface Read<K, T> {
        /** What comes after a key, if one is given; so many at most. */
        List<T> page(Optional<EntityCode> part, Optional<K> after, int most);
    }

    public Paged {
        shown = List.copyOf(shown);
    }

    /**
     * The page that is asked for.
     *
     * @param place the address without a query
     * @param after reads a key
     * @param key of what is shown
     * @throws IllegalArgumentException of {@code after}, told as the form's fault
     */
    public static <K, T> Paged<T> of(
            Visit visit, Reach reach, String place, Function<String, K> after, Function<T, K> key, Read<K, T> read) {
        Optional<K> last =
                visit.query().has("apres") ? Optional.of(visit.query().of("apres", after)) : Optional.empty();
        List<T> found = reach.page(
                part -> read.page(part, last, SIZE + 1), it -> key.apply(it).toString(), SIZE + 1);
        List<T> shown = found.subList(0, Math.min(SIZE, found.size()));
        String next = found.size() > SIZE
                ? place + "?apres="
                        + URLEncoder.encode(key.apply(shown.getLast()).toString(), StandardCharsets.UTF_8)
                : "";
        return new Paged<>(shown, next);
    }
}
