package tg.gouv.messagerie.mail;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.vacation.api.Vacation;

/**
 * What accounts want done with the mail that arrives for them.
 *
 * <p>Every method throws {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public interface AccountRules {
    /** What the account of an address wants now, in one statement; nothing if the address is nobody's. */
    Wishes of(MailAddress recipient);

    /**
     * Whether a sender is to be told of an absence; that it was told is durable with the delivery on the calling thread, or when this
     * returns if there is none.
     *
     * @param absence which one; the absence that JMAP sets is {@link #JMAP_ABSENCE}
     * @param until when the sender may be told again
     * @return false if the sender was told and the time is not over, or if too many senders are remembered
     */
    boolean isFirst(MailAddress recipient, String absence, MailAddress sender, Instant until);

    /** The one absence that an account has in JMAP (RFC 8621 section 8). */
    String JMAP_ABSENCE = "";

    /**
     * What an account wants.
     *
     * @param vacation its absence, enabled, perhaps not begun or over
     * @param outside what people outside our domains are told of it, if that is not the same; nothing if it is empty
     * @param script the active one
     */
    record Wishes(Optional<Vacation> vacation, Optional<String> outside, Optional<Script> script) {}

    /** A Sieve script in UTF-8 and since when it is active. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Script(byte[] content, ZonedDateTime active) {}
}
