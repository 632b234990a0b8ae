package tg.gouv.messagerie.mail.submission;

import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSession;

/** How many errors a connection may bring before it is ended. */
public record Errors(int most) {
    private static final AttachmentKey<Integer> COUNT = AttachmentKey.of("MESSAGERIE_ERRORS", Integer.class);

    /** The reply, or the last one of the connection. */
    public Response count(SMTPSession session, SmtpReply reply) {
        return isOneTooMany(session) ? SmtpReply.TOO_MANY_ERRORS.last() : reply.response();
    }

    /** Counts one error more. */
    boolean isOneTooMany(SMTPSession session) {
        int count = session.getAttachment(COUNT, State.Connection).orElse(0) + 1;
        session.setAttachment(COUNT, count, State.Connection);
        return count > most;
    }
}
