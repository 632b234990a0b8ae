package tg.gouv.messagerie.mail.imap;

import javax.inject.Inject;
import org.apache.james.imap.api.ImapConstants;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.Tag;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.decode.DecodingException;
import org.apache.james.imap.decode.ImapRequestLineReader;
import org.apache.james.imap.decode.base.AbstractImapCommandParser;
import tg.gouv.messagerie.mail.submission.Plain;
import tg.gouv.messagerie.platform.settings.Secret;

/** Reads LOGIN. */
public final class LoginParser extends AbstractImapCommandParser {
    /** A parser that answers with these. */
    @Inject
    public LoginParser(StatusResponseFactory responses) {
        super(ImapConstants.LOGIN_COMMAND, responses);
    }

    @Override
    protected ImapMessage decode(ImapRequestLineReader request, Tag tag, ImapSession session) throws DecodingException {
        String login = request.astring();
        String secret = request.astring();
        request.eol();
        return new LoginAsTyped(tag, new Plain(login, new Secret(secret)));
    }
}
