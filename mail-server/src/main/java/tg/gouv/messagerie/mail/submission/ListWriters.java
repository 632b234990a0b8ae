package tg.gouv.messagerie.mail.submission;

import javax.inject.Inject;
import org.apache.james.core.MaybeSender;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.MailingLists.Found;

/*
 * The envelope's sender is who signed in, or an address outside: nobody comes in with one of ours otherwise (OwnDomainGuard).
 */
/** Who may write to a mailing list, by the envelope. */
public final class ListWriters {
    private final Directory directory;
    private final MailingLists lists;

    /** Writers of this directory. */
    @Inject
    public ListWriters(Directory directory, MailingLists lists) {
        this.directory = directory;
        this.lists = lists;
    }

    /** Whether this sender's mail goes to the list; a report, which has none, never does. */
    public boolean may(Found list, MaybeSender sender) {
        return sender.asOptional()
                .flatMap(it -> MailAddress.parse(it.asString()))
                .map(MailAddress::withoutDetail)
                .filter(address -> may(list, address))
                .isPresent();
    }

    private boolean may(Found list, MailAddress sender) {
        return switch (list.writers()) {
            case ANYONE -> true;
            case STATE -> directory.byAddress(sender).isPresent();
            case MEMBERS ->
                directory
                        .byAddress(sender)
                        .filter(account -> lists.isMember(list.id(), account.id()))
                        .isPresent();
        };
    }
}
