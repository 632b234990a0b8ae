package tg.gouv.messagerie.directory.signin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened between one subject and one network or host.
 *
 * @param failures different wrong secrets, those before a long silence forgotten
 * @param marks of the latest of them
 * @param failedAt when the last of them came
 * @param closedUntil when the subject may try again
 * @param goodAt when the subject last signed in, to a day
 */
public record Attempts(
        int failures,
        List<Long> marks,
        Optional<Instant> failedAt,
        Optional<Instant> closedUntil,
        Optional<Instant> goodAt) {
    /** Nothing happened yet. */
    public static final Attempts NONE =
            new Attempts(0, List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public Attempts {
        marks = List.copyOf(marks);
    }
}
