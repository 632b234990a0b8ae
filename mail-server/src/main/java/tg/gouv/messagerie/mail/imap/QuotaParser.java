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
import org.apache.james.imap.message.request.GetQuotaRequest;

/** Reads GETQUOTA, whose quota root may be quoted (RFC 9208 section 4.2.1); James's takes atoms only. */
public final class QuotaParser extends AbstractImapCommandParser {
    /** A parser that answers with these. */
    @Inject
    public QuotaParser(StatusResponseFactory responses) {
        super(ImapConstants.GETQUOTA_COMMAND, responses);
    }

    @Override
    protected ImapMessage decode(ImapRequestLineReader request, Tag tag, ImapSession session) throws DecodingException {
        String root = request.astring();
        request.eol();
        return new GetQuotaRequest(tag, root);
    }
}
