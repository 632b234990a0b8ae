package tg.gouv.messagerie.mail.james;

import javax.inject.Inject;
import org.apache.james.utils.GuiceProbe;

/** What {@link MailServer} needs of the started assembly. */
final class Running implements GuiceProbe {
    private final JmapServer jmap;

    @Inject
    Running(JmapServer jmap) {
        this.jmap = jmap;
    }

    JmapServer jmap() {
        return jmap;
    }
}
