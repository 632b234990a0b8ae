package tg.gouv.messagerie.directory.provisioning;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;

/**
 * That a person holds a position.
 *
 * <p>A person holds a position at most once at a time: the act finds the assignment that runs or is to come, and sets its
 * ends; one that is over stays as it was.
 *
 * @param person any address of the person
 * @param from when it begins; without it, as it is, and now for a new one
 * @param until when it ends; without it, it stays open
 */
public record Assignment(MailAddress person, PositionCode position, Optional<Instant> from, Optional<Instant> until) {
    public Assignment {
        from = from.map(it -> it.truncatedTo(ChronoUnit.MICROS)); // as precise as PostgreSQL
        until = until.map(it -> it.truncatedTo(ChronoUnit.MICROS));
    }

    /** From now, until somebody ends it. */
    public Assignment(MailAddress person, PositionCode position) {
        this(person, position, Optional.empty(), Optional.empty());
    }
}
