package tg.gouv.messagerie.platform.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What the sealed trail tells of one account: « who has opened my account ». A row is here some seconds after it happened. May be called
 * from any thread that may block; throws {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
@FunctionalInterface
public interface AuditAbout {
    /**
     * The newest rows about an account, its mailboxes and its own sign-ins, the newest first.
     *
     * @param looker who reads it, if it is not the account's owner: that is a row too, written before anything is read
     * @param before only rows of lower numbers
     * @param most how many at most
     */
    List<Told> about(UUID account, Optional<Circumstances> looker, OptionalLong before, int most);

    /**
     * A row, as the trail has it.
     *
     * @param number in the chain
     * @param times how often it happened between {@code began} and {@code ended}
     * @param actor as {@link Actor#text} writes it
     * @param subject as {@link Subject#text} writes it
     */
    record Told(
            long number,
            Instant began,
            Instant ended,
            long times,
            String act,
            String actor,
            String subject,
            Optional<String> counterpart,
            Optional<String> network,
            Optional<String> protocol,
            String outcome) {}
}
