package tg.gouv.messagerie.mail.smtp;

import java.util.List;
import javax.inject.Inject;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.LineHandler;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.DataLineFilter;
import org.apache.james.protocols.smtp.core.esmtp.EhloExtension;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MailParametersHook;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.mime.Nesting;

/*
 * SMTP smuggling lives from servers that differ about where a message ends. Here it ends at CR LF . CR LF and nowhere else
 * (RFC 5321 section 4.1.1.4); a message with a lone CR or LF is read to that end and then refused, so it can neither end
 * early here nor look different to the next reader.
 */
/** The lines of a message as they arrive: where it ends, and whether it is one we take. */
public class MessageLines implements DataLineFilter, MailParametersHook, EhloExtension {
    private static final AttachmentKey<Progress> PROGRESS = AttachmentKey.of("MESSAGERIE_LINES", Progress.class);
    private static final AttachmentKey<Long> DECLARED = AttachmentKey.of("MESSAGERIE_SIZE", Long.class);

    private final long sizeMax;
    private final Refused refused;

    /** Lines of messages up to the size of the settings. */
    @Inject
    public MessageLines(MailSettings settings, Refused refused) {
        this.refused = refused;
        this.sizeMax = settings.messageSizeMax().bytes();
    }

    @Override
    public List<String> getImplementedEsmtpFeatures(SMTPSession session) {
        return List.of("SIZE " + sizeMax); // RFC 1870 section 4
    }

    @Override
    public String[] getMailParamNames() {
        return new String[] {"SIZE"};
    }

    /** RFC 1870 section 6.1: what says it is too large is refused before it is sent. */
    @Override
    public HookResult doMailParameter(SMTPSession session, String name, String value) {
        if (!value.matches("[0-9]{1,20}")) {
            return SmtpReply.BAD_PARAMETER.hook();
        }
        if (value.length() > 18 || Long.parseLong(value) > sizeMax) {
            refused.message(session, SmtpReply.TOO_LARGE); // James tells nobody of what comes of a parameter
            return SmtpReply.TOO_LARGE.hook();
        }
        session.setAttachment(DECLARED, Long.parseLong(value), State.Transaction);
        return HookResult.DECLINED;
    }

    /** The size that the client said the message has (RFC 1870), or 0 if it said none. */
    public static long declaredSize(SMTPSession session) {
        return session.getAttachment(DECLARED, State.Transaction).orElse(0L);
    }

    @Override
    public @Nullable Response onLine(SMTPSession session, byte[] line, LineHandler<SMTPSession> next) {
        Progress progress = session.getAttachment(PROGRESS, State.Transaction).orElse(null);
        if (progress == null) {
            progress = new Progress();
            session.setAttachment(PROGRESS, progress, State.Transaction);
        }
        boolean isEnd = progress.afterLineEnd && line.length == 3 && line[0] == '.' && line[1] == '\r';
        if (!isEnd) {
            progress.take(line, sizeMax);
            // RFC 5321 section 4.5.2: a leading dot that is not alone is removed; James removes only the first of two
            boolean oneDot = line.length > 1 && line[0] == '.' && line[1] != '.';
            return progress.fault != null ? null : next.onLine(session, oneDot ? without(line) : line);
        }
        if (progress.fault == null) {
            return next.onLine(session, line);
        }
        SmtpReply fault = progress.fault;
        session.popLineHandler();
        refused.message(session, fault);
        Response refusal = refusal(session, fault);
        session.resetState();
        return refusal;
    }

    /** What the client is told at the end of a message that is not taken. */
    Response refusal(SMTPSession session, SmtpReply fault) {
        return fault.response();
    }

    private static byte[] without(byte[] line) {
        return java.util.Arrays.copyOfRange(line, 1, line.length);
    }

    /** How far a message came. */
    private static final class Progress {
        private final Nesting nesting = new Nesting();
        private long size;
        private boolean afterLineEnd = true;
        private @Nullable SmtpReply fault;

        void take(byte[] line, long sizeMax) {
            size += line.length;
            afterLineEnd = line.length >= 2 && line[line.length - 2] == '\r';
            if (fault == null) {
                fault = size > sizeMax ? SmtpReply.TOO_LARGE : inside(line);
            }
            if (fault == null) {
                nesting.line(line.length > 1 && line[0] == '.' ? without(line) : line);
                fault = nesting.isTooDeep() ? SmtpReply.TOO_NESTED : null;
            }
        }

        private @Nullable SmtpReply inside(byte[] line) {
            if (!afterLineEnd) {
                return SmtpReply.BARE_LINE_END;
            }
            for (int i = 0; i < line.length - 2; i++) {
                if (line[i] == '\r') {
                    return SmtpReply.BARE_LINE_END; // RFC 5321 section 2.3.8
                }
                if (line[i] == 0) {
                    return SmtpReply.NUL; // RFC 5322 section 4: obsolete, and IMAP cannot carry it
                }
            }
            return null;
        }
    }
}
