package tg.gouv.messagerie.mail.imap;

import java.util.Locale;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.api.process.MailboxType;
import org.apache.james.imap.api.process.MailboxTyper;
import org.apache.james.mailbox.model.MailboxPath;

/** What the default mailboxes are for (RFC 6154): clients translate their ASCII names. */
public final class SpecialUse implements MailboxTyper {
    @Override
    public MailboxType getMailboxType(ImapSession session, MailboxPath path) {
        return switch (path.getName().toLowerCase(Locale.ROOT)) {
            case "inbox" -> MailboxType.INBOX;
            case "drafts" -> MailboxType.DRAFTS;
            case "sent" -> MailboxType.SENT;
            case "junk" -> MailboxType.SPAM;
            case "trash" -> MailboxType.TRASH;
            case "archive" -> MailboxType.ARCHIVE;
            default -> MailboxType.OTHER;
        };
    }
}
