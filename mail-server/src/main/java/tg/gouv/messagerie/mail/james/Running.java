package tg.gouv.messagerie.mail.james;

import javax.inject.Inject;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.utils.GuiceProbe;
import tg.gouv.messagerie.mail.NewAccounts;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.mail.delivery.DefaultMailboxes;
import tg.gouv.messagerie.mail.filters.ManageSieve;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** What {@link MailServer} needs of the started assembly. */
final class Running implements GuiceProbe {
    private final JmapServer jmap;
    private final ManageSieve managesieve;
    private final Submission submission;
    private final NewAccounts newAccounts;
    private final MailQueueFactory<? extends ManageableMailQueue> queues;

    @Inject
    Running(
            JmapServer jmap,
            ManageSieve managesieve,
            Submission submission,
            DefaultMailboxes newAccounts,
            MailQueueFactory<? extends ManageableMailQueue> queues) {
        this.jmap = jmap;
        this.managesieve = managesieve;
        this.submission = submission;
        this.newAccounts = newAccounts;
        this.queues = queues;
    }

    ManageSieve managesieve() {
        return managesieve;
    }

    Submission submission() {
        return submission;
    }

    NewAccounts newAccounts() {
        return newAccounts;
    }

    /** How many messages wait for their delivery. */
    long queued() {
        try {
            return queues.createQueue(MailQueueFactory.SPOOL).getSize();
        } catch (MailQueue.MailQueueException e) {
            throw new StoreUnavailable("the mail queue cannot be counted", true, e);
        }
    }

    JmapServer jmap() {
        return jmap;
    }
}
