package tg.gouv.messagerie.mail;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;

/**
 * The absence of each account: the one that mail programs show and change over JMAP (RFC 8621 section 8), with a text of its own for people
 * outside the State's domains, whom those programs do not tell apart. A program that changes the text has everybody told the new one.
 *
 * <p>Who may ask is the caller's to judge. Every method throws {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL
 * does not answer; nothing was changed then.
 */
public interface Absences {
    /** The absence of an account as it is now; {@link Absence#NONE} if nothing was ever set. */
    Absence of(AccountId owner);

    /** The name of the account's active filter, if that answers, too (RFC 5230). */
    Optional<String> answeringFilter(AccountId owner);

    /**
     * Sets it, and turns it on; whoever was told of another one is told of this one.
     *
     * @param zone in which programs show its hours
     * @return whether it was set: not if its texts are longer together than {@code mail.absences.text-size-max}
     */
    boolean set(AccountId owner, Absence absence, ZoneId zone);

    /** Turns it off; its texts stay. Returns whether it was on. */
    boolean stop(AccountId owner);

    /**
     * An absence.
     *
     * @param on whether it is told within its time
     * @param from it is told from then on, not before
     * @param until it is told until then
     * @param inside what people of the State's domains are told
     * @param outside what others are told; nothing if absent
     */
    record Absence(
            boolean on, Optional<Instant> from, Optional<Instant> until, String inside, Optional<String> outside) {
        /** Nothing was ever set. */
        public static final Absence NONE = new Absence(false, Optional.empty(), Optional.empty(), "", Optional.empty());
    }
}
