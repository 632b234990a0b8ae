package tg.gouv.messagerie.mail.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxExistsException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.Content;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders;
import org.apache.mailet.StorageDirective;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.Trouble;
import tg.gouv.messagerie.mail.postgres.Delivery;
import tg.gouv.messagerie.mail.postgres.MessageOctets;

/** Puts messages in mailboxes, octet by octet as they came, below the trace of their delivery (RFC 5321 section 4.4). */
public final class Filing {
    private static final Logger LOG = LoggerFactory.getLogger(Filing.class);
    private static final String RETURN_PATH = "return-path:";

    private final MailboxManager mailboxes;
    private final MailSettings settings;

    /** Into mailboxes of this store. */
    @Inject
    public Filing(MailboxManager mailboxes, MailSettings settings) {
        this.mailboxes = mailboxes;
        this.settings = settings;
    }

    /** Appends the message of a mail as part of a delivery: durable when this returns, or nothing was written. */
    void file(Mail mail, MailAddress recipient, Username user, StorageDirective place, Delivery delivery)
            throws MailboxException, MessagingException, IOException {
        MailboxSession session = mailboxes.createSystemSession(user);
        mailboxes.startProcessingRequest(session);
        try (MessageOctets octets =
                MessageOctets.of(mail.getMessage(), settings.queue().memoryMax())) {
            MessageManager mailbox = mailbox(user, place.getTargetFolder().orElseThrow(), session);
            MessageManager.AppendCommand.Builder append =
                    MessageManager.AppendCommand.builder().recent().delivery();
            place.getFlags().ifPresent(append::withFlags);
            delivery.through(session);
            mailbox.appendMessage(append.build(new Delivered(header(mail, recipient, octets), octets)), session);
        } finally {
            mailboxes.endProcessingRequest(session);
        }
    }

    /** The mailbox; the inbox, if the one that a filter names cannot be made (RFC 5228 section 4.1). */
    private MessageManager mailbox(Username user, String folder, MailboxSession session) throws MailboxException {
        char delimiter = session.getPathDelimiter();
        String name = folder.replace('/', delimiter);
        MailboxPath path = MailboxPath.forUser(user, name.charAt(0) == delimiter ? name.substring(1) : name);
        try {
            return opened(path, session);
        } catch (MailboxException | IllegalArgumentException e) {
            MailboxPath inbox = MailboxPath.inbox(session);
            if (path.equals(inbox) || Trouble.of(e) != Trouble.OURS) {
                throw e;
            }
            LOG.warn("event=not-filed user={} mailbox={}", user.asString(), path.getName(), e);
            return opened(inbox, session);
        }
    }

    private MessageManager opened(MailboxPath path, MailboxSession session) throws MailboxException {
        try {
            return mailboxes.getMailbox(path, session);
        } catch (MailboxNotFoundException _) {
            try {
                mailboxes.createMailbox(path, MailboxManager.CreateOption.CREATE_SUBSCRIPTION, session);
            } catch (MailboxExistsException _) {
                // a concurrent delivery made it
            }
            return mailboxes.getMailbox(path, session);
        }
    }

    private static byte[] header(Mail mail, MailAddress recipient, MessageOctets octets) {
        StringBuilder trace = new StringBuilder();
        line(trace, "Return-Path", mail.getMaybeSender().asPrettyString());
        line(trace, "Delivered-To", recipient.asString());
        for (PerRecipientHeaders.Header each :
                mail.getPerRecipientSpecificHeaders().getHeadersForRecipient(recipient)) {
            line(trace, each.getName(), each.getValue());
        }
        byte[] ours = trace.toString().getBytes(StandardCharsets.UTF_8);
        byte[] theirs = withoutReturnPath(octets.header());
        byte[] both = new byte[ours.length + theirs.length];
        System.arraycopy(ours, 0, both, 0, ours.length);
        System.arraycopy(theirs, 0, both, ours.length, theirs.length);
        return both;
    }

    private static void line(StringBuilder header, String name, String value) {
        header.append(name).append(": ").append(value).append("\r\n");
    }

    /** RFC 5321 section 4.4: a message has one return path, that of its final delivery. */
    private static byte[] withoutReturnPath(byte[] header) {
        String all = new String(header, StandardCharsets.ISO_8859_1);
        StringBuilder kept = new StringBuilder(all.length());
        boolean dropping = false;
        for (int from = 0; from < all.length(); ) {
            int end = all.indexOf('\n', from);
            int next = end < 0 ? all.length() : end + 1;
            char first = all.charAt(from);
            if (first != ' ' && first != '\t') { // else it continues the field
                dropping = all.regionMatches(true, from, RETURN_PATH, 0, RETURN_PATH.length());
            }
            if (!dropping) {
                kept.append(all, from, next);
            }
            from = next;
        }
        return kept.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What is stored. */
    private static final class Delivered implements Content {
        private final byte[] header;
        private final MessageOctets octets;

        Delivered(byte[] header, MessageOctets octets) {
            this.header = header;
            this.octets = octets;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new SequenceInputStream(new ByteArrayInputStream(header), octets.openBody());
        }

        @Override
        public long size() {
            return header.length + octets.bodyBytes();
        }
    }
}
