package tg.gouv.messagerie.directory.imports;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A position as a row wants it held.
 *
 * @param code of the position
 * @param from when it begins; null: as it is, or now
 * @param until when it ends; null: as it is, or open
 */
public record HeldPosition(
        String code, @Nullable Instant from, @Nullable Instant until) {}
