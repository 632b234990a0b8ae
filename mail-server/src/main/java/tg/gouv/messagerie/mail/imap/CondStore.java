package tg.gouv.messagerie.mail.imap;

import java.util.Set;
import org.apache.james.imap.api.ImapConstants;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.Capability;
import org.apache.james.imap.api.message.response.StatusResponse;
import org.apache.james.imap.api.process.ImapProcessor.Responder;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.response.ImmutableStatusResponse;
import org.apache.james.imap.processor.EnableProcessor;

/** Whether a session wants to be told of MODSEQs, and of what vanished (RFC 7162 section 3.1). */
final class CondStore {
    private CondStore() {}

    static boolean tellsModSeqs(ImapSession session) {
        Set<Capability> enabled = EnableProcessor.getEnabledCapabilities(session);
        return enabled.contains(ImapConstants.SUPPORTS_CONDSTORE) || enabled.contains(ImapConstants.SUPPORTS_QRESYNC);
    }

    static boolean tellsUids(ImapSession session) {
        return EnableProcessor.getEnabledCapabilities(session).contains(ImapConstants.SUPPORTS_QRESYNC);
    }

    /** From now on the session wants MODSEQs; the first time it is told up to which it knows everything. */
    static void enable(ImapSession session, Responder responder) {
        if (EnableProcessor.getEnabledCapabilities(session).add(ImapConstants.SUPPORTS_CONDSTORE)) {
            CommandBoundary.told(session)
                    .ifPresent(told -> responder.respond(new ImmutableStatusResponse(
                            StatusResponse.Type.OK,
                            null,
                            null,
                            HumanReadableText.HIGHEST_MOD_SEQ,
                            StatusResponse.ResponseCode.highestModSeq(told.highestModSeq()))));
        }
    }
}
