package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.mail.Flags;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.change.EmailChangeRepository;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.exception.ChangeNotFoundException;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.mailbox.model.ByteContent;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.store.mail.model.impl.PropertyBuilder;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.blobs.PostgresBlobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/** Mailboxes that were there before the account's counter: their MODSEQs go on, and JMAP clients see what is in them. */
class JmapMigrationTest {
    private static final UUID MESSAGE = UUID.fromString("01900000-0000-7000-8000-000000000001");

    @Test
    void mailboxesThatWereThereGoOn() throws Exception {
        try (Database database = TestDatabase.fresh()) {
            database.migrate("platform");
            Connections mail = database.connections("mail", "mail", 4);
            run(mail, "create schema mail");
            for (String script : List.of("V001__body", "V002__mailbox", "V003__queue")) {
                run(mail, read(script));
            }
            TestOwners owners = new TestOwners();
            Username ama = TestStore.user("ama");
            UUID owner = owners.byName(ama.asString()).orElseThrow().value();
            fill(mail, owner);
            run(mail, read("V007__jmap"));

            PostgresMappers mappers = new PostgresMappers(
                    mail,
                    new PostgresBlobs(database.connections("blobs", "platform", 2), Uuid7.system()),
                    owners,
                    new MemoryTrail(),
                    Clock.systemUTC(),
                    Uuid7.system(),
                    StoreSettings.byDefault());
            try (mappers) {
                check(mappers, ama);
            }
        }
    }

    private static void check(PostgresMappers mappers, Username ama) throws Exception {
        AccountId account = AccountId.fromUsername(ama);
        EmailChangeRepository changes = mappers.emailChanges();
        State before = block(changes.getLatestState(account));
        assertThat(block(changes.getSinceState(account, State.INITIAL, Optional.empty()))
                        .getCreated())
                .containsExactly(new PostgresMessageId(MESSAGE));
        assertThat(block(changes.getSinceState(account, before, Optional.empty()))
                        .getAllChanges())
                .isEmpty();
        State older = JmapState.current(JmapState.read(before).orElseThrow().salt(), 3);
        assertThatThrownBy(() -> block(changes.getSinceState(account, older, Optional.empty())))
                .as("what was expunged before is not all known")
                .isInstanceOf(ChangeNotFoundException.class);

        Mailbox inbox = block(mappers.createMailboxMapper(null).findMailboxByPath(MailboxPath.inbox(ama)));
        MessageId made = new PostgresMessageId(Uuid7.system().next());
        mappers.createMessageMapper(null).add(inbox, message(inbox, made));
        assertThat(mappers.createMessageMapper(null).getHighestModSeq(inbox).asLong())
                .isEqualTo(9);
        assertThat(block(changes.getSinceState(account, before, Optional.empty()))
                        .getCreated())
                .containsExactly(made);
    }

    private static SimpleMailboxMessage message(Mailbox inbox, MessageId id) {
        byte[] bytes = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        return SimpleMailboxMessage.builder()
                .messageId(id)
                .threadId(ThreadId.fromBaseMessageId(id))
                .mailboxId(inbox.getMailboxId())
                .internalDate(Date.from(Instant.parse("2026-02-03T04:05:06Z")))
                .bodyStartOctet(bytes.length)
                .size(bytes.length)
                .content(new ByteContent(bytes))
                .flags(new Flags())
                .properties(new PropertyBuilder())
                .build();
    }

    private static void fill(Connections mail, UUID owner) {
        mail.transaction(c -> {
            UUID body = UUID.fromString("01900000-0000-7000-8000-000000000002");
            Sql.update(c, "insert into body values (?, 0, decode(repeat('00', 32), 'hex'), '', null)", body);
            Sql.update(
                    c,
                    "insert into message(id, body_id, size, body_start, lines, header, thread_id, properties, attachments)"
                            + " values (?, ?, 2, 2, 0, '\\x0d0a', ?, '{}', '[]')",
                    MESSAGE,
                    body,
                    MESSAGE);
            for (String name : List.of("INBOX", "Archive")) {
                Sql.update(
                        c,
                        "with b as (insert into mailbox(owner_id, namespace, name, uid_validity)"
                                + " values (?, '#private', ?, 42) returning id)"
                                + " insert into mailbox_counter(mailbox_id, last_uid, highest_modseq, messages)"
                                + " select id, 2, length(?), 1 from b",
                        owner,
                        name,
                        name);
            }
            Sql.update(
                    c,
                    "insert into mailbox_message(mailbox_id, uid, modseq, message_id, thread_id, flags, internal_date, size)"
                            + " select id, 1, 4, ?, ?, 0, now(), 2 from mailbox where name = 'INBOX'",
                    MESSAGE,
                    MESSAGE);
            Sql.update(c, "insert into expunged select id, 2, 7 from mailbox where name = 'Archive'");
            return owner;
        });
    }

    private static void run(Connections mail, String script) {
        mail.transaction(c -> {
            try (Statement statement = c.createStatement()) {
                return statement.execute(script);
            }
        });
    }

    private static String read(String script) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(JmapMigrationTest.class.getResourceAsStream("/db/mail/" + script + ".sql"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static <T> T block(Mono<T> mono) {
        return mono.blockOptional().orElseThrow();
    }
}
