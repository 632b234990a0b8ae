package tg.gouv.messagerie.mail.delivery;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.james.transport.mailets.jsieve.ActionContext;
import org.apache.james.transport.mailets.jsieve.MailAction;
import org.apache.jsieve.mail.Action;
import org.apache.jsieve.mail.ActionRedirect;
import org.apache.mailet.Mail;

/** The redirects of one run of a script (RFC 5228 section 4.2): so many, and never of a message that came back. */
final class Redirect implements MailAction {
    /** Who redirected the message, one field for each. */
    static final String REDIRECTED_FROM = "X-Sieve-Redirected-From";

    private final int most;
    private final Predicate<MailAddress> allowed;
    private int done;

    /**
     * None yet.
     *
     * @param most how many at most
     * @param allowed where a message may be sent on to
     */
    Redirect(int most, Predicate<MailAddress> allowed) {
        this.most = most;
        this.allowed = allowed;
    }

    /** Whether the message was sent on at least once. */
    boolean isDone() {
        return done > 0;
    }

    @Override
    public void execute(Action action, Mail mail, ActionContext context) throws MessagingException {
        String self = context.getRecipient().asString();
        String[] before = mail.getMessage().getHeader(REDIRECTED_FROM);
        if (before != null && Arrays.stream(before).anyMatch(self::equalsIgnoreCase)) {
            throw new MessagingException("redirect: the message has come back");
        }
        MailAddress to = new MailAddress(((ActionRedirect) action).getAddress());
        if (!allowed.test(to)) {
            throw new MessagingException("redirect: not to other domains than ours");
        }
        if (++done > most) {
            throw new MessagingException("redirect: at most " + most + " times for each message");
        }
        MimeMessage message = new MimeMessage(mail.getMessage()); // the other recipients' has no such field
        message.addHeader(REDIRECTED_FROM, self);
        MailImpl redirected = MailImpl.builder()
                .name(MailImpl.getId())
                .sender(mail.getMaybeSender())
                .addRecipients(List.of(to))
                .mimeMessage(message)
                .build();
        try {
            context.post(redirected);
        } finally {
            LifecycleUtil.dispose(redirected);
        }
    }
}
