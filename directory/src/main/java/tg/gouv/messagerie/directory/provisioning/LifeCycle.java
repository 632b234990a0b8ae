package tg.gouv.messagerie.directory.provisioning;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;

/**
 * What happens to people in the service of a State. A person stays who they are: their account, its mailboxes and every address they
 * had; what they may do follows the positions they hold.
 */
public sealed interface LifeCycle {
    /**
     * Somebody takes a position, in their own entity or another, and belongs to its entity from then on.
     *
     * @param person any address of the person
     * @param leaves the position they give up; absent, every one they hold
     */
    record Reassignment(MailAddress person, Optional<PositionCode> leaves, PositionCode takes) implements LifeCycle {}

    /**
     * A position and its function mailboxes pass from one holder to another.
     *
     * @param from any address of who holds it
     * @param to any address of who holds it from now on
     */
    record HandOver(PositionCode position, MailAddress from, MailAddress to) implements LifeCycle {}

    /**
     * Somebody has another name. The address they had still delivers and signs in.
     *
     * @param person any address of the person
     * @param address the primary one from now on
     */
    record Renaming(MailAddress person, PersonName name, MailAddress address) implements LifeCycle {}

    /** Somebody may not sign in for some time; their mail still arrives. */
    record Suspension(MailAddress person) implements LifeCycle {}

    /**
     * Somebody leaves the service of the State: they hold no position any more and may not sign in; until the account closes, their
     * address receives, their filters and redirects do nothing, and whoever writes is told that they have left. Done again, it changes
     * who reads and answers and until when.
     *
     * @param person any address of the person
     * @param reader any address of who reads their mailboxes until then; absent, nobody does
     * @param answer an address of ours to which whoever writes is told to write instead
     * @param until when the account closes
     */
    record Departure(MailAddress person, Optional<MailAddress> reader, Optional<MailAddress> answer, Instant until)
            implements LifeCycle {}

    /**
     * The data of somebody whose account has closed must not be erased until the hold ends.
     *
     * @param person any address of the person
     * @param reason of 1 to 200 characters, as the audit trail tells it
     */
    record Hold(MailAddress person, String reason) implements LifeCycle {
        public Hold {
            reason = Written.name(reason, Written.LABEL_MAX);
        }
    }

    /** Somebody's data may be erased again. */
    record HoldEnd(MailAddress person) implements LifeCycle {}

    /**
     * Everything that is kept of somebody who has left goes, mailboxes included; the account's id stays, by which the audit trail and the
     * history of positions and rights name them. Nobody is given their addresses. It is refused while their account is not closed, while
     * a hold lasts, while they hold a position or own a mailing list.
     *
     * @param person any address of the person
     * @param now although the account closed less than {@link #ERASED_AFTER} ago
     */
    record Erasure(MailAddress person, boolean now) implements LifeCycle {}

    /** How long after the account closed its data may be erased: for as long its owner or a successor may need it. */
    Duration ERASED_AFTER = Duration.ofDays(90);

    /** Somebody who was suspended, or has left, may sign in again; positions are theirs only when they are given anew. */
    record Resumption(MailAddress person) implements LifeCycle {}

    /**
     * What an act changed, or would.
     *
     * @param what the stable word of the change, as in the audit trail: {@code assignment}
     * @param subject who or what was changed: a primary address, a code
     * @param with what it was brought together with: the position of an assignment, the state of an account
     */
    record Change(String what, String subject, Optional<String> with) {}

    /** What was done, in its order; nothing if everything was so already. */
    record Done(List<Change> changes) {
        public Done {
            changes = List.copyOf(changes);
        }
    }
}
