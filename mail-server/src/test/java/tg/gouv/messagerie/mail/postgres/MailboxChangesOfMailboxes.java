package tg.gouv.messagerie.mail.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.change.Limit;
import org.apache.james.jmap.api.change.MailboxChange;
import org.apache.james.jmap.api.change.MailboxChangeRepository;
import org.apache.james.jmap.api.change.MailboxChanges;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.UidValidity;
import reactor.core.publisher.Mono;

/** What {@link EmailChangesOfMessages} is for messages: what the contract saves is done to mailboxes. */
final class MailboxChangesOfMailboxes implements MailboxChangeRepository {
    private final ContractStore store;
    private final List<MailboxChange> saved = new ArrayList<>();
    private final Map<MailboxId, Mailbox> mailboxes = new HashMap<>();
    private final Map<MailboxId, MailboxId> names = new HashMap<>();
    private final Map<State, State> ours = new HashMap<>();
    private final Map<Long, State> theirs = new TreeMap<>();
    private boolean done;

    MailboxChangesOfMailboxes(ContractStore store) {
        this.store = store;
    }

    @Override
    public Mono<Void> save(MailboxChange change) {
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
    public Mono<MailboxChanges> getSinceState(AccountId account, State state, Optional<Limit> limit) {
        return done(() -> real().getSinceState(account, ours(state), limit).map(this::theirs));
    }

    @Override
    public Mono<MailboxChanges> getSinceStateWithDelegation(AccountId account, State state, Optional<Limit> limit) {
        return done(() ->
                real().getSinceStateWithDelegation(account, ours(state), limit).map(this::theirs));
    }

    private MailboxChangeRepository real() {
        return store.mappers.mailboxChanges();
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

    private List<MailboxId> theirs(Collection<MailboxId> ids) {
        return ids.stream().map(id -> names.getOrDefault(id, id)).toList();
    }

    private MailboxChanges theirs(MailboxChanges changes) {
        int all = changes.getAllChanges().size();
        var builder = new MailboxChanges.MailboxChangesBuilder(theirs(changes.getNewState()), Limit.of(all + 1));
        saved.stream().filter(_ -> all > 0).findFirst().ifPresent(any -> {
            var change = MailboxChange.builder().accountId(any.getAccountId());
            builder.add(change.state(theirs(changes.getNewState()))
                    .date(any.getDate())
                    .isCountChange(changes.isCountChangesOnly())
                    .created(theirs(changes.getCreated()))
                    .updated(theirs(changes.getUpdated()))
                    .destroyed(theirs(changes.getDestroyed()))
                    .build());
            if (changes.hasMoreChanges()) {
                builder.add(change.state(State.INITIAL)
                        .date(any.getDate())
                        .isCountChange(false)
                        .created(IntStream.range(0, all + 2)
                                .mapToObj(_ -> ContractStore.unknownMailbox())
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
        Set<MailboxId> created = new HashSet<>();
        for (MailboxChange change : saved) {
            created.addAll(change.getCreated());
            List<MailboxId> strangers = new ArrayList<>(change.getUpdated());
            strangers.addAll(change.getDestroyed());
            strangers.removeAll(created);
            strangers.forEach(id -> create(change.getAccountId(), id));
            created.addAll(strangers);
        }
        for (MailboxChange change : saved) {
            if (!change.isDelegated()) {
                change.getCreated().forEach(id -> create(change.getAccountId(), id));
                for (MailboxId id : change.getUpdated()) {
                    update(Objects.requireNonNull(mailboxes.get(id)), change.isCountChange());
                }
                change.getDestroyed()
                        .forEach(id -> store.createMailboxMapper()
                                .delete(Objects.requireNonNull(mailboxes.get(id)))
                                .block());
                State state = real().getLatestState(change.getAccountId())
                        .blockOptional()
                        .orElseThrow();
                ours.put(change.getState(), state);
                theirs.put(JmapState.read(state).orElseThrow().reached(), change.getState());
            }
        }
    }

    private void create(AccountId account, MailboxId id) {
        MailboxPath path = MailboxPath.forUser(Username.of(account.getIdentifier()), "n" + mailboxes.size());
        Mailbox made = store.createMailboxMapper()
                .create(path, UidValidity.of(42))
                .blockOptional()
                .orElseThrow();
        mailboxes.put(id, made);
        names.put(made.getMailboxId(), id);
    }

    private void update(Mailbox mailbox, boolean count) throws Exception {
        if (count) {
            store.createMessageMapper().add(mailbox, store.small(mailbox, store.generateMessageId()));
        } else {
            store.createMailboxMapper().setACL(mailbox, new MailboxACL()).block();
        }
    }
}
