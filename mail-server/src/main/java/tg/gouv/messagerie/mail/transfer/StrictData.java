package tg.gouv.messagerie.mail.transfer;

import java.util.Arrays;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.LineHandler;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.DataLineFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.submission.SmtpReply;

/**
 * Message lines as RFC 5321 section 2.3.8 wants them: CR LF ends them, and neither octet stands alone; nor is there a NUL.
 *
 * <p>What another server would take for the end of the message must not pass as its content (SMTP smuggling): the connection
 * ends.
 */
public final class StrictData implements DataLineFilter {
    private static final Logger log = LoggerFactory.getLogger(StrictData.class);

    @Override
    public Response onLine(SMTPSession session, byte[] line, LineHandler<SMTPSession> next) {
        if (!isStrict(line)) {
            log.info("event=bad_line_end session={}", session.getSessionID());
            session.popLineHandler();
            return SmtpReply.BARE_LINE_END.last();
        }
        return next.onLine(session, isStuffed(line) ? Arrays.copyOfRange(line, 1, line.length) : line);
    }

    private static boolean isStrict(byte[] line) {
        int end = line.length - 2;
        if (end < 0 || line[end] != '\r' || line[end + 1] != '\n') {
            return false;
        }
        for (int i = 0; i < end; i++) {
            if (line[i] == 0 || line[i] == '\r' || line[i] == '\n') {
                return false;
            }
        }
        return true;
    }

    /** RFC 5321 section 4.5.2: a first dot goes, unless it is alone; James takes away the first of two himself. */
    private static boolean isStuffed(byte[] line) {
        return line.length > 3 && line[0] == '.' && line[1] != '.';
    }
}
