package tg.gouv.messagerie.mail.imap;

import org.apache.james.imap.api.ImapConstants;
import org.apache.james.imap.api.Tag;
import org.apache.james.imap.message.request.AbstractImapRequest;
import tg.gouv.messagerie.mail.submission.Plain;

/** LOGIN with the name as the client typed it: James's own request demands an address, {@code owner*holder} is none. */
final class LoginAsTyped extends AbstractImapRequest {
    private final Plain said;

    LoginAsTyped(Tag tag, Plain said) {
        super(tag, ImapConstants.LOGIN_COMMAND);
        this.said = said;
    }

    Plain said() {
        return said;
    }
}
