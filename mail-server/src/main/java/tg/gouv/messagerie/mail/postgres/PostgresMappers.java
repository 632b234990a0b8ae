package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.store.MailboxSessionMapperFactory;
import org.apache.james.mailbox.store.mail.AnnotationMapper;
import org.apache.james.mailbox.store.mail.AttachmentMapper;
import org.apache.james.mailbox.store.mail.AttachmentMapperFactory;
import org.apache.james.mailbox.store.mail.MailboxMapper;
import org.apache.james.mailbox.store.mail.MessageIdMapper;
import org.apache.james.mailbox.store.mail.MessageMapper;
import org.apache.james.mailbox.store.mail.ModSeqProvider;
import org.apache.james.mailbox.store.mail.UidProvider;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.apache.james.mailbox.store.user.SubscriptionMapper;
import tg.gouv.messagerie.mail.Owners;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Uuid7;

/**
 * James's mailbox store in PostgreSQL, schema {@code mail}: mailboxes, messages, subscriptions, annotations.
 *
 * <p>Its mappers have no state of a session, so all sessions share them. What returns has been committed.
 */
public final class PostgresMappers extends MailboxSessionMapperFactory
        implements AttachmentMapperFactory, AutoCloseable {
    private final MailConnections connections;
    private final Counters counters;
    private final MailboxMapper mailboxes;
    private final MessageMapper messages;
    private final MessageIdMapper messageIds;
    private final AttachmentMapper attachments;
    private final AnnotationMapper annotations;
    private final SubscriptionMapper subscriptions;

    /**
     * The store on these connections.
     *
     * @param connections of the schema {@code mail}, brought up to date
     * @param clock says when a message was saved
     */
    public PostgresMappers(
            Connections connections, Blobs blobs, Owners owners, Clock clock, Uuid7 ids, MessageParser parser) {
        this.connections = new MailConnections(connections);
        Bodies bodies = new Bodies(blobs, ids);
        OwnerNames names = new OwnerNames(owners);
        MessageRows rows = new MessageRows(bodies);
        MessageChanges changes = new MessageChanges(this.connections, bodies, clock);
        this.counters = new Counters(this.connections);
        this.mailboxes = new PostgresMailboxMapper(this.connections, names);
        this.messages = new PostgresMessageMapper(this.connections, rows, counters, changes);
        this.messageIds = new PostgresMessageIdMapper(this.connections, rows, changes, mailboxes);
        this.attachments = new PostgresAttachmentMapper(this.connections, bodies, parser);
        this.annotations = new PostgresAnnotationMapper(this.connections);
        this.subscriptions = new PostgresSubscriptionMapper(this.connections, names);
    }

    @Override
    public MailboxMapper createMailboxMapper(MailboxSession session) {
        return mailboxes;
    }

    @Override
    public MessageMapper createMessageMapper(MailboxSession session) {
        return messages;
    }

    @Override
    public MessageIdMapper createMessageIdMapper(MailboxSession session) {
        return messageIds;
    }

    @Override
    public AttachmentMapper createAttachmentMapper(MailboxSession session) {
        return attachments;
    }

    @Override
    public AttachmentMapper getAttachmentMapper(MailboxSession session) {
        return attachments;
    }

    @Override
    public AnnotationMapper createAnnotationMapper(MailboxSession session) {
        return annotations;
    }

    @Override
    public SubscriptionMapper createSubscriptionMapper(MailboxSession session) {
        return subscriptions;
    }

    @Override
    public UidProvider getUidProvider() {
        return counters;
    }

    @Override
    public ModSeqProvider getModSeqProvider() {
        return counters;
    }

    /** Ends the threads; the connections are their owner's to close. */
    @Override
    public void close() {
        connections.close();
    }
}
