package tg.gouv.messagerie.mail.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.mail.Flags;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.change.EmailChange;
import org.apache.james.jmap.api.change.EmailChangeRepository;
import org.apache.james.jmap.api.change.EmailChanges;
import org.apache.james.jmap.api.change.Limit;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.mailbox.MessageManager.FlagsUpdateMode;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.UidValidity;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.mail.MessageMapper;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import reactor.core.publisher.Mono;

/**
 * For the contract, which saves changes: what it saves is done to messages, and asked of the real repository under the contract's
 * own names of states. A message that is updated or destroyed and was never created is there from the beginning.
 */
final class EmailChangesOfMessages implements EmailChangeRepository {
    private final ContractStore store;
    private final MessageMapper messages;
    private final Mailbox elsewhere;
    private final Map<String, Mailbox> inboxes = new HashMap<>();
    private final List<EmailChange> saved = new ArrayList<>();
    private final Map<State, State> ours = new HashMap<>();
    private final Map<Long, State> theirs = new TreeMap<>();
    private boolean done;

    EmailChangesOfMessages(ContractStore store) {
        this.store = store;
        this.messages = store.createMessageMapper();
        this.elsewhere = mailbox("somebody-else");
    }

    private Mailbox mailbox(String user) {
        return store.createMailboxMapper()
                .create(MailboxPath.inbox(Username.of(user)), UidValidity.of(42))
                .blockOptional()
                .orElseThrow();
    }

    @Override
    public Mono<Void> save(EmailChange change) {
        saved.add(change);
        return Mono.empty();
    }

    @Override
    public Mono<State> getLatestState(AccountId account) {
        return done(() -> real().getLatestState(account).map(this::theirs));
    }

    @Override
    public Mono<State> getLatestStateWithDelegation(AccountId account) {
        return done(() -> real().getLatestStateWithDelegation(account).map(this::theirs));
    }

    @Override
    public Mono<EmailChanges> getSinceState(AccountId account, State state, Optional<Limit> limit) {
        return done(() -> real().getSinceState(account, ours(state), limit).map(this::theirs));
    }

    @Override
    public Mono<EmailChanges> getSinceStateWithDelegation(AccountId account, State state, Optional<Limit> limit) {
        return done(() ->
                real().getSinceStateWithDelegation(account, ours(state), limit).map(this::theirs));
    }

    private EmailChangeRepository real() {
        return store.mappers.emailChanges();
    }

    private State ours(State state) {
        return ours.getOrDefault(state, state);
    }

    private State theirs(State state) {
        return state.equals(State.INITIAL)
                ? state
                : Optional.ofNullable(
                                theirs.get(JmapState.read(state).orElseThrow().reached()))
                        .orElse(state);
    }

    private EmailChanges theirs(EmailChanges changes) {
        int all = changes.getAllChanges().size();
        EmailChanges.Builder builder = new EmailChanges.Builder(theirs(changes.getNewState()), Limit.of(all + 1));
        saved.stream().findFirst().ifPresent(any -> {
            EmailChange.Builder.RequireState change = EmailChange.builder().accountId(any.getAccountId());
            builder.add(change.state(theirs(changes.getNewState()))
                    .date(any.getDate())
                    .isDelegated(false)
                    .created(changes.getCreated())
                    .updated(changes.getUpdated())
                    .destroyed(changes.getDestroyed())
                    .build());
            if (changes.hasMoreChanges()) {
                builder.add(change.state(State.INITIAL)
                        .date(any.getDate())
                        .isDelegated(false)
                        .created(IntStream.range(0, all + 2)
                                .mapToObj(_ -> store.generateMessageId())
                                .toList())
                        .build());
            }
        });
        return builder.build();
    }

    private <T> Mono<T> done(Supplier<Mono<T>> question) {
        return Mono.fromCallable((Callable<Boolean>) () -> {
                    if (!done) {
                        done = true;
                        doAll();
                    }
                    return true;
                })
                .then(Mono.defer(question));
    }

    private void doAll() throws Exception {
        Set<MessageId> created = new HashSet<>();
        for (EmailChange change : saved) {
            created.addAll(change.getCreated());
            List<MessageId> strangers = new ArrayList<>(change.getUpdated());
            strangers.addAll(change.getDestroyed());
            strangers.removeAll(created);
            create(inbox(change), strangers);
            created.addAll(strangers);
        }
        for (EmailChange change : saved) {
            if (!change.isDelegated()) {
                Mailbox inbox = inbox(change);
                create(inbox, change.getCreated());
                for (MessageId updated : change.getUpdated()) {
                    messages.updateFlags(
                            inbox,
                            find(inbox, updated).getUid(),
                            new FlagsUpdateCalculator(new Flags("k" + saved.indexOf(change)), FlagsUpdateMode.ADD));
                }
                List<MessageUid> destroyed = new ArrayList<>();
                for (MessageId id : change.getDestroyed()) {
                    destroyed.add(find(inbox, id).getUid());
                }
                messages.deleteMessages(inbox, destroyed);
                State state = real().getLatestState(change.getAccountId())
                        .blockOptional()
                        .orElseThrow();
                ours.put(change.getState(), state);
                theirs.put(JmapState.read(state).orElseThrow().reached(), change.getState());
            }
        }
    }

    private Mailbox inbox(EmailChange change) {
        return inboxes.computeIfAbsent(change.getAccountId().getIdentifier(), this::mailbox);
    }

    private MailboxMessage find(Mailbox inbox, MessageId id) {
        return store.createMessageIdMapper().find(List.of(id), FetchType.METADATA).stream()
                .filter(each -> each.getMailboxId().equals(inbox.getMailboxId()))
                .findFirst()
                .orElseThrow();
    }

    /** All in one statement, as a copy of several messages is. */
    private void create(Mailbox inbox, List<MessageId> ids) throws Exception {
        List<MailboxMessage> originals = new ArrayList<>();
        for (MessageId id : ids) {
            MailboxMessage message = store.small(elsewhere, id);
            messages.add(elsewhere, message);
            originals.add(message);
        }
        messages.copy(inbox, originals);
    }
}
