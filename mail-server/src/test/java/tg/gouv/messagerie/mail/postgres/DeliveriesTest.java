package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.mail.Flags;
import org.apache.james.core.MailAddress;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MailboxSessionUtil;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tg.gouv.messagerie.platform.database.Sql;

/** A recipient has a mail once, and only from whoever holds its lease. */
class DeliveriesTest {
    private static final String HEADER = "Subject: une fois\r\n\r\n";
    private static final byte[] MESSAGE = (HEADER + "Bonjour.\r\n").getBytes(StandardCharsets.US_ASCII);

    private final TestStore store = new TestStore();
    private final PostgresMailQueues queues = queues(UUID.randomUUID());
    private final ManageableMailQueue queue = queues.createQueue(MailQueueName.of("spool"));
    private final Deliveries deliveries = new Deliveries(queues);
    private final Mailbox inbox = store.mailbox("kofi", "INBOX");
    private MailAddress kofi;
    private MailQueueItem item;

    @BeforeEach
    void enqueue() throws Exception {
        kofi = new MailAddress("Kofi@gouv.tg");
        queue.enQueue(mail("une"));
        item = next(queue);
    }

    @AfterEach
    void close() {
        queues.close();
        store.close();
    }

    private PostgresMailQueues queues(UUID node) {
        return new PostgresMailQueues(
                store.connections,
                store.blobs,
                Clock.systemUTC(),
                store.ids,
                node,
                QueueUnderTest.settings(Duration.ofMinutes(5), Duration.ofMillis(20), 8));
    }

    private static MailImpl mail(String name) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name(name)
                .sender("ama@gouv.tg")
                .addRecipient("kofi@gouv.tg")
                .build();
        try (InputStream in = new ByteArrayInputStream(MESSAGE)) {
            mail.setMessageNoCopy(new MimeMessageWrapper(MimeMessageInputStreamSource.create(name, in)));
        }
        return mail;
    }

    private static MailQueueItem next(ManageableMailQueue queue) {
        return Objects.requireNonNull(Flux.from(queue.deQueue()).blockFirst(Duration.ofSeconds(20)));
    }

    private void append(Delivery delivery) throws Exception {
        MailboxSession session = MailboxSessionUtil.create(TestStore.user("kofi"));
        delivery.through(session);
        store.mappers.getMessageMapper(session).add(inbox, store.message(inbox, MESSAGE, HEADER.length(), new Flags()));
    }

    private boolean deliver() throws Exception {
        return deliveries.once(item.getMail(), kofi, this::append);
    }

    @Test
    void theMessageIsInTheMailboxOnceAndNamesTheQueuedBody() throws Exception {
        assertThat(deliver()).isTrue();
        kofi = new MailAddress("kofi@gouv.tg"); // the same, written otherwise
        assertThat(deliver()).isFalse();
        assertThat(deliver()).isFalse();

        assertThat(store.uids(inbox)).hasSize(1);
        assertThat(store.count("body")).isEqualTo(1);
        item.done(CompletionStatus.SUCCESS);
        assertThat(store.count("body")).as("the mailbox names it still").isEqualTo(1);
        assertThat(store.count("delivered")).isZero();
        assertThat(store.count("released")).isZero();
        assertThat(store.bytes(store.read(inbox, FetchType.FULL).getFirst())).isEqualTo(MESSAGE);
    }

    @Test
    void partsOfAMailAreDeliveriesOfTheirOwn() throws Exception {
        assertThat(deliver()).isTrue();
        MailImpl part = MailImpl.duplicate(item.getMail());
        part.setAttribute(new Attribute(Deliveries.PART, AttributeValue.of("outside")));
        assertThat(deliveries.once(part, kofi, this::append)).isTrue();
        assertThat(deliveries.once(part, kofi, this::append)).isFalse();
        assertThat(store.uids(inbox)).hasSize(2);
    }

    @Test
    void whatTheDeliveryEnqueuesIsWrittenWithItOnce() throws Exception {
        for (int i = 0; i < 2; i++) {
            int before = i;
            deliveries.once(item.getMail(), kofi, delivery -> {
                queue.enQueue(mail("redirect"));
                assertThat(store.count("queue_mail where name = 'redirect'")).isEqualTo(before);
                append(delivery);
            });
            assertThat(store.count("queue_mail where name = 'redirect'")).isEqualTo(1);
        }
        assertThat(store.uids(inbox)).hasSize(1);
    }

    @Test
    void aDeliveryWithoutAMessageIsRememberedToo() throws Exception {
        for (int i = 0; i < 2; i++) {
            deliveries.once(item.getMail(), kofi, _ -> queue.enQueue(mail("redirect")));
        }
        assertThat(store.count("queue_mail where name = 'redirect'")).isEqualTo(1);
    }

    @Test
    void aDeliveryThatFailsWritesNothing() throws Exception {
        assertThatThrownBy(() -> deliveries.once(item.getMail(), kofi, delivery -> {
                    queue.enQueue(mail("redirect"));
                    throw new IOException("half-way");
                }))
                .hasMessage("half-way");
        assertThat(store.count("queue_mail")).isEqualTo(1);
        assertThat(deliver()).isTrue();
    }

    @Test
    void whoLostTheLeaseDeliversNothing() throws Exception {
        try (PostgresMailQueues others = queues(UUID.randomUUID())) {
            store.connections.autoCommit(c -> Sql.update(
                    c,
                    "update queue_mail set lease = gen_random_uuid(), lease_life = gen_random_uuid(),"
                            + " lease_until = now() - interval '1h'"));
            MailQueueItem taken = next(others.createQueue(MailQueueName.of("spool")));
            assertThatThrownBy(this::deliver).hasMessageContaining("taken over");
            new Deliveries(others).once(taken.getMail(), kofi, this::append);
            taken.done(CompletionStatus.SUCCESS);
        }
        assertThatThrownBy(this::deliver).hasMessageContaining("taken over");
        assertThat(store.uids(inbox)).hasSize(1);
    }

    @Test
    void whatIsPutAsideIsForThoseWhoDoNotHaveIt() throws Exception {
        MailImpl two = mail("deux");
        two.setRecipients(List.of(new MailAddress("Kofi@gouv.tg"), new MailAddress("edem@gouv.tg")));
        queue.enQueue(two);
        item = next(queue);
        deliver();
        MailRepository errors = new PostgresMailRepository(queues, MailRepositoryUrl.from(QueueSettings.errors()));
        MailKey key = errors.store(item.getMail());
        assertThat(Objects.requireNonNull(errors.retrieve(key)).getRecipients())
                .containsExactly(new MailAddress("edem@gouv.tg"));
    }
}
