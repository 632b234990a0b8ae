package tg.gouv.messagerie.mail.james;

import java.util.List;
import org.apache.james.protocols.api.handler.CommandDispatcher;
import org.apache.james.protocols.lib.handler.HandlersPackage;
import org.apache.james.protocols.smtp.core.HeloCmdHandler;
import org.apache.james.protocols.smtp.core.HelpCmdHandler;
import org.apache.james.protocols.smtp.core.NoopCmdHandler;
import org.apache.james.protocols.smtp.core.QuitCmdHandler;
import org.apache.james.protocols.smtp.core.RsetCmdHandler;
import org.apache.james.protocols.smtp.core.UnknownCmdHandler;
import org.apache.james.protocols.smtp.core.VrfyCmdHandler;
import org.apache.james.protocols.smtp.core.esmtp.EhloCmdHandler;
import org.apache.james.protocols.smtp.core.esmtp.StartTlsCmdHandler;
import org.apache.james.smtpserver.DataLineJamesMessageHookHandler;
import org.apache.james.smtpserver.JamesDataCmdHandler;
import org.apache.james.smtpserver.JamesRcptCmdHandler;
import org.apache.james.smtpserver.JamesWelcomeMessageHandler;
import tg.gouv.messagerie.mail.smtp.Acceptance;
import tg.gouv.messagerie.mail.smtp.MailCommand;
import tg.gouv.messagerie.mail.smtp.MessageLines;
import tg.gouv.messagerie.mail.smtp.ReceivedLine;
import tg.gouv.messagerie.mail.smtp.Refused;
import tg.gouv.messagerie.mail.transfer.OwnDomainGuard;
import tg.gouv.messagerie.mail.transfer.RecipientHook;

/** Port 25, mail from other servers: nobody signs in there. */
public final class TransferHandlers implements HandlersPackage {
    private static final List<Class<?>> HANDLERS = List.of(
            JamesWelcomeMessageHandler.class,
            CommandDispatcher.class,
            JamesDataCmdHandler.class,
            EhloCmdHandler.class,
            HeloCmdHandler.class,
            HelpCmdHandler.class,
            MailCommand.class,
            NoopCmdHandler.class,
            QuitCmdHandler.class,
            JamesRcptCmdHandler.class,
            RsetCmdHandler.class,
            VrfyCmdHandler.class,
            OwnDomainGuard.class,
            RecipientHook.class,
            MessageLines.class,
            ReceivedLine.class,
            Refused.class,
            DataLineJamesMessageHookHandler.class,
            StartTlsCmdHandler.class,
            Acceptance.class,
            UnknownCmdHandler.class);

    @Override
    public List<String> getHandlers() {
        return HANDLERS.stream().map(Class::getName).toList();
    }
}
