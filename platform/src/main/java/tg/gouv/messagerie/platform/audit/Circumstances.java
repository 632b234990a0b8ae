package tg.gouv.messagerie.platform.audit;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When, by whom, for whom and from where something was done.
 *
 * @param at cut to microseconds, which is what PostgreSQL keeps
 * @param onBehalfOf for whom the actor acted, when it was not for themselves
 */
public record Circumstances(Instant at, Actor actor, Optional<Actor> onBehalfOf, Origin origin) {
    /** Whom the current call is done for; unbound, nobody asked and it is the program itself. */
    private static final ScopedValue<Circumstances> ASKED = ScopedValue.newInstance();

    public Circumstances {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    /** Runs what somebody asked for: whatever it records is theirs. */
    public void run(Runnable act) {
        ScopedValue.where(ASKED, this).run(act);
    }

    /** The same for what returns something. */
    public <T, X extends Throwable> T call(ScopedValue.CallableOp<T, X> act) throws X {
        return ScopedValue.where(ASKED, this).call(act);
    }

    /** The circumstances of the current call, now: as {@link #run} was told, else the program's own doing. */
    public static Circumstances current(InstantSource clock) {
        Instant now = clock.instant();
        if (ASKED.isBound()) {
            Circumstances asked = ASKED.get();
            return new Circumstances(now, asked.actor, asked.onBehalfOf, asked.origin);
        }
        return new Circumstances(now, new Actor.Program(), Optional.empty(), new Origin.Here());
    }

    /** A system user at this machine's command line, now. */
    public static Circumstances ofSystemUser(String name, InstantSource clock) {
        return new Circumstances(clock.instant(), new Actor.SystemUser(name), Optional.empty(), new Origin.Here());
    }
}
