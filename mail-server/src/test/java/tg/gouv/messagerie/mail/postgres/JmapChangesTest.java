package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.mail.Flags;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.change.CanNotCalculateChangesException;
import org.apache.james.jmap.api.change.EmailChanges;
import org.apache.james.jmap.api.change.Limit;
import org.apache.james.jmap.api.change.MailboxChanges;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.exception.ChangeNotFoundException;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.mailbox.MessageManager.FlagsUpdateMode;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.UidValidity;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.apache.james.mailbox.store.user.model.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What JMAP clients are told of what happens in mailboxes: they miss nothing, in parts of any size, from any state. */
class JmapChangesTest {
    private static final AccountId AMA = AccountId.fromUsername(TestStore.user("ama"));
    private final TestStore store = new TestStore();
    private Mailbox inbox;
    private Mailbox archive;

    @BeforeEach
    void mailboxes() {
        inbox = mailbox("INBOX");
        archive = mailbox("Archive");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aCrashAfterTheCommitHidesNothing() throws Exception {
        // No listener runs in this test: what is told comes out of the transaction alone.
        State before = emailState();
        MailboxMessage message = store.append(inbox, "a");
        assertThat(since(before).getCreated()).containsExactly(message.getMessageId());
        assertThat(since(before).getNewState()).isEqualTo(emailState()).isNotEqualTo(before);
    }

    @Test
    void tellsCreatedUpdatedAndDestroyedOnceEach() throws Exception {
        MailboxMessage kept = store.append(inbox, "kept");
        MailboxMessage gone = store.append(inbox, "gone");
        State before = emailState();
        MailboxMessage made = store.append(inbox, "made");
        MailboxMessage shortLived = store.append(inbox, "short-lived");
        flag(inbox, made, Flags.Flag.SEEN);
        flag(inbox, kept, Flags.Flag.FLAGGED);
        store.messages.deleteMessages(inbox, List.of(gone.getUid(), shortLived.getUid()));

        EmailChanges changes = since(before);
        assertThat(changes.getCreated()).containsExactly(made.getMessageId());
        assertThat(changes.getUpdated()).containsExactly(kept.getMessageId());
        assertThat(changes.getDestroyed()).containsExactly(gone.getMessageId());
        assertThat(since(changes.getNewState()).getAllChanges()).isEmpty();
    }

    @Test
    void aMoveOrACopyUpdatesAndOnlyTheLastMailboxDestroys() throws Exception {
        MailboxMessage moved = store.append(inbox, "moved");
        State before = emailState();
        store.messages.move(archive, moved);
        assertThat(since(before).getUpdated()).containsExactly(moved.getMessageId());
        assertThat(since(before).getCreated()).isEmpty();
        assertThat(since(before).getDestroyed()).isEmpty();

        State then = emailState();
        MailboxMessage there = store.read(archive, FetchType.METADATA).getFirst();
        store.messages.copy(inbox, there);
        store.messages.deleteMessages(archive, List.of(there.getUid()));
        assertThat(since(then).getUpdated()).containsExactly(moved.getMessageId());

        store.messages.deleteMessages(
                inbox, List.of(store.read(inbox, FetchType.METADATA).getFirst().getUid()));
        assertThat(since(then).getDestroyed()).containsExactly(moved.getMessageId());
        assertThat(since(before).getDestroyed()).containsExactly(moved.getMessageId());
    }

    @Test
    void aMailboxThatGoesDestroysWhatWasOnlyThere() throws Exception {
        MailboxMessage only = store.append(archive, "only there");
        MailboxMessage both = store.append(archive, "in both");
        store.messages.copy(inbox, both);
        State emails = emailState();
        State mailboxes = mailboxState();
        store.mailboxes.delete(archive).block();

        assertThat(since(emails).getDestroyed()).containsExactly(only.getMessageId());
        assertThat(since(emails).getUpdated()).containsExactly(both.getMessageId());
        assertThat(mailboxesSince(mailboxes).getDestroyed()).containsExactly(archive.getMailboxId());
    }

    @Test
    void tellsOfMailboxesWhatChanged() throws Exception {
        State before = mailboxState();
        MailboxMessage message = store.append(inbox, "a");
        assertThat(mailboxesSince(before).getUpdated()).containsExactly(inbox.getMailboxId());
        assertThat(mailboxesSince(before).isCountChangesOnly()).isTrue();

        before = mailboxState();
        flag(inbox, message, Flags.Flag.FLAGGED);
        assertThat(mailboxState()).as("no count changed").isEqualTo(before);
        flag(inbox, message, Flags.Flag.SEEN);
        assertThat(mailboxesSince(before).isCountChangesOnly()).isTrue();

        before = mailboxState();
        store.mailboxes
                .rename(new Mailbox(
                        MailboxPath.forUser(TestStore.user("ama"), "Anciens"),
                        UidValidity.of(42),
                        archive.getMailboxId()))
                .block();
        assertThat(mailboxesSince(before).getUpdated()).containsExactly(archive.getMailboxId());
        assertThat(mailboxesSince(before).isCountChangesOnly()).isFalse();

        before = mailboxState();
        store.mappers
                .createSubscriptionMapper(null)
                .save(new Subscription(
                        TestStore.user("ama"),
                        MailboxPath.inbox(TestStore.user("ama")).asEscapedString()));
        assertThat(mailboxesSince(before).getUpdated()).containsExactly(inbox.getMailboxId());

        before = mailboxState();
        Mailbox made = mailbox("Nouveau");
        store.append(made, "b");
        assertThat(mailboxesSince(before).getCreated()).containsExactly(made.getMailboxId());
        assertThat(mailboxesSince(before).getUpdated()).isEmpty();
    }

    @Test
    void aClientThatFollowsInPartsKnowsInTheEndWhatThereIs() throws Exception {
        Random random = new Random(42);
        for (int run = 0; run < 20; run++) {
            Set<MessageId> known = new TreeSet<>(java.util.Comparator.comparing(MessageId::serialize));
            State state = State.INITIAL;
            for (int i = 0; i < 60; i++) {
                something(random);
                if (random.nextInt(3) == 0) {
                    state = follow(known, state, 1 + random.nextInt(4), random.nextBoolean());
                }
            }
            follow(known, state, 2, false);
            assertThat(known).containsExactlyInAnyOrderElementsOf(present());
        }
    }

    /** Applies answers until there are no more changes, or only one of them. */
    private State follow(Set<MessageId> known, State from, int max, boolean onlyOne) {
        State state = from;
        EmailChanges changes;
        do {
            changes = since(state, max);
            known.addAll(changes.getCreated());
            assertThat(known).as("what is updated was created before").containsAll(changes.getUpdated());
            known.removeAll(changes.getDestroyed());
            state = changes.getNewState();
        } while (changes.hasMoreChanges() && !onlyOne);
        return state;
    }

    private void something(Random random) throws Exception {
        Mailbox mailbox = random.nextBoolean() ? inbox : archive;
        List<MailboxMessage> there = store.read(mailbox, FetchType.METADATA);
        if (there.isEmpty() || random.nextInt(3) == 0) {
            store.append(mailbox, "a", new Flags());
            return;
        }
        MailboxMessage message = there.get(random.nextInt(there.size()));
        switch (random.nextInt(4)) {
            case 0 -> store.messages.deleteMessages(mailbox, List.of(message.getUid()));
            case 1 -> store.messages.move(mailbox.equals(inbox) ? archive : inbox, message);
            case 2 -> store.messageIds.copyInMailbox(message, mailbox.equals(inbox) ? archive : inbox);
            default -> flag(mailbox, message, random.nextBoolean() ? Flags.Flag.SEEN : Flags.Flag.FLAGGED);
        }
    }

    private Set<MessageId> present() throws Exception {
        Set<MessageId> ids = new TreeSet<>(java.util.Comparator.comparing(MessageId::serialize));
        for (Mailbox mailbox : List.of(inbox, archive)) {
            store.read(mailbox, FetchType.METADATA).forEach(each -> ids.add(each.getMessageId()));
        }
        return ids;
    }

    @Test
    void manyMessagesThatCameAndWentDoNotStopAClient() throws Exception {
        State before = emailState();
        for (int i = 0; i < 250; i++) {
            store.messages.deleteMessages(
                    inbox, List.of(store.append(inbox, "a").getUid()));
        }
        MailboxMessage message = store.append(inbox, "b");
        EmailChanges changes = since(before, 1);
        assertThat(changes.getAllChanges()).containsExactly(message.getMessageId());
        assertThat(changes.hasMoreChanges()).isFalse();
        assertThat(changes.getNewState()).isEqualTo(emailState());
    }

    @Test
    void deliveriesAtTheSameTimeAreNeverPassedOver() throws Exception {
        int each = 40;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> deliveries = List.of(inbox, archive, inbox, archive).stream()
                    .map(mailbox -> threads.submit((Callable<Integer>) () -> {
                        for (int i = 0; i < each; i++) {
                            store.append(mailbox, "a");
                        }
                        return each;
                    }))
                    .toList();
            Set<MessageId> heard = new TreeSet<>(java.util.Comparator.comparing(MessageId::serialize));
            State state = State.INITIAL;
            while (!deliveries.stream().allMatch(Future::isDone)) {
                state = follow(heard, state, 10, false);
            }
            for (Future<Integer> delivery : deliveries) {
                delivery.get();
            }
            follow(heard, state, 10, false);
            assertThat(heard).hasSize(4 * each);
        }
    }

    @Test
    void aStateOlderThanTheHistoryIsRefused() throws Exception {
        MailboxMessage gone = store.append(inbox, "a");
        State old = emailState();
        State oldMailboxes = mailboxState();
        store.messages.deleteMessages(inbox, List.of(gone.getUid()));
        store.append(archive, "b");
        store.mailboxes.delete(archive).block();
        State recent = emailState();
        ChangeHistory history = new ChangeHistory(
                store.connections,
                StoreSettings.byDefault(),
                Clock.fixed(Instant.now().plus(Duration.ofDays(29)), ZoneOffset.UTC));
        assertThat(history.sweep()).isZero();
        assertThat(since(old).getDestroyed()).containsExactly(gone.getMessageId());

        ChangeHistory later = new ChangeHistory(
                store.connections,
                StoreSettings.byDefault(),
                Clock.fixed(Instant.now().plus(Duration.ofDays(31)), ZoneOffset.UTC));
        assertThat(later.sweep()).isEqualTo(3);
        assertThat(store.count("expunged") + store.count("destroyed_mailbox")).isZero();
        assertThatThrownBy(() -> since(old)).isInstanceOf(ChangeNotFoundException.class);
        assertThatThrownBy(() -> mailboxesSince(oldMailboxes)).isInstanceOf(ChangeNotFoundException.class);
        assertThat(since(recent).getAllChanges()).isEmpty();
        MailboxMessage made = store.append(inbox, "c");
        assertThat(since(recent).getCreated()).containsExactly(made.getMessageId());
        assertThat(since(State.INITIAL).getCreated()).containsExactly(made.getMessageId());
    }

    @Test
    void aStateThatIsNotThisAccountsIsRefused() throws Exception {
        store.append(inbox, "a");
        State mine = emailState();
        Mailbox other = store.mailbox("kofi", "INBOX");
        store.append(other, "b");
        store.append(other, "c");
        store.append(other, "d");
        assertThatThrownBy(() -> block(store.mappers
                        .emailChanges()
                        .getSinceState(AccountId.fromUsername(TestStore.user("kofi")), mine, Optional.empty())))
                .isInstanceOf(ChangeNotFoundException.class);
        assertThatThrownBy(() -> since(JmapState.current(0, 1L << 39))).isInstanceOf(ChangeNotFoundException.class);
    }

    @Test
    void oneChangeOfMoreThanWasAskedForCannotBeCalculated() throws Exception {
        IntStream.range(0, 10).forEach(_ -> append());
        State before = emailState();
        store.messages.updateFlags(
                inbox, new FlagsUpdateCalculator(new Flags(Flags.Flag.SEEN), FlagsUpdateMode.ADD), MessageRange.all());
        assertThat(since(before).getUpdated()).hasSize(10);
        assertThatThrownBy(() -> since(before, 4)).isInstanceOf(CanNotCalculateChangesException.class);
        assertThatThrownBy(() -> since(before, 9)).isInstanceOf(CanNotCalculateChangesException.class);

        StoreSettings usual = StoreSettings.byDefault();
        for (int changesMax : new int[] {1, 4}) {
            StoreSettings few = new StoreSettings(
                    usual.bodyRetention(),
                    usual.pageSize(),
                    usual.keywordsMax(),
                    usual.ownerMemory(),
                    usual.changeHistory(),
                    changesMax);
            PostgresMappers mappers = new PostgresMappers(
                    store.connections, store.blobs, store.owners, store.trail, Clock.systemUTC(), store.ids, few);
            try (mappers) {
                assertThat(block(mappers.emailChanges().getSinceState(AMA, before, Optional.empty()))
                                .getUpdated())
                        .as("ten times as many as usual, to who set no bound")
                        .hasSize(10);
            }
        }
    }

    /** Who uses James's extension for shared mailboxes is told that something changed, and reads anew. */
    @Test
    void aSharedMailboxIsPartOfTheStateWithDelegation() throws Exception {
        AccountId kofi = AccountId.fromUsername(TestStore.user("kofi"));
        store.mailbox("kofi", "INBOX");
        State alone = block(store.mappers.emailChanges().getLatestStateWithDelegation(kofi));
        assertThat(alone).isEqualTo(block(store.mappers.emailChanges().getLatestState(kofi)));
        store.mailboxes
                .updateACL(
                        inbox,
                        MailboxACL.command()
                                .forUser(TestStore.user("kofi"))
                                .rights(MailboxACL.Right.Lookup, MailboxACL.Right.Read)
                                .asAddition())
                .block();
        State together = block(store.mappers.emailChanges().getLatestStateWithDelegation(kofi));
        assertThat(block(store.mappers.emailChanges().getSinceStateWithDelegation(kofi, together, Optional.empty()))
                        .getAllChanges())
                .isEmpty();
        store.append(inbox, "a");
        assertThat(block(store.mappers.emailChanges().getLatestStateWithDelegation(kofi)))
                .isNotEqualTo(together);
        assertThatThrownBy(() -> block(
                        store.mappers.emailChanges().getSinceStateWithDelegation(kofi, together, Optional.empty())))
                .isInstanceOf(ChangeNotFoundException.class);
        assertThat(store.state(TestStore.user("ama"), inbox.getMailboxId()).sharees())
                .containsExactly(TestStore.user("kofi"));
    }

    @Test
    void statesOfManyAccountsAreAskedForAtOnce() throws Exception {
        Mailbox others = store.mailbox("kofi", "INBOX");
        store.append(inbox, "a");
        ChangedMailbox ama = new ChangedMailbox(TestStore.user("ama"), inbox.getMailboxId());
        ChangedMailbox kofi = new ChangedMailbox(TestStore.user("kofi"), others.getMailboxId());
        ChangedMailbox nobody = new ChangedMailbox(Username.of("nobody@elsewhere.example"), inbox.getMailboxId());
        ChangedMailbox gone = new ChangedMailbox(TestStore.user("ama"), new PostgresMailboxId(Long.MAX_VALUE));

        Map<ChangedMailbox, AccountState> states = block(store.mappers.accountStates(List.of(kofi, nobody, ama, gone)));

        assertThat(states).containsOnlyKeys(kofi, ama, gone);
        assertThat(states.get(ama)).isEqualTo(store.state(ama.owner(), ama.mailbox()));
        assertThat(states.get(kofi)).isEqualTo(store.state(kofi.owner(), kofi.mailbox()));
        assertThat(states.get(gone)).isEqualTo(states.get(ama)).isNotEqualTo(states.get(kofi));
    }

    private void append() {
        try {
            store.append(inbox, "a");
        } catch (org.apache.james.mailbox.exception.MailboxException e) {
            throw new AssertionError(e);
        }
    }

    private Mailbox mailbox(String name) {
        return store.mailbox("ama", name);
    }

    private void flag(Mailbox mailbox, MailboxMessage message, Flags.Flag flag) throws Exception {
        store.messages.updateFlags(
                mailbox,
                new FlagsUpdateCalculator(new Flags(flag), FlagsUpdateMode.ADD),
                MessageRange.one(message.getUid()));
    }

    private State emailState() {
        return block(store.mappers.emailChanges().getLatestState(AMA));
    }

    private State mailboxState() {
        return block(store.mappers.mailboxChanges().getLatestState(AMA));
    }

    private EmailChanges since(State state) {
        return block(store.mappers.emailChanges().getSinceState(AMA, state, Optional.empty()));
    }

    private EmailChanges since(State state, int max) {
        return block(store.mappers.emailChanges().getSinceState(AMA, state, Optional.of(Limit.of(max))));
    }

    private MailboxChanges mailboxesSince(State state) {
        return block(store.mappers.mailboxChanges().getSinceState(AMA, state, Optional.empty()));
    }

    private static <T> T block(Mono<T> mono) {
        return mono.blockOptional().orElseThrow();
    }
}
