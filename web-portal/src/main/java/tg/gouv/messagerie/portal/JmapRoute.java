package tg.gouv.messagerie.portal;

import java.util.Optional;
import java.util.Set;

/** The JMAP resources that James 3.8.1 serves (RFC 8620), each with its path and method. */
enum JmapRoute {
    /** RFC 8620 section 2.2. */
    WELL_KNOWN("GET"),
    /** RFC 8620 section 2. */
    SESSION("GET"),
    /** RFC 8620 section 3. */
    API("POST"),
    /** RFC 8620 section 6.1. */
    UPLOAD("POST"),
    /** RFC 8620 section 6.2. */
    DOWNLOAD("GET"),
    /** RFC 8620 section 7.3. */
    EVENT_SOURCE("GET");

    /** The first segments of the paths, as the HTTP server is told them. */
    static final Set<String> PREFIXES = Set.of("/.well-known/jmap", "/jmap", "/upload", "/download", "/eventSource");

    private final String method;

    JmapRoute(String method) {
        this.method = method;
    }

    /** The resource of a path, if it is one. */
    static Optional<JmapRoute> of(String path) {
        return switch (path) {
            case "/.well-known/jmap" -> Optional.of(WELL_KNOWN);
            case "/jmap/session" -> Optional.of(SESSION);
            case "/jmap" -> Optional.of(API);
            case "/eventSource" -> Optional.of(EVENT_SOURCE);
            default -> {
                if (segments(path, "/upload/") == 1) {
                    yield Optional.of(UPLOAD);
                }
                yield segments(path, "/download/") == 2 ? Optional.of(DOWNLOAD) : Optional.empty();
            }
        };
    }

    String method() {
        return method;
    }

    /** How many segments, none of them empty, follow a prefix. */
    private static int segments(String path, String prefix) {
        if (!path.startsWith(prefix)) {
            return 0;
        }
        String[] rest = path.substring(prefix.length()).split("/", -1);
        for (String segment : rest) {
            if (segment.isEmpty()) {
                return 0;
            }
        }
        return rest.length;
    }
}
