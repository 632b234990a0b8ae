package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.database.Sql;

/** After a restore no client takes what comes now for what it has seen and the restore took back. */
class MailSchemaTest {
    private final TestStore store = new TestStore();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatIsThereKeepsItsUidAndWhatComesIsFarFromEveryUidAndModSeqThatWasHandedOut() throws Exception {
        Mailbox inbox = store.mailbox("ama", "INBOX");
        for (int i = 0; i < 3; i++) {
            store.append(inbox, "message " + i);
        }
        long modSeq = number("select highest_modseq from mailbox_counter");
        long salt = number("select salt from account_counter");
        long mailbox = number("select id from mailbox");

        store.connections.transaction(c -> {
            MailSchema.settle(c);
            return c;
        });
        store.append(inbox, "after the restore");

        assertThat(store.uids(inbox))
                .hasSize(4)
                .startsWith(1L, 2L, 3L)
                .last()
                .satisfies(uid -> assertThat(uid).isGreaterThan(MailSchema.UID_GAP));
        assertThat(store.read(inbox, FetchType.METADATA))
                .allSatisfy(it -> assertThat(it.getModSeq().asLong()).isGreaterThan(modSeq));
        assertThat(number("select highest_modseq from mailbox_counter"))
                .isEqualTo(number("select highest_modseq from account_counter"))
                .isEqualTo(modSeq + MailSchema.MODSEQ_GAP + 1);
        assertThat(number("select uid_validity from mailbox")).isEqualTo(42);
        assertThat(number("select salt from account_counter")).isNotEqualTo(salt);
        assertThat(number("select forgotten from account_counter")).isGreaterThan(modSeq);
        store.mailbox("ama", "Nouveau");
        assertThat(number("select max(id) from mailbox")).isGreaterThan(mailbox + 1_000);
    }

    @Test
    void theColumnsThatNameObjectsAreThoseThatThereAre() {
        // Objects that nobody names any more, or not yet, are in tables of their own, which a backup leaves out.
        assertThat(store.connections
                        .autoCommit(c -> Sql.query(c, row -> row.getString(1), """
                        select table_name || '.' || column_name from information_schema.columns
                        where table_schema = 'mail' and column_name = 'object'
                            and table_name not in ('unnamed_object', 'arriving_object') order by 1"""))
                        .toArray())
                .containsExactlyInAnyOrder(MailSchema.OBJECTS.stream()
                        .map(it -> it.table() + "." + it.column())
                        .toArray());
    }

    private long number(String sql) {
        return store.connections
                .autoCommit(c -> Sql.first(c, row -> row.getLong(1), sql))
                .orElseThrow();
    }
}
