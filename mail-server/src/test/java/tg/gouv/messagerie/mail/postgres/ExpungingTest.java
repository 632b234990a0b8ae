package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.database.Sql;

/** What goes, and what is kept of it. */
class ExpungingTest {
    private final TestStore store = new TestStore();
    private final Mailbox inbox = store.mailbox("ama", "INBOX");
    private final Mailbox archive = store.mailbox("ama", "Archives");

    @AfterEach
    void close() {
        store.close();
    }

    private List<String> log() {
        return store.connections.autoCommit(c -> Sql.query(
                c, row -> row.getString(1) + "@" + row.getString(2), "select uid, modseq from expunged order by uid"));
    }

    @Test
    void eachUidThatWentIsLoggedUnderANewModSeq() throws Exception {
        for (int i = 0; i < 4; i++) {
            store.append(inbox, "n° " + i);
        }
        long before = store.messages.getHighestModSeq(inbox).asLong();
        Map<MessageUid, MessageMetaData> gone =
                store.messages.deleteMessages(inbox, List.of(MessageUid.of(2), MessageUid.of(4), MessageUid.of(9)));
        assertThat(gone.keySet()).containsExactly(MessageUid.of(2), MessageUid.of(4));
        assertThat(log()).containsExactly("2@" + (before + 1), "4@" + (before + 1));
        assertThat(store.messages.getHighestModSeq(inbox).asLong()).isEqualTo(before + 1);

        store.messages.deleteMessages(inbox, List.of(MessageUid.of(9)));
        assertThat(store.messages.getHighestModSeq(inbox).asLong()).isEqualTo(before + 1);

        store.messages.move(
                archive, List.of(store.read(inbox, FetchType.METADATA).getFirst()));
        assertThat(log())
                .as("the archive's new row has the account's number between")
                .containsExactly("1@" + (before + 3), "2@" + (before + 1), "4@" + (before + 1));
    }

    @Test
    void aMessageGoesWithItsLastMailboxAndReleasesItsBody() throws Exception {
        MailboxMessage message = store.append(inbox, "a");
        store.messages.copy(archive, message);
        store.messages.deleteMessages(inbox, List.of(message.getUid()));
        assertThat(store.count("message")).isEqualTo(1);
        assertThat(store.count("released")).isZero();

        store.mailboxes.delete(archive).block();
        assertThat(store.count("message")).isZero();
        assertThat(store.count("released r join body b on b.id = r.body_id")).isEqualTo(1);
    }

    @Test
    void aMailboxGoesWithEverythingInIt() throws Exception {
        store.append(inbox, "a");
        MailboxMessage second = store.append(inbox, "b");
        store.messages.deleteMessages(inbox, List.of(second.getUid()));
        MailboxMessage kept = store.append(archive, "c");
        store.mailboxes.delete(inbox).block();
        for (String table : List.of("mailbox", "mailbox_counter", "mailbox_message", "message")) {
            assertThat(store.count(table)).as(table).isEqualTo(1);
        }
        assertThat(log()).as("JMAP clients are told what went with it").hasSize(2);
        assertThat(store.count("destroyed_mailbox")).isEqualTo(1);
        assertThat(store.uids(archive)).containsExactly(kept.getUid().asLong());
        assertThatThrownBy(() -> store.append(inbox, "d")).isInstanceOf(MailboxNotFoundException.class);
        assertThat(store.count("body"))
                .as("nothing of a refused message is left")
                .isEqualTo(3);
        assertThatThrownBy(() -> store.messages.copy(inbox, kept)).isInstanceOf(MailboxNotFoundException.class);
        assertThatThrownBy(() -> store.messages.move(inbox, kept)).isInstanceOf(MailboxNotFoundException.class);
    }

    @Test
    void whatWasExpungedMeanwhileIsNeitherCopiedNorMoved() throws Exception {
        MailboxMessage first = store.append(inbox, "a");
        MailboxMessage second = store.append(inbox, "b");
        store.messages.deleteMessages(inbox, List.of(first.getUid()));
        assertThat(TestStore.uids(store.messages.copy(archive, List.of(first, second))))
                .containsExactly(1L);
        store.messages.deleteMessages(inbox, List.of(second.getUid()));
        assertThat(store.messages.move(archive, List.of(second)))
                .as("it is elsewhere, but not here")
                .isEmpty();
        assertThatThrownBy(() -> store.messages.copy(archive, first)).hasMessageContaining("expunged");
        assertThat(store.uids(archive)).containsExactly(1L);
    }

    @Test
    void theSameUidInTwoMailboxesIsTwoMessages() throws Exception {
        Mailbox target = store.mailbox("ama", "cible");
        MailboxMessage here = store.append(inbox, "a");
        MailboxMessage there = store.append(archive, "b");
        assertThat(here.getUid()).isEqualTo(there.getUid());
        assertThat(store.messages.move(target, List.of(here, there))).hasSize(2);
        assertThat(store.uids(inbox)).isEmpty();
        assertThat(store.uids(archive)).isEmpty();
        assertThat(store.uids(target)).containsExactly(1L, 2L);
    }
}
