package tg.gouv.messagerie.mail.jmap;

import java.util.HashMap;
import java.util.Map;
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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import scala.jdk.javaapi.CollectionConverters;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;

/**
 * Wakes the JMAP clients that wait for changes (RFC 8620 section 7).
 *
 * <p>Nothing is recorded here: the change and its state were written with the mail itself. A wake-up that is lost delays a client
 * until the next one, and hides nothing from it.
 */
public final class StateChanges implements ReactiveGroupEventListener {
    /** The name under which the bus knows this listener. */
    public static final class StateChangesGroup extends Group {}

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

    /** One statement, whoever waits, if no device asked to be woken; two more for each person with whom the mailbox is shared. */
    @Override
    public Publisher<Void> reactiveEvent(Event event) {
        MailboxEvent happened = (MailboxEvent) event;
        return mappers.accountState(happened.getUsername(), happened.getMailboxId())
                .flatMap(state -> wake(
                                happened.getUsername(), happened, state.emails(), state.mailboxes(), state.pushed())
                        .thenMany(Flux.fromIterable(state.sharees()))
                        .concatMap(sharee -> wakeSharee(sharee, happened))
                        .then());
    }

    private Mono<Void> wakeSharee(Username sharee, MailboxEvent happened) {
        AccountId account = AccountId.fromUsername(sharee);
        return Mono.zip(emails.getLatestStateWithDelegation(account), mailboxes.getLatestStateWithDelegation(account))
                .flatMap(states -> wake(sharee, happened, states.getT1(), states.getT2(), true));
    }

    private Mono<Void> wake(Username account, MailboxEvent happened, State email, State mailbox, boolean pushed) {
        Map<TypeName, org.apache.james.jmap.api.model.State> states = new HashMap<>();
        if (changesEmails(happened)) {
            states.put(EmailTypeName$.MODULE$, UuidState.fromJava(email));
        }
        if (changesMailboxes(happened)) {
            states.put(MailboxTypeName$.MODULE$, UuidState.fromJava(mailbox));
        }
        if (happened instanceof Added added && added.isDelivery()) {
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
