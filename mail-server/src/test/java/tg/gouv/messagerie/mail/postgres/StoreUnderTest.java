package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import javax.mail.Flags;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MailboxSessionUtil;
import org.apache.james.mailbox.model.ByteContent;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.model.UidValidity;
import org.apache.james.mailbox.store.mail.MessageMapper;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.apache.james.mailbox.store.mail.model.impl.PropertyBuilder;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.blobs.BlobStores;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/** The store on a real PostgreSQL, one database for all tests of the JVM, emptied for each. */
record StoreUnderTest(PostgresMappers mappers, AnyName owners, Connections connections, Blobs blobs) {
    static final MailboxSession NO_SESSION = MailboxSessionUtil.create(Username.of("nobody"));
    private static final Database DATABASE = TestDatabase.fresh();
    private static final Uuid7 IDS = Uuid7.system();
    private static final Connections CONNECTIONS;
    private static final Blobs BLOBS;

    static {
        DATABASE.migrate("platform");
        DATABASE.migrate("mail");
        CONNECTIONS = DATABASE.connections("mail", "mail", 16);
        BLOBS = BlobStores.open(
                new BlobSettings(BlobSettings.Kind.POSTGRESQL, java.util.Optional.empty(), 8),
                DATABASE,
                Path.of("target"));
    }

    static StoreUnderTest empty(Clock clock) {
        CONNECTIONS.<Integer, IllegalStateException>autoCommit(c -> Sql.update(
                c,
                "truncate mailbox, mailbox_counter, body, message, mailbox_message, expunged, subscription, annotation,"
                        + " released, released_object cascade"));
        return another(clock, new AnyName());
    }

    /** A second program on the same database. */
    static StoreUnderTest another(Clock clock, AnyName owners) {
        return new StoreUnderTest(
                new PostgresMappers(CONNECTIONS, BLOBS, owners, clock, IDS, new MessageParser()),
                owners,
                CONNECTIONS,
                BLOBS);
    }

    Mailbox mailbox(String owner, String name) {
        return Objects.requireNonNull(mappers.createMailboxMapper(NO_SESSION)
                .create(MailboxPath.forUser(Username.of(owner), name), UidValidity.of(7))
                .block());
    }

    MessageMapper messages() {
        return mappers.createMessageMapper(NO_SESSION);
    }

    MessageId newMessageId() {
        return new PostgresMessageId.Factory(IDS).generate();
    }

    MailboxMessage message(Mailbox mailbox, String header, byte[] body, Flags flags) {
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        MessageId id = newMessageId();
        return SimpleMailboxMessage.builder()
                .messageId(id)
                .threadId(ThreadId.fromBaseMessageId(id))
                .mailboxId(mailbox.getMailboxId())
                .internalDate(Date.from(Instant.now()))
                .bodyStartOctet(head.length)
                .size(whole.length)
                .content(new ByteContent(whole))
                .flags(flags)
                .properties(new PropertyBuilder())
                .build();
    }

    /** One number that a query answers. */
    long count(String sql) {
        return connections
                .<java.util.Optional<Long>, IllegalStateException>autoCommit(
                        c -> Sql.first(c, row -> row.getLong(1), sql))
                .orElseThrow();
    }

    int update(String sql) throws SQLException {
        return connections.<Integer, IllegalStateException>autoCommit(c -> Sql.update(c, sql));
    }
}
