package tg.gouv.messagerie.mail.james;

import java.util.List;
import org.apache.james.protocols.api.handler.CommandDispatcher;
import org.apache.james.protocols.lib.handler.HandlersPackage;
import org.apache.james.protocols.smtp.core.HelpCmdHandler;
import org.apache.james.protocols.smtp.core.NoopCmdHandler;
import org.apache.james.protocols.smtp.core.QuitCmdHandler;
import org.apache.james.protocols.smtp.core.ReceivedDataLineFilter;
import org.apache.james.protocols.smtp.core.RsetCmdHandler;
import org.apache.james.protocols.smtp.core.UnknownCmdHandler;
import org.apache.james.protocols.smtp.core.VrfyCmdHandler;
import org.apache.james.protocols.smtp.core.esmtp.EhloCmdHandler;
import org.apache.james.protocols.smtp.core.HeloCmdHandler;
import org.apache.james.protocols.smtp.core.esmtp.MailSizeEsmtpExtension;
import org.apache.james.protocols.smtp.core.esmtp.StartTlsCmdHandler;
import org.apache.james.smtpserver.AddDefaultAttributesMessageHook;
import org.apache.james.smtpserver.DataLineJamesMessageHookHandler;
import org.apache.james.smtpserver.JamesDataCmdHandler;
import org.apache.james.smtpserver.JamesMailCmdHandler;
import org.apache.james.smtpserver.JamesRcptCmdHandler;
import org.apache.james.smtpserver.JamesWelcomeMessageHandler;
import org.apache.james.smtpserver.SendMailHandler;
import tg.gouv.messagerie.mail.submission.SignInCommand;
import tg.gouv.messagerie.mail.submission.ErrorLimit;
import tg.gouv.messagerie.mail.submission.OwnFrom;
import tg.gouv.messagerie.mail.submission.OwnSender;
import tg.gouv.messagerie.mail.transfer.StrictData;
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
            JamesMailCmdHandler.class,
            NoopCmdHandler.class,
            QuitCmdHandler.class,
            JamesRcptCmdHandler.class,
            RsetCmdHandler.class,
            VrfyCmdHandler.class,
            StrictData.class,
            MailSizeEsmtpExtension.class,
            OwnSender.class,
            OwnFrom.class,
            RecipientHook.class,
            ReceivedDataLineFilter.class,
            DataLineJamesMessageHookHandler.class,
            AddDefaultAttributesMessageHook.class,
            StartTlsCmdHandler.class,
            SendMailHandler.class,
            UnknownCmdHandler.class,
            ErrorLimit.AtSubmission.class);

    @Override
    public List<String> getHandlers() {
        return HANDLERS.stream().map(Class::getName).toList();
    }
}
