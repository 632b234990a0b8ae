package tg.gouv.messagerie.portal.pages;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A page or an act of a page.
 *
 * @param path such as {@code /compte/appareils/{id}}: a name in braces stands for one segment, which is not empty
 * @param texts a class beside which the page's sentences are ({@link tg.gouv.messagerie.platform.language.Messages})
 * @param takesFile whether the form may bring a file
 */
public record Route(Method method, String path, Access access, Class<?> texts, boolean takesFile, Doing doing) {
    /** What is asked of an address. */
    public enum Method {
        /** To be shown something; nothing changes. */
        GET,
        /** That something be done, with a form of ours. */
        POST
    }

    /** Who may come. */
    public enum Access {
        EVERYBODY,
        /** Who has signed in, also where they must turn a second factor on before anything else. */
        ENROLLING,
        /** The same, if they have shown the main password within {@link Door#PROVED_FOR}. */
        ENROLLING_PROVED,
        /** Who has signed in. */
        SIGNED_IN,
        /** The same, if they have shown the main password within {@link Door#PROVED_FOR}. */
        PROVED;

        boolean isForWhoMustEnrol() {
            return this == ENROLLING || this == ENROLLING_PROVED;
        }

        boolean asksForProof() {
            return this == PROVED || this == ENROLLING_PROVED;
        }
    }

    /** What a page does. */
    @FunctionalInterface
    public interface Doing {
        /**
         * Answers a visit.
         *
         * @throws PageRefused if it is not done, with the sentence that says why
         */
        Reply reply(Visit visit);
    }

    /** A page to be shown. */
    public static Route get(String path, Access access, Class<?> texts, Doing doing) {
        return new Route(Method.GET, path, access, texts, false, doing);
    }

    /** An act. */
    public static Route post(String path, Access access, Class<?> texts, Doing doing) {
        return new Route(Method.POST, path, access, texts, false, doing);
    }

    /**
     * What the names in braces stand for; empty if this is another path.
     *
     * @param asked a path of Jetty's, in which slashes, percent signs and whatever no path may hold are still encoded
     */
    Optional<Map<String, String>> match(String asked) {
        List<String> wanted = List.of(path.split("/", -1));
        List<String> given = List.of(asked.split("/", -1));
        if (wanted.size() != given.size()) {
            return Optional.empty();
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String segment = wanted.get(i);
            if (segment.startsWith("{")) {
                if (given.get(i).isEmpty()) {
                    return Optional.empty();
                }
                names.put(segment.substring(1, segment.length() - 1), Segment.name(given.get(i)));
            } else if (!segment.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(Map.copyOf(names));
    }
}
