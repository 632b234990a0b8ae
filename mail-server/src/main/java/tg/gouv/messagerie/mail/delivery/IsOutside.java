package tg.gouv.messagerie.mail.delivery;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;
import tg.gouv.messagerie.directory.Directory;

/** The recipients outside the directory's domains. */
public final class IsOutside extends GenericMatcher {
    private final Directory directory;

    /** Outside the domains of this directory. */
    @Inject
    public IsOutside(Directory directory) {
        this.directory = directory;
    }

    @Override
    public Collection<MailAddress> match(Mail mail) {
        Set<String> ours = directory.domains();
        return mail.getRecipients().stream()
                .filter(recipient -> !ours.contains(recipient.getDomain().asString()))
                .collect(Collectors.toList());
    }
}
