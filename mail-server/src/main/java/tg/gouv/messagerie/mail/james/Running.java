package tg.gouv.messagerie.mail.james;

import javax.inject.Inject;
import org.apache.james.managesieve.api.SieveParser;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.utils.GuiceProbe;

/** What {@link MailServer} needs of the started assembly. */
final class Running implements GuiceProbe {
    private final JmapServer jmap;
    private final QueuedSubmission submission;

    private final SieveRepository scripts;
    private final SieveParser parser;

    @Inject
    Running(JmapServer jmap, QueuedSubmission submission, SieveRepository scripts, SieveParser parser) {
        this.jmap = jmap;
        this.submission = submission;
        this.scripts = scripts;
        this.parser = parser;
    }

    SieveRepository scripts() {
        return scripts;
    }

    SieveParser parser() {
        return parser;
    }

    QueuedSubmission submission() {
        return submission;
    }

    JmapServer jmap() {
        return jmap;
    }
}
