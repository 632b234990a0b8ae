package tg.gouv.messagerie.mail.imap;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.inject.Inject;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.Tag;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.decode.DecodingException;
import org.apache.james.imap.decode.ImapRequestLineReader;
import org.apache.james.imap.decode.parser.ListCommandParser;
import org.apache.james.imap.message.request.ListRequest;
import org.apache.james.imap.message.request.ListRequest.ListSelectOption;

/*
 * James's parser asks one method for the pattern. It is given all of them, one a line, which no pattern has within.
 */
/** Reads LIST as James does, and with several patterns too (RFC 5258 section 3). */
public final class ListParser extends ListCommandParser {
    private static final Pattern LINE_END = Pattern.compile("[\r\n]");

    private static final int PATTERNS_MAX = 100;

    /** A parser that answers with these. */
    @Inject
    public ListParser(StatusResponseFactory responses) {
        super(responses);
    }

    @Override
    public String listMailbox(ImapRequestLineReader request) throws DecodingException {
        if (request.nextWordChar() != '(') {
            return pattern(request);
        }
        request.consume();
        StringBuilder all = new StringBuilder(pattern(request));
        int count = 1;
        while (request.nextWordChar() != ')') {
            if (++count > PATTERNS_MAX) {
                throw new DecodingException(HumanReadableText.ILLEGAL_ARGUMENTS, "more patterns than " + PATTERNS_MAX);
            }
            all.append('\n').append(pattern(request));
        }
        request.consume();
        return all.append('\n').toString();
    }

    private static String pattern(ImapRequestLineReader request) throws DecodingException {
        String pattern = switch (request.nextWordChar()) {
            case '"' -> request.consumeQuoted();
            case '{' -> request.consumeLiteral(null);
            case ')' -> throw new DecodingException(HumanReadableText.ILLEGAL_ARGUMENTS, "no pattern");
            default -> request.consumeWord(ListParser::mayBeInPattern, true);
        };
        if (LINE_END.matcher(pattern).find()) {
            throw new DecodingException(HumanReadableText.ILLEGAL_ARGUMENTS, "a pattern of two lines");
        }
        return pattern;
    }

    /** RFC 9051 section 9, list-char. */
    private static boolean mayBeInPattern(char letter) {
        return ImapRequestLineReader.isListWildcard(letter)
                || ImapRequestLineReader.AtomCharValidator.INSTANCE.isValid(letter);
    }

    @Override
    protected ImapMessage decode(ImapRequestLineReader request, Tag tag, boolean useUids, ImapSession session)
            throws DecodingException {
        ImapMessage read = super.decode(request, tag, useUids, session);
        if (!(read instanceof ListRequest list)) {
            return read;
        }
        if (list.getSelectOptions().contains(ListSelectOption.RECURSIVEMATCH) && !selects(list.getSelectOptions())) {
            // RFC 5258 section 3.1
            throw new DecodingException(HumanReadableText.ILLEGAL_ARGUMENTS, "RECURSIVEMATCH alone");
        }
        List<String> patterns = list.getMailboxPattern().lines().toList();
        return list.getMailboxPattern().endsWith("\n") ? new ListOfPatterns(list, patterns) : list;
    }

    private static boolean selects(Set<ListSelectOption> options) {
        Set<ListSelectOption> others = EnumSet.copyOf(options);
        others.removeAll(EnumSet.of(ListSelectOption.RECURSIVEMATCH, ListSelectOption.REMOTE));
        return !others.isEmpty();
    }
}
