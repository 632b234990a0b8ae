package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.mail.Flags;
import org.apache.james.mailbox.exception.AttachmentNotFoundException;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.AttachmentId;
import org.apache.james.mailbox.model.AttachmentMetadata;
import org.apache.james.mailbox.model.ByteContent;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageAttachmentMetadata;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.ParsedAttachment;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.store.mail.AttachmentMapper;
import org.apache.james.mailbox.store.mail.model.impl.PropertyBuilder;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;

/**
 * The store's attachments, as James's contract wants to meet them: the contract stores attachments and never the message that
 * contains them, and our attachments are nowhere else; so that message is put into a mailbox here.
 */
final class AttachmentsOfMessages implements AttachmentMapper {
    private final ContractStore store;
    private final AttachmentMapper attachments;
    private final Mailbox mailbox;

    AttachmentsOfMessages(ContractStore store) {
        this.store = store;
        this.attachments = store.createAttachmentMapper();
        this.mailbox = store.create("attachments");
    }

    @Override
    public List<MessageAttachmentMetadata> storeAttachments(Collection<ParsedAttachment> parsed, MessageId id)
            throws MailboxException {
        List<MessageAttachmentMetadata> stored = attachments.storeAttachments(parsed, id);
        byte[] message = message(parsed);
        store.createMessageMapper()
                .add(
                        mailbox,
                        SimpleMailboxMessage.builder()
                                .messageId(id)
                                .threadId(ThreadId.fromBaseMessageId(id))
                                .mailboxId(mailbox.getMailboxId())
                                .internalDate(Date.from(Instant.now()))
                                .bodyStartOctet(new String(message, StandardCharsets.US_ASCII).indexOf("\r\n\r\n") + 4)
                                .size(message.length)
                                .content(new ByteContent(message))
                                .flags(new Flags())
                                .properties(new PropertyBuilder())
                                .addAttachments(stored)
                                .build());
        return stored;
    }

    private static byte[] message(Collection<ParsedAttachment> parsed) throws MailboxException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            write(all, "Content-Type: multipart/mixed; boundary=part\r\n\r\n");
            for (ParsedAttachment each : parsed) {
                write(
                        all,
                        "--part\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\n");
                each.getContent().copyTo(all);
                write(all, "\r\n");
            }
            write(all, "--part--\r\n");
        } catch (IOException e) {
            throw new MailboxException("attachment", e);
        }
        return all.toByteArray();
    }

    private static void write(ByteArrayOutputStream all, String text) throws IOException {
        all.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public InputStream loadAttachmentContent(AttachmentId id) throws AttachmentNotFoundException, IOException {
        return attachments.loadAttachmentContent(id);
    }

    @Override
    public AttachmentMetadata getAttachment(AttachmentId id) throws AttachmentNotFoundException {
        return attachments.getAttachment(id);
    }

    @Override
    public List<AttachmentMetadata> getAttachments(Collection<AttachmentId> ids) {
        return attachments.getAttachments(ids);
    }

    @Override
    public Collection<MessageId> getRelatedMessageIds(AttachmentId id) throws MailboxException {
        return attachments.getRelatedMessageIds(id);
    }
}
