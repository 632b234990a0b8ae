package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import javax.mail.Flags;
import org.apache.james.mailbox.model.Mailbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.ErasedAccounts;
import tg.gouv.messagerie.mail.postgres.MortalConnections.Life;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** Of an account that is erased nothing stays in mail, wherever the program was killed meanwhile; others keep what is theirs. */
class PostgresErasedAccountsTest {
    private static final List<String> OWNED = List.of(
            "mailbox",
            "sieve_owner",
            "sieve_script",
            "vacation",
            "vacation_answer",
            "subscription",
            "jmap_identity",
            "jmap_push_subscription",
            "jmap_upload",
            "destroyed_mailbox",
            "delegation",
            "account_counter");

    private final TestStore store = new TestStore();
    private final Life life = new Life();
    private final ErasedAccounts erased = new PostgresErasedAccounts(
            new MortalConnections(store.connections, life), new Expunging(Clock.systemUTC(), new MailboxNews()));

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void nothingStaysAndOthersKeepTheirs() throws Exception {
        UUID ama = fill("ama");
        UUID kofi = fill("kofi");
        long others = rows(kofi);
        store.connections.autoCommit(c -> Sql.update(
                c,
                "update mailbox set acl = jsonb_build_object(?, 'lr', ?, 's', 'anyone', 'l') where owner_id = ?",
                ama.toString(),
                "-" + ama,
                kofi));
        assertThat(rows(ama)).isGreaterThan(10);
        erased.erase(new AccountId(ama));
        assertThat(rows(ama)).isZero();
        assertThat(rows(kofi)).isEqualTo(others);
        assertThat(count("select from mailbox where acl::text like '%" + ama + "%'"))
                .isZero();
        assertThat(count("select from mailbox where acl = '{\"anyone\": \"l\"}'"))
                .isEqualTo(2);
        assertThat(count("select from released"))
                .as("bodies wait for the sweep")
                .isEqualTo(603);
        assertThat(count("select from unnamed_object"))
                .as("so does the upload's object")
                .isEqualTo(1);
        erased.erase(new AccountId(ama));
    }

    @Test
    void whoeverIsKilledAtAnyTransactionGoesOn() throws Exception {
        for (boolean committed : new boolean[] {false, true}) {
            UUID ama = fill("ama" + committed);
            int killed = 0;
            boolean done = false;
            while (!done) {
                life.dieAt(killed + 1, committed); // each life is one use of PostgreSQL longer than the one before
                try {
                    erased.erase(new AccountId(ama));
                    done = true;
                } catch (StoreUnavailable _) {
                    killed++;
                    assertThat(killed).isLessThan(50);
                }
            }
            life.live();
            assertThat(killed).isGreaterThan(2);
            assertThat(rows(ama)).isZero();
        }
    }

    @Test
    void everyTableOfOwnersIsErased() {
        assertThat(store.connections.<List<String>, RuntimeException>autoCommit(
                        c -> Sql.query(c, row -> row.getString(1), """
                        select distinct c.table_name from information_schema.columns c
                            join information_schema.tables t using (table_schema, table_name)
                        where c.table_schema = 'mail' and c.column_name = 'owner_id' and t.table_type = 'BASE TABLE'
                        """)))
                .containsExactlyInAnyOrderElementsOf(OWNED)
                .allSatisfy(table -> assertThat(table.equals("mailbox")
                                || PostgresErasedAccounts.rest().stream()
                                        .anyMatch(sql -> sql.contains("delete from " + table + " ")))
                        .as(table)
                        .isTrue());
    }

    private UUID fill(String name) throws Exception {
        Mailbox inbox = store.mailbox(name, "INBOX");
        Mailbox archive = store.mailbox(name, "Archive");
        for (int i = 0; i < 3; i++) {
            store.messages.add(archive, store.message(archive, bytes("A: b\r\n\r\nbonjour"), 8, new Flags()));
        }
        for (int i = 0; i < 600; i++) {
            store.messages.add(inbox, store.message(inbox, bytes("A: " + i + "\r\n\r\nb"), 8, new Flags()));
        }
        UUID owner = store.connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> row.getObject(1, UUID.class),
                        "select owner_id from mailbox where id = ?",
                        PostgresMailboxId.number(inbox.getMailboxId())))
                .orElseThrow();
        for (String each : List.of(
                "insert into sieve_owner(owner_id, quota_bytes) values (?, 1)",
                "insert into sieve_script(owner_id, name, content) values (?, 'tri', 'keep;')",
                "insert into vacation(owner_id) values (?)",
                "insert into vacation_answer(owner_id, absence, sender) values (?, '', 'x@y')",
                "insert into subscription(owner_id, mailbox) values (?, 'INBOX')",
                "insert into jmap_identity(owner_id, id, sort_order, name, email, text_signature, html_signature)"
                        + " values (?, gen_random_uuid(), 0, '', '', '', '')",
                "insert into jmap_push_subscription(owner_id, id, device_client_id, url, verification_code, validated, expires, types)"
                        + " values (?, gen_random_uuid(), '', '', '', false, now(), '{}')",
                "insert into jmap_upload(id, owner_id, at, content_type, size_bytes, object)"
                        + " values (gen_random_uuid(), ?, now(), '', 1, gen_random_uuid())",
                "insert into delegation(owner_id, delegate_id) values (?, gen_random_uuid())",
                "insert into quota_limit(scope, subject, kind, most) values ('User', ?::uuid::text, 'bytes', 1)")) {
            store.connections.autoCommit(c -> Sql.update(c, each, owner));
        }
        return owner;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** How many rows of any table are the owner's. */
    private long rows(UUID owner) {
        long rows = count("select from quota_limit where subject = '" + owner + "'");
        for (String table : OWNED) {
            rows += count("select from " + table + " where owner_id = '" + owner + "'");
        }
        return rows;
    }

    private long count(String sql) {
        return store.connections
                .<List<Integer>, RuntimeException>autoCommit(c -> Sql.query(c, _ -> 1, sql))
                .size();
    }
}
