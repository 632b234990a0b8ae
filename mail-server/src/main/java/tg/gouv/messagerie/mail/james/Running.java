package tg.gouv.messagerie.mail.james;

import javax.inject.Inject;
import org.apache.james.utils.GuiceProbe;

/** What {@link MailServer} needs of the started assembly. */
final class Running implements GuiceProbe {
    private final JmapServer jmap;
    private final QueuedSubmission submission;

    @Inject
    Running(JmapServer jmap, QueuedSubmission submission) {
        this.jmap = jmap;
        this.submission = submission;
    }

    QueuedSubmission submission() {
        return submission;
    }

    JmapServer jmap() {
        return jmap;
    }
}
