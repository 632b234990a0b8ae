package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.mail.Flags;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.ByteContent;
import org.apache.james.mailbox.model.Content;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.model.UidValidity;
import org.apache.james.mailbox.store.mail.MailboxMapper;
import org.apache.james.mailbox.store.mail.MessageIdMapper;
import org.apache.james.mailbox.store.mail.MessageMapper;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.apache.james.mailbox.store.mail.model.impl.PropertyBuilder;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.PostgresBlobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/** An empty store, with the tools to look behind it; one at a time, on a database that the tests of this module share. */
final class TestStore implements AutoCloseable {
    private static final List<String> TABLES = List.of(
            "mailbox_message",
            "message",
            "queue_mail",
            "outgoing_recipient",
            "outgoing_mail",
            "outgoing_destination",
            "repository_mail",
            "arriving_object",
            "released",
            "body",
            "unnamed_object",
            "mailbox",
            "subscription",
            "annotation",
            "sieve_script",
            "sieve_owner",
            "vacation",
            "vacation_answer",
            "event_dead_letter",
            "quota_limit",
            "expunged",
            "destroyed_mailbox",
            "account_counter",
            "jmap_identity",
            "jmap_upload",
            "jmap_push_subscription",
            "event",
            "delegation");

    /** Dropped by the next test JVM, or with the server. */
    private static final Database DATABASE = TestDatabase.fresh();

    private static final Connections MAIL;
    private static final Connections BLOBS;

    static {
        DATABASE.migrate("platform");
        DATABASE.migrate("mail");
        MAIL = DATABASE.connections("mail", "mail", 12);
        BLOBS = DATABASE.connections("blobs", "platform", 4);
    }

    private static final long AWAITED_MAX_NANOS = 30_000_000_000L;

    final Database database = DATABASE;
    final TestOwners owners = new TestOwners();
    final MemoryTrail trail = new MemoryTrail();
    final Uuid7 ids = Uuid7.system();
    final Connections connections = MAIL;
    final Blobs blobs = new PostgresBlobs(BLOBS, ids);
    final PostgresMappers mappers;
    final MailboxMapper mailboxes;
    final MessageMapper messages;
    final MessageIdMapper messageIds;
    private final MessageId.Factory newMessageId = new PostgresMessageId.Factory(ids);

    TestStore() {
        this(StoreSettings.byDefault());
    }

    TestStore(StoreSettings settings) {
        empty(MAIL);
        mappers = new PostgresMappers(connections, blobs, owners, trail, Clock.systemUTC(), ids, settings);
        mailboxes = mappers.createMailboxMapper(null);
        messages = mappers.createMessageMapper(null);
        messageIds = mappers.createMessageIdMapper(null);
    }

    static void empty(Connections mail) {
        mail.transaction(c -> {
            for (String table : TABLES) {
                Sql.update(c, "delete from " + table);
            }
            return TABLES;
        });
    }

    static Username user(String name) {
        return Username.of(name + "@" + TestOwners.DOMAIN);
    }

    Mailbox mailbox(String owner, String name) {
        return mailboxes
                .create(MailboxPath.forUser(user(owner), name), UidValidity.of(42))
                .blockOptional()
                .orElseThrow();
    }

    /** What those who wait for changes of this account are told. */
    AccountState state(Username owner, MailboxId mailbox) {
        ChangedMailbox changed = new ChangedMailbox(owner, mailbox);
        return mappers.accountStates(List.of(changed))
                .mapNotNull(states -> states.get(changed))
                .blockOptional()
                .orElseThrow();
    }

    SimpleMailboxMessage message(Mailbox mailbox, byte[] bytes, int bodyStart, Flags flags) {
        return message(mailbox, new ByteContent(bytes), bytes.length, bodyStart, flags);
    }

    SimpleMailboxMessage message(Mailbox mailbox, Content content, long size, int bodyStart, Flags flags) {
        MessageId id = newMessageId.generate();
        return SimpleMailboxMessage.builder()
                .messageId(id)
                .threadId(ThreadId.fromBaseMessageId(id))
                .mailboxId(mailbox.getMailboxId())
                .internalDate(Date.from(Instant.parse("2026-02-03T04:05:06.789Z")))
                .bodyStartOctet(bodyStart)
                .size(size)
                .content(content)
                .flags(flags)
                .properties(new PropertyBuilder())
                .build();
    }

    /** Appends a small message that is recent. */
    MailboxMessage append(Mailbox mailbox, String subject) throws MailboxException {
        return append(mailbox, subject, new Flags(Flags.Flag.RECENT));
    }

    MailboxMessage append(Mailbox mailbox, String subject, Flags flags) throws MailboxException {
        String header = "Subject: " + subject + "\r\n\r\n";
        byte[] bytes = (header + "Bonjour.\r\n").getBytes(StandardCharsets.UTF_8);
        SimpleMailboxMessage message = message(mailbox, bytes, header.getBytes(StandardCharsets.UTF_8).length, flags);
        messages.add(mailbox, message);
        return message;
    }

    List<MailboxMessage> read(Mailbox mailbox, FetchType type) throws MailboxException {
        List<MailboxMessage> all = new ArrayList<>();
        messages.findInMailbox(mailbox, MessageRange.all(), type, MessageMapper.UNLIMITED)
                .forEachRemaining(all::add);
        return all;
    }

    List<Long> uids(Mailbox mailbox) {
        return messages.listAllMessageUids(mailbox)
                .map(MessageUid::asLong)
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    byte[] bytes(MailboxMessage message) throws IOException {
        try (InputStream in = message.getFullContent()) {
            return in.readAllBytes();
        }
    }

    static List<Long> uids(List<MessageMetaData> added) {
        return added.stream().map(each -> each.getUid().asLong()).toList();
    }

    long count(String from, Object... parameters) {
        return connections.autoCommit(
                c -> Sql.first(c, row -> row.getLong(1), "select count(*) from " + from, parameters)
                        .orElseThrow());
    }

    /** Waits until as many sessions of the mail role as given wait for a lock. */
    void awaitLocked(int sessions) {
        await(() ->
                count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") >= sessions);
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + AWAITED_MAX_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("what was awaited did not happen");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        mappers.close();
    }
}
