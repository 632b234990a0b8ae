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
        return page(
                visit,
                place + "?",
                after,
                key,
                last -> reach.page(
                        part -> read.page(part, last, SIZE + 1),
                        it -> key.apply(it).toString(),
                        SIZE + 1));
    }

    /** What is found of what was sought by {@code ?q=}. */
    @FunctionalInterface
    public interface Find<K, T> {
        /** What comes after a key, if one is given; so many at most. */
        List<T> page(String sought, Optional<K> after, int most);
    }

    /**
     * The page that is asked for of what is found; as {@link #of}.
     *
     * @param sought what was asked by {@code ?q=}
     */
    public static <K, T> Paged<T> found(
            Visit visit, String place, String sought, Function<String, K> after, Function<T, K> key, Find<K, T> find) {
        return page(
                visit,
                place + "?q=" + URLEncoder.encode(sought, StandardCharsets.UTF_8) + "&",
                after,
                key,
                last -> find.page(sought, last, SIZE + 1));
    }

    private static <K, T> Paged<T> page(
            Visit visit,
            String begun,
            Function<String, K> after,
            Function<T, K> key,
            Function<Optional<K>, List<T>> read) {
        List<T> found = read.apply(
                visit.query().has("apres") ? Optional.of(visit.query().of("apres", after)) : Optional.empty());
        List<T> shown = found.subList(0, Math.min(SIZE, found.size()));
        String next = found.size() > SIZE
                ? begun + "apres="
                        + URLEncoder.encode(key.apply(shown.getLast()).toString(), StandardCharsets.UTF_8)
                : "";
        return new Paged<>(shown, next);
    }
}
