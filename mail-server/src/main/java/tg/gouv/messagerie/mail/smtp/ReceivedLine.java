package tg.gouv.messagerie.mail.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.inject.Inject;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.ReceivedDataLineFilter;

/** The Received field (RFC 5321 section 4.4); James's own asks the DNS who the client is. */
public final class ReceivedLine extends ReceivedDataLineFilter {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

    private final Clock clock;

    /** Fields with the time of this clock. */
    @Inject
    public ReceivedLine(Clock clock) {
        this.clock = clock;
    }

    @Override
    protected Collection<Header> headers(SMTPSession session) {
        String hello = session.getAttachment(SMTPSession.CURRENT_HELO_NAME, State.Connection)
                .orElse("unknown")
                .replaceAll("[^A-Za-z0-9.:\\[\\]-]", "?");
        InetAddress client = session.getRemoteAddress().getAddress();
        String literal = (client instanceof Inet6Address ? "IPv6:" : "") + client.getHostAddress();
        return List.of(new Header("Received", "from " + hello + " ([" + literal + "])")
                .add("by " + session.getConfiguration().getHelloName() + " with " + protocol(session) + " id "
                        + session.getSessionID() + ";")
                .add(DATE.format(clock.instant())));
    }

    /** RFC 3848: the S says TLS, the A that the client signed in. */
    private static String protocol(SMTPSession session) {
        String base = switch (session.getAttachment(SMTPSession.CURRENT_HELO_MODE, State.Connection)
                .orElse("")) {
            case "EHLO" -> "ESMTP";
            case "LHLO" -> "LMTP";
            default -> "SMTP";
        };
        return base.equals("SMTP")
                ? base
                : base + (session.isTLSStarted() ? "S" : "") + (session.getUsername() != null ? "A" : "");
    }
}
