package tg.gouv.messagerie.mail.rights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Date;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.mail.Flags;
import org.apache.james.events.EventBus;
import org.apache.james.mailbox.MailboxManager.MessageCapabilities;
import org.apache.james.mailbox.MailboxPathLocker;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.events.MailboxIdRegistrationKey;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.ComposedMessageIdWithMetaData;
import org.apache.james.mailbox.model.FetchGroup;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxACL.Rfc4314Rights;
import org.apache.james.mailbox.model.MailboxACL.Right;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.MessageResult;
import org.apache.james.mailbox.model.MessageResultIterator;
import org.apache.james.mailbox.model.SearchQuery;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.quota.QuotaRootResolver;
import org.apache.james.mailbox.store.BatchSizes;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.MailboxReactorUtils;
import org.apache.james.mailbox.store.MailboxSessionMapperFactory;
import org.apache.james.mailbox.store.MessageStorer;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.StoreMessageManager;
import org.apache.james.mailbox.store.event.EventFactory;
import org.apache.james.mailbox.store.search.MessageSearchIndex;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.mail.mime.Nesting;
import tg.gouv.messagerie.mail.mime.TooDeeplyNested;

/*
 * James 3.8.1 asks one question before every change, « may this session change anything here? »: whoever may insert may also
 * expunge; and it asks nothing before it removes, reads, searches. Here each act asks for the rights that RFC 4314 section 4
 * names. Clients may create keywords.
 */
/** The messages of one mailbox, for those who have the rights to them. */
public final class GuardedMessages extends StoreMessageManager {
    private final Mailbox mailbox;
    private final GuardedRights rights;
    private final MailboxSessionMapperFactory mappers;
    private final EventBus events;

    /** The messages of a mailbox. */
    public GuardedMessages(
            EnumSet<MessageCapabilities> capabilities,
            MailboxSessionMapperFactory mappers,
            MessageSearchIndex index,
            EventBus events,
            MailboxPathLocker locker,
            Mailbox mailbox,
            QuotaManager quotas,
            QuotaRootResolver roots,
            BatchSizes batches,
            GuardedRights rights,
            PreDeletionHooks hooks,
            MessageStorer storer) {
        super(capabilities, mappers, index, events, locker, mailbox, quotas, roots, batches, rights, hooks, storer);
        this.mailbox = mailbox;
        this.rights = rights;
        this.mappers = mappers;
        this.events = events;
    }

    private Mono<Void> demand(MailboxSession session, Right... needed) {
        return rights.demand(List.of(mailbox), session, needed);
    }

    private void demandNow(MailboxSession session, Right... needed) throws MailboxException {
        MailboxReactorUtils.block(demand(session, needed));
    }

    private <T> Mono<T> after(MailboxSession session, Supplier<? extends Publisher<T>> act, Right... needed) {
        return demand(session, needed).then(Mono.defer(() -> Mono.from(act.get())));
    }

    private <T> Flux<T> afterMany(MailboxSession session, Supplier<? extends Publisher<T>> act, Right... needed) {
        return demand(session, needed).thenMany(Flux.defer(act));
    }

    @Override
    public Flags getPermanentFlags(MailboxSession session) {
        Flags flags = new Flags(super.getPermanentFlags(session));
        flags.add(Flags.Flag.USER);
        return flags;
    }

    // Reading: r

    @Override
    public MessageResultIterator getMessages(MessageRange set, FetchGroup group, MailboxSession session) {
        demand(session, Right.Read).block();
        return super.getMessages(set, group, session);
    }

    @Override
    public Publisher<MessageResult> getMessagesReactive(MessageRange set, FetchGroup group, MailboxSession session) {
        return afterMany(session, () -> super.getMessagesReactive(set, group, session), Right.Read);
    }

    @Override
    public Publisher<ComposedMessageIdWithMetaData> listMessagesMetadata(MessageRange set, MailboxSession session) {
        return afterMany(session, () -> super.listMessagesMetadata(set, session), Right.Read);
    }

    @Override
    public Flux<MessageUid> search(SearchQuery query, MailboxSession session) throws MailboxException {
        demandNow(session, Right.Read);
        KnownMessages known = KnownMessages.of(session);
        return super.search(query, session).filter(uid -> known.knows(mailbox.getMailboxId(), uid));
    }

    @Override
    public long getMessageCount(MailboxSession session) throws MailboxException {
        demandNow(session, Right.Read);
        return super.getMessageCount(session);
    }

    // Appending: i, and the flags for which there is a right

    @Override
    public AppendResult appendMessage(AppendCommand command, MailboxSession session) throws MailboxException {
        demandNow(session, Right.Insert);
        demandShallow(command);
        return super.appendMessage(permitted(command, session), session);
    }

    @Override
    public Publisher<AppendResult> appendMessageReactive(AppendCommand command, MailboxSession session) {
        Mono<Void> shallow =
                Mono.<Void>fromRunnable(() -> demandShallow(command)).subscribeOn(Schedulers.boundedElastic());
        return after(
                session,
                () -> shallow.then(
                        Mono.defer(() -> Mono.from(super.appendMessageReactive(permitted(command, session), session)))),
                Right.Insert);
    }

    /** What is delivered was looked at when it was accepted; in a report it may be one level deeper. */
    private static void demandShallow(AppendCommand command) {
        if (command.isDelivery()) {
            return;
        }
        try (InputStream in = command.getMsgIn().getInputStream()) {
            if (Nesting.isTooDeep(in)) {
                throw new TooDeeplyNested();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was uploaded cannot be read", e);
        }
    }

    @Override
    public AppendResult appendMessage(
            InputStream message, Date internalDate, MailboxSession session, boolean isRecent, @Nullable Flags flags)
            throws MailboxException {
        demandNow(session, Right.Insert);
        return super.appendMessage(
                message,
                internalDate,
                session,
                isRecent,
                FlagRights.permitted(flags == null ? new Flags() : flags, rights.myRights(mailbox, session)));
    }

    private AppendCommand permitted(AppendCommand command, MailboxSession session) {
        Flags flags = command.getFlags();
        Flags permitted = FlagRights.permitted(flags, rights.myRights(mailbox, session));
        if (permitted.equals(flags)) {
            return command;
        }
        return AppendCommand.builder()
                .withInternalDate(command.getInternalDate())
                .withFlags(permitted)
                .isRecent(command.isRecent())
                .isDelivery(command.isDelivery())
                .build(command.getMsgIn());
    }

    // Flags: s, t, w; a change for which there is some of the rights is made in part (RFC 4314 section 4)

    @Override
    public Map<MessageUid, Flags> setFlags(Flags flags, FlagsUpdateMode mode, MessageRange set, MailboxSession session)
            throws MailboxException {
        return MailboxReactorUtils.block(Mono.from(setFlagsReactive(flags, mode, set, session)));
    }

    @Override
    public Publisher<Map<MessageUid, Flags>> setFlagsReactive(
            Flags flags, FlagsUpdateMode mode, MessageRange set, MailboxSession session) {
        Rfc4314Rights mine = rights.myRights(mailbox, session);
        boolean whole = mine.contains(Right.WriteSeenFlag, Right.DeleteMessages, Right.Write);
        if (whole) {
            return after(session, () -> super.setFlagsReactive(flags, mode, set, session));
        }
        Flags permitted = FlagRights.permitted(flags, mine);
        boolean none = !mine.contains(Right.WriteSeenFlag)
                && !mine.contains(Right.DeleteMessages)
                && !mine.contains(Right.Write);
        if (none || (FlagRights.isEmpty(permitted) && !FlagRights.isEmpty(flags))) {
            return demand(session, FlagRights.isEmpty(flags) ? new Right[] {Right.Write} : FlagRights.of(flags))
                    .then(Mono.just(Map.of()));
        }
        if (mode != FlagsUpdateMode.REPLACE) {
            return after(session, () -> super.setFlagsReactive(permitted, mode, set, session));
        }
        return getApplicableFlagsReactive(session).flatMap(applicable -> {
            Flags removed = FlagRights.without(FlagRights.permitted(applicable, mine), flags);
            removed.remove(Flags.Flag.RECENT);
            return after(session, () -> super.setFlagsReactive(removed, FlagsUpdateMode.REMOVE, set, session))
                    .then(Mono.from(super.setFlagsReactive(permitted, FlagsUpdateMode.ADD, set, session)));
        });
    }

    /**
     * Changes the flags of messages on a condition (RFC 7162 section 3.1.3), as far as there is a right.
     *
     * @param uids ascending
     */
    public Mono<FlagStore.Stored> store(
            Flags flags,
            FlagsUpdateMode mode,
            List<MessageUid> uids,
            FlagStore.Condition condition,
            MailboxSession session) {
        Rfc4314Rights mine = rights.myRights(mailbox, session);
        Flags permitted = FlagRights.permitted(flags, mine);
        boolean none = !mine.contains(Right.WriteSeenFlag)
                && !mine.contains(Right.DeleteMessages)
                && !mine.contains(Right.Write);
        if (none || (FlagRights.isEmpty(permitted) && !FlagRights.isEmpty(flags))) {
            return demand(session, FlagRights.isEmpty(flags) ? new Right[] {Right.Write} : FlagRights.of(flags))
                    .thenReturn(new FlagStore.Stored(List.of(), List.of()));
        }
        FlagStore store = (FlagStore) mappers.getMessageMapper(session);
        return after(session, () -> store.store(mailbox, change(permitted, mode, mine), uids, condition))
                .flatMap(stored -> events.dispatch(
                                EventFactory.flagsUpdated()
                                        .randomEventId()
                                        .mailboxSession(session)
                                        .mailbox(mailbox)
                                        .updatedFlags(stored.stored())
                                        .build(),
                                new MailboxIdRegistrationKey(mailbox.getMailboxId()))
                        .thenReturn(stored));
    }

    /** What replaces flags leaves those alone for which there is no right. */
    private static FlagsUpdateCalculator change(Flags permitted, FlagsUpdateMode mode, Rfc4314Rights mine) {
        return new FlagsUpdateCalculator(permitted, mode) {
            @Override
            public Flags buildNewFlags(Flags before) {
                Flags after = super.buildNewFlags(before);
                if (mode == FlagsUpdateMode.REPLACE) {
                    after.add(FlagRights.without(before, FlagRights.permitted(before, mine)));
                }
                return after;
            }
        };
    }

    // Removing: t to mark, e to remove

    @Override
    public Iterator<MessageUid> expunge(MessageRange set, MailboxSession session) throws MailboxException {
        demandNow(session, Right.PerformExpunge);
        return super.expunge(set, session);
    }

    @Override
    public Flux<MessageUid> expungeReactive(MessageRange set, MailboxSession session) {
        return afterMany(session, () -> super.expungeReactive(set, session), Right.PerformExpunge);
    }

    @Override
    public void delete(List<MessageUid> uids, MailboxSession session) throws MailboxException {
        demandNow(session, Right.DeleteMessages, Right.PerformExpunge);
        super.delete(uids, session);
    }

    @Override
    public Mono<Void> deleteReactive(List<MessageUid> uids, MailboxSession session) {
        return demand(session, Right.DeleteMessages, Right.PerformExpunge)
                .then(Mono.defer(() -> super.deleteReactive(uids, session)));
    }

    // Copying: r here, i there, and there the flags for which there is a right; moving: as copying and removing (RFC
    // 6851)

    @Override
    public Mono<List<MessageRange>> copyTo(MessageRange set, StoreMessageManager to, MailboxSession session) {
        return demand(session, Right.Read)
                .then(arriving(to, session))
                .then(Mono.defer(() -> super.copyTo(set, to, session)))
                .flatMap(copies -> stripped(copies, to, session));
    }

    @Override
    public Mono<List<MessageRange>> moveTo(MessageRange set, StoreMessageManager to, MailboxSession session) {
        return demand(session, Right.Read, Right.DeleteMessages, Right.PerformExpunge)
                .then(arriving(to, session))
                .then(Mono.defer(() -> super.moveTo(set, to, session)))
                .flatMap(moved -> stripped(moved, to, session));
    }

    private Mono<Void> arriving(StoreMessageManager to, MailboxSession session) {
        return rights.demand(List.of(to.getMailboxEntity()), session, Right.Insert);
    }

    /** Takes the flags off that this session may not set where the copies are. */
    private Mono<List<MessageRange>> stripped(
            List<MessageRange> copies, StoreMessageManager to, MailboxSession session) {
        if (!(to instanceof GuardedMessages target)) {
            return Mono.just(copies);
        }
        Rfc4314Rights mine = rights.myRights(to.getMailboxEntity(), session);
        if (mine.contains(Right.WriteSeenFlag, Right.DeleteMessages, Right.Write)) {
            return Mono.just(copies);
        }
        return target.getApplicableFlagsReactive(session).flatMap(applicable -> {
            Flags forbidden = FlagRights.without(applicable, FlagRights.permitted(applicable, mine));
            return Flux.fromIterable(copies)
                    .concatMap(range -> target.strip(forbidden, range, session))
                    .then(Mono.just(copies));
        });
    }

    private Mono<Map<MessageUid, Flags>> strip(Flags forbidden, MessageRange range, MailboxSession session) {
        return Mono.from(super.setFlagsReactive(forbidden, MessageManager.FlagsUpdateMode.REMOVE, range, session));
    }
}
