package tg.gouv.messagerie.mail.jmap;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.inject.Inject;
import javax.inject.Named;
import javax.mail.Flags;
import org.apache.james.core.Username;
import org.apache.james.events.Event;
import org.apache.james.events.EventBus;
import org.apache.james.events.EventListener.ReactiveGroupEventListener;
import org.apache.james.events.Group;
import org.apache.james.jmap.InjectionKeys;
import org.apache.james.jmap.api.change.EmailChangeRepository;
import org.apache.james.jmap.api.change.MailboxChangeRepository;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.jmap.api.model.TypeName;
import org.apache.james.jmap.change.AccountIdRegistrationKey;
import org.apache.james.jmap.change.EmailDeliveryTypeName$;
import org.apache.james.jmap.change.EmailTypeName$;
import org.apache.james.jmap.change.MailboxTypeName$;
import org.apache.james.jmap.change.StateChangeEvent;
import org.apache.james.jmap.core.UuidState;
import org.apache.james.jmap.pushsubscription.PushListener;
import org.apache.james.mailbox.events.MailboxEvents.Added;
import org.apache.james.mailbox.events.MailboxEvents.Expunged;
import org.apache.james.mailbox.events.MailboxEvents.FlagsUpdated;
import org.apache.james.mailbox.events.MailboxEvents.MailboxDeletion;
import org.apache.james.mailbox.events.MailboxEvents.MailboxEvent;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import scala.jdk.javaapi.CollectionConverters;
import tg.gouv.messagerie.mail.postgres.AccountState;
import tg.gouv.messagerie.mail.postgres.ChangedMailbox;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;

/*
 * Whoever changes mail does not wait for this. What happens within COLLECT is told together: one statement for all accounts, and a
 * client hears once of many changes of its account (RFC 8620 section 7.2 lets a server coalesce them).
 */
/**
 * Wakes the JMAP clients that wait for changes (RFC 8620 section 7).
 *
 * <p>Nothing is recorded here: the change and its state were written with the mail itself. A wake-up that is lost delays a client
 * until the next one, and hides nothing from it.
 */
public final class StateChanges implements ReactiveGroupEventListener {
    /** The name under which the bus knows this listener. */
    public static final class StateChangesGroup extends Group {}

    private static final Logger LOG = LoggerFactory.getLogger(StateChanges.class);
    private static final Duration COLLECT = Duration.ofMillis(50);

    /** How many mailboxes one statement asks about. */
    private static final int BATCH = 500;

    /** What of an account has changed. */
    private record What(boolean emails, boolean mailboxes, boolean delivery) {
        static What of(MailboxEvent happened) {
            return new What(
                    changesEmails(happened),
                    changesMailboxes(happened),
                    happened instanceof Added added && added.isDelivery());
        }

        What and(What other) {
            return new What(emails || other.emails, mailboxes || other.mailboxes, delivery || other.delivery);
        }
    }

    private Map<ChangedMailbox, What> changed = new HashMap<>();
    private final EventBus waiting;
    private final PushListener push;
    private final PostgresMappers mappers;
    private final EmailChangeRepository emails;
    private final MailboxChangeRepository mailboxes;

    @Inject
    StateChanges(@Named(InjectionKeys.JMAP) EventBus waiting, PushListener push, PostgresMappers mappers) {
        this.waiting = waiting;
        this.push = push;
        this.mappers = mappers;
        this.emails = mappers.emailChanges();
        this.mailboxes = mappers.mailboxChanges();
    }

    @Override
    public Group getDefaultGroup() {
        return new StateChangesGroup();
    }

    @Override
    public boolean isHandling(Event event) {
        return event instanceof MailboxEvent;
    }

    /** Returns at once. */
    @Override
    public Publisher<Void> reactiveEvent(Event event) {
        MailboxEvent happened = (MailboxEvent) event;
        if (note(new ChangedMailbox(happened.getUsername(), happened.getMailboxId()), What.of(happened))) {
            Mono.delay(COLLECT)
                    .thenMany(Flux.defer(() -> Flux.fromIterable(noted().entrySet())))
                    .buffer(BATCH)
                    .concatMap(this::wake)
                    .subscribe(_ -> {}, e -> LOG.warn("event=state-changes-untold reason=\"{}\"", e.getMessage()));
        }
        return Mono.empty();
    }

    /** Whether it is the first since the last time that they were told. */
    private synchronized boolean note(ChangedMailbox where, What what) {
        boolean first = changed.isEmpty();
        changed.merge(where, what, What::and);
        return first;
    }

    private synchronized Map<ChangedMailbox, What> noted() {
        Map<ChangedMailbox, What> noted = changed;
        changed = new HashMap<>();
        return noted;
    }

    /** One statement, whoever waits, if no device asked to be woken; two more for each person with whom a mailbox is shared. */
    private Mono<Void> wake(List<Map.Entry<ChangedMailbox, What>> happened) {
        return mappers.accountStates(happened.stream().map(Map.Entry::getKey).toList())
                .flatMapMany(states -> Flux.fromIterable(happened)
                        .filter(one -> states.containsKey(one.getKey()))
                        .concatMap(one -> wake(
                                one.getKey().owner(),
                                Objects.requireNonNull(states.get(one.getKey())),
                                one.getValue())))
                .then();
    }

    private Mono<Void> wake(Username owner, AccountState now, What what) {
        return wake(owner, what, now.emails(), now.mailboxes(), now.pushed())
                .thenMany(Flux.fromIterable(now.sharees()))
                .concatMap(sharee -> wakeSharee(sharee, what))
                .then();
    }

    private Mono<Void> wakeSharee(Username sharee, What what) {
        AccountId account = AccountId.fromUsername(sharee);
        return Mono.zip(emails.getLatestStateWithDelegation(account), mailboxes.getLatestStateWithDelegation(account))
                .flatMap(states -> wake(sharee, what, states.getT1(), states.getT2(), true));
    }

    private Mono<Void> wake(Username account, What what, State email, State mailbox, boolean pushed) {
        Map<TypeName, org.apache.james.jmap.api.model.State> states = new HashMap<>();
        if (what.emails()) {
            states.put(EmailTypeName$.MODULE$, UuidState.fromJava(email));
        }
        if (what.mailboxes()) {
            states.put(MailboxTypeName$.MODULE$, UuidState.fromJava(mailbox));
        }
        if (what.delivery()) {
            states.put(EmailDeliveryTypeName$.MODULE$, UuidState.fromJava(email));
        }
        StateChangeEvent event = new StateChangeEvent(
                Event.EventId.random(),
                account,
                scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(states)));
        return Mono.from(waiting.dispatch(event, AccountIdRegistrationKey.of(account)))
                .then(Mono.defer(() -> pushed ? Mono.from(push.reactiveEvent(event)) : Mono.empty()));
    }

    private static boolean changesEmails(MailboxEvent happened) {
        return happened instanceof Added
                || happened instanceof FlagsUpdated
                || happened instanceof Expunged
                || happened instanceof MailboxDeletion;
    }

    /** Everything does, but flags that say nothing of what is seen. */
    private static boolean changesMailboxes(MailboxEvent happened) {
        return !(happened instanceof FlagsUpdated updated)
                || updated.getUpdatedFlags().stream().anyMatch(each -> each.isChanged(Flags.Flag.SEEN));
    }
}
