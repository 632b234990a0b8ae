package tg.gouv.messagerie.mail.rights;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.inject.Inject;
import javax.mail.Flags;
import org.apache.james.events.EventBus;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.events.MailboxIdRegistrationKey;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.ComposedMessageIdWithMetaData;
import org.apache.james.mailbox.model.DeleteResult;
import org.apache.james.mailbox.model.FetchGroup;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxACL.Right;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.MessageResult;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.quota.QuotaRootResolver;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.MailboxSessionMapperFactory;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.StoreMessageIdManager;
import org.apache.james.mailbox.store.event.EventFactory;
import org.apache.james.mailbox.store.mail.MessageIdMapper;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/*
 * What James 3.8.1 does not ask when a message is named by its id, as JMAP names it:
 * - whether the session may read the message at all before it puts it into one of the session's own mailboxes;
 * - which flag is changed: it asks for w whatever it is, so that t and s are worth nothing, or too much;
 * - for e (RFC 4314: removing needs it beside t; RFC 8621 section 2, mayRemoveItems).
 * The blocking calls come through the reactive ones.
 */
/** Messages by their ids, for those who have the rights to them. */
public final class GuardedMessageIds extends StoreMessageIdManager {
    private final MailboxSessionMapperFactory mappers;
    private final GuardedRights rights;
    private final EventBus events;
    private final Visits visits;

    /** The messages of these mailboxes. */
    @Inject
    public GuardedMessageIds(
            GuardedRights rights,
            MailboxSessionMapperFactory mappers,
            EventBus events,
            QuotaManager quotas,
            QuotaRootResolver roots,
            PreDeletionHooks hooks,
            Visits visits) {
        super(rights, mappers, events, quotas, roots, hooks);
        this.mappers = mappers;
        this.rights = rights;
        this.events = events;
        this.visits = visits;
    }

    @Override
    public Mono<Void> setFlagsReactive(
            Flags flags,
            MessageManager.FlagsUpdateMode mode,
            MessageId message,
            List<MailboxId> in,
            MailboxSession session) {
        MessageIdMapper messages = mappers.getMessageIdMapper(session);
        FlagsUpdateCalculator change = new FlagsUpdateCalculator(flags, mode);
        return mailboxes(in, session)
                .flatMap(known -> rights.demand(known.values(), session, Right.Lookup)
                        .thenMany(Flux.defer(() -> messages.findMetadata(message)))
                        .filter(place -> known.containsKey(mailbox(place)))
                        .concatMap(place -> rights.demand(
                                List.of(Objects.requireNonNull(known.get(mailbox(place)))),
                                session,
                                FlagRights.of(FlagRights.difference(
                                        place.getFlags(), change.buildNewFlags(place.getFlags())))))
                        .then(Mono.defer(() -> messages.setFlags(message, in, flags, mode)))
                        .flatMapMany(
                                updated -> Flux.fromIterable(updated.asMap().entrySet()))
                        .concatMap(updated ->
                                tell(Objects.requireNonNull(known.get(updated.getKey())), updated.getValue(), session))
                        .then());
    }

    private Mono<Void> tell(Mailbox mailbox, Collection<UpdatedFlags> updated, MailboxSession session) {
        if (updated.stream().noneMatch(UpdatedFlags::flagsChanged)) {
            return Mono.empty();
        }
        return events.dispatch(
                EventFactory.flagsUpdated()
                        .randomEventId()
                        .mailboxSession(session)
                        .mailbox(mailbox)
                        .updatedFlags(List.copyOf(updated))
                        .build(),
                new MailboxIdRegistrationKey(mailbox.getMailboxId()));
    }

    @Override
    public Mono<Void> setInMailboxesReactive(MessageId message, Collection<MailboxId> targets, MailboxSession session) {
        return Flux.from(mappers.getMessageIdMapper(session).findMetadata(message))
                .map(GuardedMessageIds::mailbox)
                .collect(Collectors.toSet())
                .flatMap(places -> mailboxes(places, session))
                .flatMap(places -> demandSource(places.values(), targets, session))
                .then(Mono.defer(() -> super.setInMailboxesReactive(message, targets, session)));
    }

    /** The message may be read somewhere, and removed from wherever it leaves. */
    private Mono<Void> demandSource(Collection<Mailbox> places, Collection<MailboxId> targets, MailboxSession session) {
        List<Mailbox> readable = places.stream()
                .filter(place -> rights.myRights(place, session).contains(Right.Read))
                .toList();
        if (readable.isEmpty() && !places.isEmpty()) {
            places.forEach(place -> visits.refused(place, session));
            return Mono.error(new MailboxNotFoundException("of a message that is not found"));
        }
        List<Mailbox> left = readable.stream()
                .filter(place -> !targets.contains(place.getMailboxId()))
                .toList();
        return rights.demand(left, session, Right.DeleteMessages, Right.PerformExpunge)
                .then(Mono.defer(() -> mailboxes(targets, session)))
                .flatMap(all -> rights.demand(
                        all.values().stream()
                                .filter(target -> places.stream()
                                        .noneMatch(place -> place.getMailboxId().equals(target.getMailboxId())))
                                .toList(),
                        session,
                        Right.Insert));
    }

    @Override
    public Mono<DeleteResult> deleteReactive(List<MessageId> ids, List<MailboxId> from, MailboxSession session) {
        return mailboxes(from, session)
                .flatMap(known -> rights.demand(known.values(), session, Right.DeleteMessages, Right.PerformExpunge))
                .then(Mono.defer(() -> super.deleteReactive(ids, from, session)));
    }

    /** Removes messages wherever t and e permit it; where only t does, nothing is removed. */
    @Override
    public Mono<DeleteResult> delete(List<MessageId> ids, MailboxSession session) {
        return Flux.fromIterable(ids)
                .concatMap(mappers.getMessageIdMapper(session)::findMetadata)
                .map(GuardedMessageIds::mailbox)
                .collect(Collectors.toSet())
                .flatMap(places -> mailboxes(places, session))
                .flatMap(places -> rights.demand(
                        places.values().stream()
                                .filter(place -> rights.myRights(place, session).contains(Right.DeleteMessages))
                                .toList(),
                        session,
                        Right.PerformExpunge))
                .then(Mono.defer(() -> super.delete(ids, session)));
    }

    @Override
    public Flux<MessageResult> getMessagesReactive(
            Collection<MessageId> ids, FetchGroup group, MailboxSession session) {
        return super.getMessagesReactive(ids, group, session)
                .doOnNext(message -> visits.used(message.getMailboxId(), session));
    }

    private static MailboxId mailbox(ComposedMessageIdWithMetaData place) {
        return place.getComposedMessageId().getMailboxId();
    }

    private Mono<Map<MailboxId, Mailbox>> mailboxes(Collection<MailboxId> ids, MailboxSession session) {
        return Flux.fromIterable(Set.copyOf(ids))
                .concatMap(mappers.getMailboxMapper(session)::findMailboxById)
                .collectMap(Mailbox::getMailboxId, Function.identity());
    }
}
