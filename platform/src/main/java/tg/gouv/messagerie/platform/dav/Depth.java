package tg.gouv.messagerie.platform.dav;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far below a resource a request goes (RFC 4918 section 10.2). */
public enum Depth {
    ZERO,
    ONE,
    INFINITY;

    /**
     * Reads the header field.
     *
     * @param field null if it is not there, which says « infinity » for PROPFIND (section 9.1)
     * @return empty if it says something else
     */
    public static Optional<Depth> of(@Nullable String field) {
        if (field == null) {
            return Optional.of(INFINITY);
        }
        return switch (field.strip().toLowerCase(Locale.ROOT)) {
            case "0" -> Optional.of(ZERO);
            case "1" -> Optional.of(ONE);
            case "infinity" -> Optional.of(INFINITY);
            default -> Optional.empty();
        };
    }
}
