package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import reactor.core.publisher.Flux;
import tg.gouv.messagerie.mail.queue.OperatedQueue;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.database.Sql;

/** One life of a node with mail to other servers, over a real PostgreSQL that was emptied. */
public final class OutgoingUnderTest implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(20);

    public final MemoryTrail trail = new MemoryTrail();
    private final QueueUnderTest node;
    private final PostgresOutgoing outgoing;
    private final OperatedQueue door;

    private OutgoingUnderTest(UUID id) {
        node = QueueUnderTest.node(
                id, QueueUnderTest.CLOCK, QueueUnderTest.settings(Duration.ofMinutes(5), Duration.ofMillis(20), 8));
        MortalConnections connections = new MortalConnections(QueueUnderTest.CONNECTIONS, node.mortal());
        outgoing = new PostgresOutgoing(node.queues(), connections, id);
        door = new OperatedQueue(
                List.of(
                        new OperatedSpool(node.queues(), trail),
                        new OperatedErrors(node.queues(), trail),
                        new OperatedOutgoing(outgoing, node.queues(), trail)),
                trail,
                QueueUnderTest.CLOCK);
    }

    /** On an empty store. */
    public static OutgoingUnderTest empty(UUID id) {
        QueueUnderTest.empty();
        return new OutgoingUnderTest(id);
    }

    /** Another node, or another life of one, on the same store. */
    public static OutgoingUnderTest another(UUID id) {
        return new OutgoingUnderTest(id);
    }

    public PostgresOutgoing outgoing() {
        return outgoing;
    }

    /** What operators do with all of it. */
    public OperatedQueue door() {
        return door;
    }

    public MortalConnections.Life mortal() {
        return node.mortal();
    }

    ManageableMailQueue spool() {
        return node.queues().createQueue(MailQueueFactory.SPOOL);
    }

    MailQueueItem next() {
        return Objects.requireNonNull(Flux.from(spool().deQueue()).blockFirst(WAIT));
    }

    static MailImpl mail(String name, String sender, List<String> recipients, byte[] message) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name(name)
                .sender(MaybeSender.getMailSender(sender))
                .addRecipients(recipients.toArray(String[]::new))
                .build();
        try (InputStream in = new ByteArrayInputStream(message)) {
            mail.setMessageNoCopy(new MimeMessageWrapper(MimeMessageInputStreamSource.create(name, in)));
        }
        return mail;
    }

    /** Submits a message and takes it through the queue to its way out. */
    public void send(String sender, List<String> recipients, String message) throws Exception {
        spool().enQueue(mail(MailImpl.getId(), sender, recipients, message.getBytes(StandardCharsets.ISO_8859_1)));
        MailQueueItem item = next();
        outgoing.enqueue(item.getMail(), OutgoingUnderTest::domain);
        item.done(CompletionStatus.SUCCESS);
    }

    static String domain(MailAddress recipient) {
        return recipient.getDomain().asString().toLowerCase(Locale.ROOT);
    }

    /** The messages that wait in the queue for their delivery, such as reports, oldest first. */
    public static List<String> spooled() {
        return QueueUnderTest.CONNECTIONS.<List<String>, RuntimeException>autoCommit(c -> Sql.query(
                c,
                row -> new String(row.getBytes(1), StandardCharsets.ISO_8859_1)
                        + new String(row.getBytes(2), StandardCharsets.ISO_8859_1),
                "select m.header, coalesce(b.bytes, ''::bytea) from queue_mail m join body b on b.id = m.body_id"
                        + " order by m.id"));
    }

    /** The envelopes of those: sender (or {@code <>}), then recipients. */
    public static List<List<String>> envelopes() {
        return QueueUnderTest.CONNECTIONS.<List<List<String>>, RuntimeException>autoCommit(c -> Sql.query(
                c,
                row -> Arrays.asList((String[]) row.getArray(1).getArray()),
                "select array_prepend(coalesce(sender, '<>'), recipients) from queue_mail order by id"));
    }

    public static long count(String from, Object... parameters) {
        return QueueUnderTest.count(from, parameters);
    }

    public static int update(String sql, Object... parameters) {
        return QueueUnderTest.update(sql, parameters);
    }

    /** Ends this life as a kill would: nothing more of it is written. */
    public void kill() {
        node.mortal().die();
        node.queues().close();
    }

    @Override
    public void close() {
        node.close();
    }
}
