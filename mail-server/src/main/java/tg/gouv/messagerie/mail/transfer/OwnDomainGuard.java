package tg.gouv.messagerie.mail.transfer;

import java.net.InetAddress;
import java.util.Set;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.smtp.SmtpReply;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** Nobody from outside writes in the name of our domains: our people sign in, our peers are named in the settings. */
public final class OwnDomainGuard implements MailHook {
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
        if (sender.isNullSender() || peers.contains(session.getRemoteAddress().getAddress())) {
            return HookResult.DECLINED;
        }
        try {
            return directory.domains().contains(sender.get().getDomain().asString())
                    ? SmtpReply.OUR_DOMAIN.hook()
                    : HookResult.DECLINED;
        } catch (StoreUnavailable e) {
            log.warn("event=sender_unavailable session={}", session.getSessionID(), e);
            return SmtpReply.TRY_LATER.hook();
        }
    }
}
