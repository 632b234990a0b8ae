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
import tg.gouv.messagerie.mail.submission.CompleteHeader;
import tg.gouv.messagerie.mail.submission.SenderOwnsFrom;
import tg.gouv.messagerie.mail.submission.SignInCommand;
import tg.gouv.messagerie.mail.submission.SignedInSender;
import tg.gouv.messagerie.mail.transfer.RecipientHook;

/** Ports 587 and 465, messages of people who signed in. */
public final class SubmissionHandlers implements HandlersPackage {
    private static final List<Class<?>> HANDLERS = List.of(
            JamesWelcomeMessageHandler.class,
            CommandDispatcher.class,
            SignInCommand.class,
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
            SignedInSender.class,
            RecipientHook.class,
            MessageLines.class,
            ReceivedLine.class,
            Refused.class,
            DataLineJamesMessageHookHandler.class,
            StartTlsCmdHandler.class,
            SenderOwnsFrom.class,
            CompleteHeader.class,
            Acceptance.class,
            UnknownCmdHandler.class);

    @Override
    public List<String> getHandlers() {
        return HANDLERS.stream().map(Class::getName).toList();
    }
}
