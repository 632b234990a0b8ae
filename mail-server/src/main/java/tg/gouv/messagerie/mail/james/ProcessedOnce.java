package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.mailetcontainer.api.MailProcessor;
import org.apache.james.mailetcontainer.impl.CompositeProcessorImpl;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;

/** James's mailets, whose enqueuing and putting aside is written together with the end of the mail they work on. */
final class ProcessedOnce implements MailProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessedOnce.class);

    private static final int CAUSES_MAX = 20;
    private static final int REASON_MAX = 300;

    private final CompositeProcessorImpl mailets;
    private final PostgresMailQueues queues;

    @Inject
    ProcessedOnce(CompositeProcessorImpl mailets, PostgresMailQueues queues) {
        this.mailets = mailets;
        this.queues = queues;
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        try {
            queues.process(mail, () -> {
                mailets.service(mail);
                return mail;
            });
        } catch (MessagingException | RuntimeException e) {
            mail.setErrorMessage(reason(e));
            throw e;
        } catch (Exception e) {
            mail.setErrorMessage(reason(e));
            throw new MessagingException("the mail could not be processed", e);
        } catch (Error e) {
            // James 3.8.1 would forget the mail: nobody would work on it, and nobody be told, until the program ends.
            LOG.error("event=mail-processing-error mail={}", mail.getName(), e);
            mail.setErrorMessage(reason(e));
            throw new MessagingException("the mail could not be processed", new IllegalStateException(e));
        }
    }

    /** For the operator: what failed first, without a trace. */
    private static String reason(Throwable failure) {
        Throwable first = failure;
        for (int depth = 0; first.getCause() != null && depth < CAUSES_MAX; depth++) {
            first = first.getCause();
        }
        String text = first.getMessage() == null
                ? first.getClass().getSimpleName()
                : first.getClass().getSimpleName() + ": " + first.getMessage();
        return text.substring(0, Math.min(text.length(), REASON_MAX));
    }

    /** What the spooler processes mail with, in place of the bare mailets. */
    static final class Binding extends AbstractModule {
        @Override
        protected void configure() {
            bind(MailProcessor.class).to(ProcessedOnce.class);
        }
    }
}
