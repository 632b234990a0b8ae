package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.james.core.Domain;
import org.apache.james.core.Username;
import org.apache.james.core.quota.QuotaSizeLimit;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.Quota;
import org.apache.james.mailbox.model.QuotaRoot;
import org.apache.james.mailbox.quota.MaxQuotaManager;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** What we promise of quotas beyond James's contracts. */
class PostgresQuotasTest {
    private static final long USUAL = 1_000_000;

    private final TestStore store = new TestStore();
    private final QuotaRows rows = new QuotaRows(
            store.mappers.connections(), store.mappers.accounts(), new QuotaSettings(new ByteSize(USUAL), 0));
    private final QuotaManager quotas = new PostgresQuotas(store.mappers.connections(), rows);
    private final MaxQuotaManager limits = new PostgresQuotaLimits(store.mappers.connections(), rows);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void holdWhatTheSettingsSayUntilSomebodySaysOtherwise() throws Exception {
        QuotaRoot ama = root("ama");
        assertThat(limit(ama)).isEqualTo(QuotaSizeLimit.size(USUAL));
        assertThat(quotas.getMessageQuota(ama).getLimit().isUnlimited()).isTrue();

        limits.setGlobalMaxStorage(QuotaSizeLimit.size(10));
        assertThat(limit(ama)).isEqualTo(QuotaSizeLimit.size(10));
        limits.setDomainMaxStorage(Domain.of(TestOwners.DOMAIN), QuotaSizeLimit.size(20));
        assertThat(limit(ama)).isEqualTo(QuotaSizeLimit.size(20));
        limits.setMaxStorage(ama, QuotaSizeLimit.unlimited());
        assertThat(limit(ama)).isEqualTo(QuotaSizeLimit.unlimited());
        assertThat(quotas.getStorageQuota(ama).getLimitByScope())
                .containsOnlyKeys(Quota.Scope.User, Quota.Scope.Domain, Quota.Scope.Global);
        assertThat(limit(root("kofi"))).isEqualTo(QuotaSizeLimit.size(20));

        limits.removeMaxStorage(ama);
        limits.removeDomainMaxStorage(Domain.of(TestOwners.DOMAIN));
        limits.removeGlobalMaxStorage();
        assertThat(limit(ama)).isEqualTo(QuotaSizeLimit.size(USUAL));
    }

    @Test
    void areToldToOthersThanJamesAsTheyAreToJames() throws Exception {
        long size = store.append(store.mailbox("ama", "INBOX"), "un").getFullContentOctets();
        limits.setDomainMaxStorage(Domain.of(TestOwners.DOMAIN), QuotaSizeLimit.size(20));
        UUID ama = rows.owner(root("ama")).orElseThrow();
        QuotaRows.Both both = store.mappers.connections().run(c -> rows.both(c, Optional.of(ama), TestOwners.DOMAIN));
        assertThat(both.use()).isEqualTo(new QuotaRows.Use(1, size));
        assertThat(both.limits().ofBytes()).isEqualTo(QuotaSizeLimit.size(20));
    }

    @Test
    void followTheAccountToItsNewName() throws Exception {
        Mailbox inbox = store.mailbox("ama", "INBOX");
        long size = store.append(inbox, "un").getFullContentOctets();
        limits.setMaxStorage(root("ama"), QuotaSizeLimit.size(77));
        store.owners.rename(
                TestStore.user("ama").asString(), TestStore.user("ama.mensah").asString());
        assertThat(limit(root("ama.mensah"))).isEqualTo(QuotaSizeLimit.size(77));
        assertThat(bytes("ama.mensah")).isEqualTo(size);
    }

    @Test
    void areExactAfterAppendsCopiesMovesAndRemovalsAtOnce() throws Exception {
        List<Mailbox> mailboxes =
                List.of(store.mailbox("ama", "INBOX"), store.mailbox("ama", "Archive"), store.mailbox("ama", "Trash"));
        store.append(store.mailbox("kofi", "INBOX"), "d'un autre");
        atOnce(24, i -> {
            Mailbox from = mailboxes.get(i % 3);
            Mailbox to = mailboxes.get((i + 1) % 3);
            MessageUid uid = store.append(from, "message " + i).getUid();
            switch (i % 4) {
                case 0 -> store.messages.copy(to, message(from, uid));
                case 1 -> store.messages.move(to, message(from, uid));
                case 2 -> store.messages.deleteMessages(from, List.of(uid));
                default -> {}
            }
            return i;
        });
        store.mailboxes.delete(mailboxes.getLast()).block();
        long expected = 0;
        long count = 0;
        for (Mailbox mailbox : mailboxes.subList(0, 2)) {
            for (var message : store.read(mailbox, FetchType.METADATA)) {
                expected += message.getFullContentOctets();
                count++;
            }
        }
        assertThat(count).isPositive();
        assertThat(bytes("ama")).isEqualTo(expected);
        assertThat(quotas.getMessageQuota(root("ama")).getUsed().asLong()).isEqualTo(count);
    }

    private MailboxMessage message(Mailbox mailbox, MessageUid uid) throws Exception {
        return store.messages
                .findInMailbox(mailbox, MessageRange.one(uid), FetchType.METADATA, 1)
                .next();
    }

    private QuotaSizeLimit limit(QuotaRoot root) throws Exception {
        return quotas.getStorageQuota(root).getLimit();
    }

    private long bytes(String name) throws Exception {
        return quotas.getQuotas(root(name)).getStorageQuota().getUsed().asLong();
    }

    private static QuotaRoot root(String name) {
        Username user = TestStore.user(name);
        return QuotaRoot.quotaRoot("#private&" + user.asString(), Optional.of(Domain.of(TestOwners.DOMAIN)));
    }

    @FunctionalInterface
    private interface Numbered {
        int run(int number) throws Exception;
    }

    private static void atOnce(int times, Numbered act) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> acts = IntStream.range(0, times)
                    .<Callable<Integer>>mapToObj(i -> () -> act.run(i))
                    .toList();
            List<Integer> done = new ArrayList<>();
            for (Future<Integer> each : threads.invokeAll(acts)) {
                done.add(each.get());
            }
            assertThat(done).hasSize(times);
        }
    }
}
