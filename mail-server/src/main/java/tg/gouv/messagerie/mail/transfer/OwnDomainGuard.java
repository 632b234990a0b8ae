package tg.gouv.messagerie.mail.transfer;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.smtp.Authors;
import tg.gouv.messagerie.mail.smtp.SmtpReply;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/**
 * Nobody from outside writes in the name of our domains, neither in the envelope nor in what a reader sees (From and Sender):
 * our people sign in, our peers are named in the settings.
 */
public final class OwnDomainGuard implements MailHook, JamesMessageHook {
    private static final Logger log = LoggerFactory.getLogger(OwnDomainGuard.class);

    private final Directory directory;
    private final Set<InetAddress> peers;

    /** Guards the domains of this directory. */
    @Inject
    public OwnDomainGuard(Directory directory, MailSettings settings) {
        this.directory = directory;
        this.peers =
                settings.transfer().peers().stream().map(InetAddress::ofLiteral).collect(Collectors.toSet());
    }

    @Override
    public HookResult doMail(SMTPSession session, MaybeSender sender) {
        if (sender.isNullSender() || isPeer(session)) {
            return HookResult.DECLINED;
        }
        try {
            return isOurs(sender.get().getDomain().asString()) ? SmtpReply.OUR_DOMAIN.hook() : HookResult.DECLINED;
        } catch (StoreUnavailable e) {
            return later(session, e);
        }
    }

    @Override
    public HookResult onMessage(SMTPSession session, Mail mail) {
        if (isPeer(session)) {
            return HookResult.DECLINED;
        }
        try {
            Optional<Authors> authors = Authors.of(mail.getMessage());
            if (authors.isEmpty()) {
                return SmtpReply.ONE_FROM.hook();
            }
            return authors.get().addresses().stream().anyMatch(this::isInOurDomains)
                    ? SmtpReply.OUR_DOMAIN.hook()
                    : HookResult.DECLINED;
        } catch (MessagingException e) {
            return SmtpReply.ONE_FROM.hook(); // a field that cannot be read could be shown as anybody
        } catch (StoreUnavailable e) {
            return later(session, e);
        }
    }

    private boolean isPeer(SMTPSession session) {
        return peers.contains(session.getRemoteAddress().getAddress());
    }

    private boolean isInOurDomains(String address) {
        return isOurs(address.substring(address.lastIndexOf('@') + 1));
    }

    /** A domain may be written with a last dot, and in any case (RFC 1034 section 3.1). */
    private boolean isOurs(String domain) {
        String lower = domain.toLowerCase(Locale.ROOT);
        return directory.domains().contains(lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower);
    }

    private static HookResult later(SMTPSession session, StoreUnavailable e) {
        log.warn("event=sender_unavailable session={}", session.getSessionID(), e);
        return SmtpReply.TRY_LATER.hook();
    }
}
