package tg.gouv.messagerie.mail.trace;

import java.time.Instant;
import java.util.Optional;

/**
 * Mail that was refused at the door, for one recipient.
 *
 * @param door smtp, submission or lmtp
 * @param session by which the log knows the connection
 * @param account who had signed in
 * @param sender empty is the null reverse-path
 * @param recipient absent if it was refused before one was named
 * @param reply what the client was told
 */
public record RefusedMail(
        Instant at,
        String door,
        String session,
        String client,
        Optional<String> account,
        String sender,
        Optional<String> recipient,
        String reply) {
    private static final int TEXT_MAX = 320;

    public RefusedMail {
        account = account.map(RefusedMail::clipped);
        sender = clipped(sender);
        recipient = recipient.map(RefusedMail::clipped);
        reply = clipped(reply);
    }

    private static String clipped(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
    }

    /** Who is told of refusals, so that they can be traced. */
    @FunctionalInterface
    public interface Noted {
        /** Notes it; returns at once, from any thread. */
        void note(RefusedMail refused);
    }
}
