package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.mailetcontainer.api.MailProcessor;
import org.apache.james.mailetcontainer.impl.CompositeProcessorImpl;
import org.apache.mailet.Mail;
import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;

/** James's mailets, whose enqueuing and putting aside is written together with the end of the mail they work on. */
final class ProcessedOnce implements MailProcessor {
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
            throw e;
        } catch (Exception e) {
            throw new MessagingException("the mail could not be processed", e);
        }
    }

    /** What the spooler processes mail with, in place of the bare mailets. */
    static final class Binding extends AbstractModule {
        @Override
        protected void configure() {
            bind(MailProcessor.class).to(ProcessedOnce.class);
        }
    }
}
