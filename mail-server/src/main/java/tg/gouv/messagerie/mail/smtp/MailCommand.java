package tg.gouv.messagerie.mail.smtp;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.protocols.api.Request;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.smtpserver.JamesMailCmdHandler;

/** MAIL, without the parameters we do not know, which James takes in silence (RFC 5321 section 4.1.1.11). */
public final class MailCommand extends JamesMailCmdHandler {
    private static final Set<String> KNOWN = Set.of("SIZE", "BODY=7BIT", "BODY=8BITMIME", "AUTH");

    /** MAIL for these domains. */
    @Inject
    public MailCommand(MetricFactory metrics, DomainList domains) {
        super(metrics, domains);
    }

    @Override
    public Response onCommand(SMTPSession session, Request request) {
        String argument = Optional.ofNullable(request.getArgument()).orElse("");
        int end = argument.indexOf('>');
        String parameters = end < 0 ? "" : argument.substring(end + 1).strip();
        for (String parameter : parameters.split(" +", -1)) {
            String upper = parameter.toUpperCase(Locale.ROOT);
            if (!upper.isEmpty() && !KNOWN.contains(upper) && !KNOWN.contains(upper.replaceFirst("=.*", ""))) {
                return SmtpReply.UNKNOWN_PARAMETER.response();
            }
        }
        int begin = argument.indexOf('<');
        Refused.said(session, begin < 0 || end < begin ? "" : argument.substring(begin + 1, end));
        return super.onCommand(session, request);
    }
}
