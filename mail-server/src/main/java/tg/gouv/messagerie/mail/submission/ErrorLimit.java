package tg.gouv.messagerie.mail.submission;

import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.CommandDispatcher;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.protocols.api.handler.ProtocolHandlerResultHandler;
import org.apache.james.protocols.smtp.SMTPSession;
import org.jspecify.annotations.Nullable;

/** Ends a connection that brings too many errors: unknown commands, unknown recipients. */
public abstract sealed class ErrorLimit implements ProtocolHandlerResultHandler<Response, SMTPSession> {
    private final Errors errors;

    private ErrorLimit(Errors errors) {
        this.errors = errors;
    }

    @Override
    public @Nullable Response onResponse(
            ProtocolSession session, @Nullable Response response, long executionTime, ProtocolHandler handler) {
        // the dispatcher hands on what its commands answered; AUTH counts its own errors, over several lines
        boolean counted = handler instanceof CommandDispatcher || handler instanceof SignInCommand;
        return response == null || counted || !isError(response) || !errors.isOneTooMany((SMTPSession) session)
                ? response
                : SmtpReply.TOO_MANY_ERRORS.last();
    }

    private static boolean isError(Response response) {
        return response.getRetCode().startsWith("4") || response.getRetCode().startsWith("5");
    }

    /** At submission. */
    public static final class AtSubmission extends ErrorLimit {
        /** As many as these. */
        public AtSubmission(Errors errors) {
            super(errors);
        }
    }

    /** At transfer. */
    public static final class AtTransfer extends ErrorLimit {
        /** As many as these. */
        public AtTransfer(Errors errors) {
            super(errors);
        }
    }
}
