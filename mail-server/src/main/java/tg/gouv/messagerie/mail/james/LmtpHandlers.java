package tg.gouv.messagerie.mail.james;

import java.util.List;
import org.apache.james.protocols.api.handler.CommandDispatcher;
import org.apache.james.protocols.lib.handler.HandlersPackage;
import org.apache.james.protocols.lmtp.core.LhloCmdHandler;
import org.apache.james.protocols.lmtp.core.WelcomeMessageHandler;
import org.apache.james.protocols.smtp.core.NoopCmdHandler;
import org.apache.james.protocols.smtp.core.QuitCmdHandler;
import org.apache.james.protocols.smtp.core.RsetCmdHandler;
import org.apache.james.protocols.smtp.core.UnknownCmdHandler;
import org.apache.james.protocols.smtp.core.VrfyCmdHandler;
import org.apache.james.smtpserver.JamesDataCmdHandler;
import org.apache.james.smtpserver.JamesRcptCmdHandler;
import tg.gouv.messagerie.mail.delivery.LmtpQueueing;
import tg.gouv.messagerie.mail.smtp.Acceptance;
import tg.gouv.messagerie.mail.smtp.LmtpMessageLines;
import tg.gouv.messagerie.mail.smtp.MailCommand;
import tg.gouv.messagerie.mail.smtp.ReceivedLine;
import tg.gouv.messagerie.mail.smtp.Refused;
import tg.gouv.messagerie.mail.transfer.RecipientHook;

/** LMTP, mail from a relay on this machine. */
public final class LmtpHandlers implements HandlersPackage {
    private static final List<Class<?>> HANDLERS = List.of(
            WelcomeMessageHandler.class,
            CommandDispatcher.class,
            JamesDataCmdHandler.class,
            LhloCmdHandler.class,
            MailCommand.class,
            NoopCmdHandler.class,
            QuitCmdHandler.class,
            JamesRcptCmdHandler.class,
            RsetCmdHandler.class,
            VrfyCmdHandler.class,
            RecipientHook.class,
            LmtpMessageLines.class,
            ReceivedLine.class,
            Refused.class,
            LmtpQueueing.class,
            Acceptance.class,
            UnknownCmdHandler.class);

    @Override
    public List<String> getHandlers() {
        return HANDLERS.stream().map(Class::getName).toList();
    }
}
