package tg.gouv.messagerie.mail.imap;

import java.nio.charset.CharacterCodingException;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.ImapSessionState;
import org.apache.james.imap.api.Tag;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.decode.DecodingException;
import org.apache.james.imap.decode.ImapCommandParser;
import org.apache.james.imap.decode.ImapCommandParserFactory;
import org.apache.james.imap.decode.ImapDecoder;
import org.apache.james.imap.decode.ImapRequestLineReader;
import org.apache.james.imapserver.netty.NettyImapRequestLineReader.NotEnoughDataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads commands with James's parsers. His own decoder 3.8.1 ends a connection without a word at the tenth command that it does not
 * know, and at a mailbox name that is not well encoded; it writes its farewell to what is closed already. Here each is answered, and
 * {@link EveryCommandAnswered} counts errors; who sends what is no command before sign-in speaks another protocol, and is gone
 * after the answer.
 */
public final class CommandDecoder implements ImapDecoder {
    private static final Logger log = LoggerFactory.getLogger(CommandDecoder.class);

    private static final String ENDS = CommandDecoder.class.getName();

    private final ImapCommandParserFactory parsers;
    private final StatusResponseFactory responses;

    /** Reads these commands. */
    public CommandDecoder(ImapCommandParserFactory parsers, StatusResponseFactory responses) {
        this.parsers = parsers;
        this.responses = responses;
    }

    /** Whether the connection ends with the answer that is being written. */
    static boolean ends(ImapSession session) {
        return session.getAttribute(ENDS) != null;
    }

    /** Whether a name of a mailbox is not the modified UTF-7 of RFC 3501 section 5.1.3, which makes an Error of James's reading. */
    static boolean isMalformedName(Throwable failure) {
        return failure instanceof Error && failure.getCause() instanceof CharacterCodingException;
    }

    @Override
    public ImapMessage decode(ImapRequestLineReader request, ImapSession session) {
        Tag tag = null;
        try {
            tag = request.tag();
            ImapCommandParser parser = parsers.getParser(request.atom());
            return parser == null ? unknown(tag, session) : parse(parser, request, tag, session);
        } catch (DecodingException _) {
            return unknown(tag, session);
        }
    }

    private ImapMessage parse(ImapCommandParser parser, ImapRequestLineReader request, Tag tag, ImapSession session) {
        try {
            return parser.parse(request, tag, session);
        } catch (NotEnoughDataException e) {
            throw e; // he reads the command again when there is more of it
        } catch (Error e) {
            if (isMalformedName(e)) {
                return ImapAnswer.NOT_A_NAME.no(tag);
            }
            throw e;
        } catch (RuntimeException e) {
            log.warn(
                    "event=imap_command_unreadable session={}",
                    session.sessionId().asString(),
                    e);
            return responses.taggedBad(tag, null, HumanReadableText.ILLEGAL_ARGUMENTS);
        }
    }

    private ImapMessage unknown(@Nullable Tag tag, ImapSession session) {
        if (session.getState() == ImapSessionState.NON_AUTHENTICATED) {
            session.setAttribute(ENDS, true);
            return responses.bye(HumanReadableText.BYE_UNKNOWN_COMMAND);
        }
        return tag == null
                ? responses.untaggedBad(HumanReadableText.UNKNOWN_COMMAND)
                : responses.taggedBad(tag, null, HumanReadableText.UNKNOWN_COMMAND);
    }
}
