package tg.gouv.messagerie.mail.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.james.imap.message.response.FetchResponse;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.mime4j.dom.address.Group;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.mime.HeaderFields;

/**
 * The envelope of a message (RFC 9051 section 7.5.2), out of its header.
 *
 * <p>A name stands before its address or, as in RFC 822, in a comment behind it. What is not ASCII is told as encoded words (RFC 2047).
 */
final class MessageEnvelope implements FetchResponse.Envelope {
    private static final Pattern NOT_ASCII = Pattern.compile("[^ ]*[^\\x20-\\x7e][^ ]*(?: +[^ ]*[^\\x20-\\x7e][^ ]*)*");

    private final HeaderFields header;
    private final FetchResponse.Envelope.Address @Nullable [] from;

    MessageEnvelope(HeaderFields header) {
        this.header = header;
        this.from = addresses("From");
    }

    // Addresses

    private record Told(
            @Nullable String getPersonalName,
            @Nullable String getAtDomainList,
            @Nullable String getMailboxName,
            @Nullable String getHostName)
            implements FetchResponse.Envelope.Address {}

    private FetchResponse.Envelope.Address @Nullable [] addresses(String field) {
        String value = header.first(field).orElse("");
        if (value.isEmpty()) {
            return null;
        }
        List<FetchResponse.Envelope.Address> all = new ArrayList<>();
        for (org.apache.james.mime4j.dom.address.Address each :
                LenientAddressParser.DEFAULT.parseAddressList(withNames(value))) {
            switch (each) {
                case Group group -> {
                    all.add(new Told(null, null, ascii(group.getName()), null));
                    group.getMailboxes().forEach(mailbox -> all.add(told(mailbox)));
                    all.add(new Told(null, null, null, null));
                }
                case Mailbox mailbox -> all.add(told(mailbox));
                default -> {
                    // there is no third kind
                }
            }
        }
        return all.toArray(FetchResponse.Envelope.Address[]::new);
    }

    private static Told told(Mailbox mailbox) {
        boolean routed = mailbox.getRoute() != null && !mailbox.getRoute().isEmpty();
        return new Told(
                ascii(mailbox.getName()),
                routed ? ascii(mailbox.getRoute().toRouteString()) : null,
                ascii(mailbox.getLocalPart()),
                ascii(mailbox.getDomain()));
    }

    /** The same addresses, but for « user@domain (Name) », which becomes « "Name" &lt;user@domain&gt; » (RFC 5322 section 3.4). */
    static String withNames(String value) {
        StringBuilder all = new StringBuilder();
        StringBuilder raw = new StringBuilder();
        StringBuilder address = new StringBuilder();
        StringBuilder comment = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        boolean angle = false;
        for (int i = 0; i <= value.length(); i++) {
            char c = i < value.length() ? value.charAt(i) : ',';
            boolean ends = i == value.length() || (depth == 0 && !quoted && (c == ',' || c == ';' || c == ':'));
            if (ends && !(angle && c == ':')) {
                boolean named = !angle && !comment.isEmpty() && address.indexOf("@") > 0;
                all.append(named ? quoted(comment) + " <" + address.toString().strip() + ">" : raw);
                all.append(i < value.length() ? String.valueOf(c) : "");
                raw.setLength(0);
                address.setLength(0);
                comment.setLength(0);
                angle = false;
                continue;
            }
            raw.append(c);
            if (c == '\\' && i + 1 < value.length() && (depth > 0 || quoted)) {
                char next = value.charAt(++i);
                raw.append(next);
                (depth > 0 ? comment : address.append(c)).append(next);
            } else if (depth == 0 && c == '"') {
                quoted = !quoted;
                address.append(c);
            } else if (!quoted && c == '(') {
                if (depth++ == 0) {
                    comment.setLength(0);
                } else {
                    comment.append(c);
                }
            } else if (!quoted && depth > 0 && c == ')') {
                if (--depth > 0) {
                    comment.append(c);
                }
            } else if (depth > 0) {
                comment.append(c);
            } else {
                angle |= !quoted && c == '<';
                address.append(c);
            }
        }
        return all.toString();
    }

    private static String quoted(StringBuilder name) {
        String text = name.toString().strip();
        return text.startsWith("=?") ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    // Text

    /** The same text as a quoted string can carry it, or null. */
    static @Nullable String ascii(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return NOT_ASCII
                .matcher(line)
                .replaceAll(word -> java.util.regex.Matcher.quoteReplacement(
                        EncoderUtil.encodeEncodedWord(word.group(), EncoderUtil.Usage.WORD_ENTITY)));
    }

    private @Nullable String text(String field) {
        return ascii(header.first(field).orElse(""));
    }

    @Override
    public @Nullable String getDate() {
        return text("Date");
    }

    @Override
    public @Nullable String getSubject() {
        return text("Subject");
    }

    @Override
    public FetchResponse.Envelope.Address @Nullable [] getFrom() {
        return from;
    }

    /** RFC 9051 section 7.5.2: who sends is who writes unless it is said. */
    @Override
    public FetchResponse.Envelope.Address @Nullable [] getSender() {
        return Optional.ofNullable(addresses("Sender")).orElse(from);
    }

    @Override
    public FetchResponse.Envelope.Address @Nullable [] getReplyTo() {
        return Optional.ofNullable(addresses("Reply-To")).orElse(from);
    }

    @Override
    public FetchResponse.Envelope.Address @Nullable [] getTo() {
        return addresses("To");
    }

    @Override
    public FetchResponse.Envelope.Address @Nullable [] getCc() {
        return addresses("Cc");
    }

    @Override
    public FetchResponse.Envelope.Address @Nullable [] getBcc() {
        return addresses("Bcc");
    }

    @Override
    public @Nullable String getInReplyTo() {
        return text("In-Reply-To");
    }

    @Override
    public @Nullable String getMessageId() {
        return text("Message-ID");
    }
}
