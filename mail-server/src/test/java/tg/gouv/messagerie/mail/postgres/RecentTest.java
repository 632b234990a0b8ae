package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javax.mail.Flags;
import javax.mail.Flags.Flag;
import org.apache.james.mailbox.MessageManager.FlagsUpdateMode;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.database.Sql;

/** Recent messages are those of which no session was told (RFC 3501 section 2.3.2). */
class RecentTest {
    private final TestStore store = new TestStore();
    private final Mailbox inbox = store.mailbox("ama", "INBOX");

    @AfterEach
    void close() {
        store.close();
    }

    private List<Long> recent() throws Exception {
        return store.messages.findRecentMessageUidsInMailbox(inbox).stream()
                .map(MessageUid::asLong)
                .toList();
    }

    private List<Long> select() throws Exception {
        return store.messages.resetRecent(inbox).stream()
                .map(each -> each.getUid().asLong())
                .toList();
    }

    @Test
    void theFirstSessionIsToldAndTheSecondIsNot() throws Exception {
        store.append(inbox, "un");
        store.append(inbox, "deux");
        assertThat(store.read(inbox, FetchType.METADATA)).allMatch(MailboxMessage::isRecent);

        assertThat(select()).containsExactly(1L, 2L);
        assertThat(select()).isEmpty();
        assertThat(recent()).isEmpty();
        assertThat(store.read(inbox, FetchType.METADATA)).noneMatch(MailboxMessage::isRecent);

        store.append(inbox, "trois");
        assertThat(recent()).containsExactly(3L);
        assertThat(select()).containsExactly(3L);
    }

    @Test
    void whatASessionAppendsToItsOwnMailboxIsNotRecentAndHidesNoOther() throws Exception {
        store.append(inbox, "un");
        store.append(inbox, "deux", new Flags());
        store.append(inbox, "trois");
        assertThat(recent()).containsExactly(1L, 3L);
    }

    @Test
    void aCopyIsRecentThoughItsOriginalIsNot() throws Exception {
        store.append(inbox, "un");
        select();
        store.messages.copy(inbox, store.read(inbox, FetchType.METADATA));
        assertThat(recent()).containsExactly(2L);
    }

    @Test
    void beingToldWritesNoRowAndGivesNoModSeq() throws Exception {
        store.append(inbox, "un");
        var before = store.messages.getHighestModSeq(inbox);
        String row = rowVersions();
        UpdatedFlags told = store.messages.resetRecent(inbox).getFirst();
        assertThat(told.getOldFlags().contains(Flag.RECENT)).isTrue();
        assertThat(told.getNewFlags().contains(Flag.RECENT)).isFalse();
        assertThat(told.getModSeq()).isEqualTo(before);
        assertThat(store.messages.getHighestModSeq(inbox)).isEqualTo(before);
        assertThat(rowVersions()).isEqualTo(row).isNotEmpty();
    }

    @Test
    void addingAFlagLeavesAMessageRecent() throws Exception {
        store.append(inbox, "un");
        store.messages.updateFlags(
                inbox, new FlagsUpdateCalculator(new Flags(Flag.SEEN), FlagsUpdateMode.ADD), MessageRange.all());
        assertThat(recent()).containsExactly(1L);
    }

    /** Changes whenever a row of a message is written. */
    private String rowVersions() {
        return store.connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> row.getString(1),
                        "select string_agg(ctid::text || ' ' || xmin::text, ',' order by uid) from mailbox_message"))
                .orElseThrow();
    }
}
