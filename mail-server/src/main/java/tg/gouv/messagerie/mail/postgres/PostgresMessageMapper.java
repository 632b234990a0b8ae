package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.mail.Flags;
import org.apache.james.mailbox.ApplicableFlagBuilder;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.ComposedMessageIdWithMetaData;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxCounters;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.mail.MessageMapper;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import tg.gouv.messagerie.mail.rights.FlagStore;
import tg.gouv.messagerie.platform.database.Sql;

/** The messages of one mailbox. */
final class PostgresMessageMapper implements MessageMapper, FlagStore {
    /** Some 300 bytes each. */
    private static final int METADATA_PAGE = 2_000;

    private static final String IN_RANGE = "p.mailbox_id = ? and p.uid between ? and ?";

    private final MailConnections connections;
    private final MessageRows rows;
    private final Counters counters;
    private final Keywords keywords;
    private final Appending appending;
    private final Copying copying;
    private final Flagging flagging;
    private final Expunging expunging;
    private final long pageBytes;
    private final @Nullable MailboxSession session;

    PostgresMessageMapper(
            MailConnections connections,
            MessageRows rows,
            Counters counters,
            Keywords keywords,
            Appending appending,
            Copying copying,
            Flagging flagging,
            Expunging expunging,
            long pageBytes,
            @Nullable MailboxSession session) {
        this.connections = connections;
        this.rows = rows;
        this.counters = counters;
        this.keywords = keywords;
        this.appending = appending;
        this.copying = copying;
        this.flagging = flagging;
        this.expunging = expunging;
        this.pageBytes = pageBytes;
        this.session = session;
    }

    /** The same, which notes what a session changes itself if the session wants to know, and heeds its {@link StateCondition}. */
    PostgresMessageMapper through(MailboxSession of) {
        return new PostgresMessageMapper(
                connections.through(of),
                rows,
                counters,
                keywords,
                appending.through(connections.through(of)),
                copying,
                flagging,
                expunging,
                pageBytes,
                of);
    }

    /** The same, whose {@link #add} is part of a delivery. */
    PostgresMessageMapper within(Delivery delivery) {
        return new PostgresMessageMapper(
                connections,
                rows,
                counters,
                keywords,
                appending.within(delivery),
                copying,
                flagging,
                expunging,
                pageBytes,
                session);
    }

    // Reading

    @Override
    public Iterator<MailboxMessage> findInMailbox(Mailbox mailbox, MessageRange set, FetchType type, int limit) {
        return pages(mailbox, set, type, limit).iterator();
    }

    /** Message by message; a page is loaded when its first message is asked for. */
    @Override
    public Flux<MailboxMessage> findInMailboxReactive(Mailbox mailbox, MessageRange set, FetchType type, int limit) {
        return Flux.generate(() -> pages(mailbox, set, type, limit), PostgresMessageMapper::emit)
                .subscribeOn(connections.scheduler())
                .concatMapIterable(Function.identity(), 1);
    }

    private MessagePages pages(Mailbox mailbox, MessageRange set, FetchType type, int limit) {
        return new MessagePages(
                connections, rows, type, number(mailbox.getMailboxId()), UidRange.of(set), limit, pageBytes);
    }

    private static MessagePages emit(MessagePages pages, SynchronousSink<List<MailboxMessage>> sink) {
        try {
            List<MailboxMessage> page = pages.next();
            if (page.isEmpty()) {
                sink.complete();
            } else {
                sink.next(page);
            }
        } catch (MailboxException e) {
            sink.error(e);
        }
        return pages;
    }

    /** Row by row, without the messages themselves; a page is loaded when its first row is asked for. */
    @Override
    public Flux<ComposedMessageIdWithMetaData> listMessagesMetadata(Mailbox mailbox, MessageRange set) {
        UidRange range = UidRange.of(set);
        return Flux.generate(range::first, (Long from, SynchronousSink<List<ComposedMessageIdWithMetaData>> sink) -> {
                    try {
                        List<ComposedMessageIdWithMetaData> page = metadata(mailbox, new UidRange(from, range.last()));
                        if (page.isEmpty()) {
                            sink.complete();
                            return from;
                        }
                        sink.next(page);
                        return page.getLast().getComposedMessageId().getUid().asLong() + 1;
                    } catch (MailboxException e) {
                        sink.error(e);
                        return from;
                    }
                })
                .subscribeOn(connections.scheduler())
                .concatMapIterable(Function.identity(), 1);
    }

    private List<ComposedMessageIdWithMetaData> metadata(Mailbox mailbox, UidRange range) throws MailboxException {
        return range.first() > range.last()
                ? List.of()
                : connections.run(c -> Sql.query(
                        c,
                        MessageRows::composed,
                        "select " + MessageRows.PLACE + " from mailbox_message p"
                                + " join mailbox_counter k on k.mailbox_id = p.mailbox_id where " + IN_RANGE
                                + " order by p.uid limit " + METADATA_PAGE,
                        number(mailbox.getMailboxId()),
                        range.first(),
                        range.last()));
    }

    private List<MessageUid> uids(Mailbox mailbox, MessageRange set, String condition) throws MailboxException {
        UidRange range = UidRange.of(set);
        return connections.run(c -> Sql.query(
                c,
                row -> MessageUid.of(row.getLong(1)),
                "select p.uid from mailbox_message p where " + IN_RANGE + condition,
                number(mailbox.getMailboxId()),
                range.first(),
                range.last()));
    }

    @Override
    public List<MessageUid> retrieveMessagesMarkedForDeletion(Mailbox mailbox, MessageRange set)
            throws MailboxException {
        return uids(mailbox, set, " and (p.flags & 2) <> 0 order by p.uid");
    }

    @Override
    public Flux<MessageUid> retrieveMessagesMarkedForDeletionReactive(Mailbox mailbox, MessageRange set) {
        return connections.laterEach(() -> retrieveMessagesMarkedForDeletion(mailbox, set));
    }

    @Override
    public @Nullable MessageUid findFirstUnseenMessageUid(Mailbox mailbox) throws MailboxException {
        return firstUnseen(mailbox).orElse(null);
    }

    @Override
    public Mono<Optional<MessageUid>> findFirstUnseenMessageUidReactive(Mailbox mailbox) {
        return connections.later(() -> firstUnseen(mailbox));
    }

    private Optional<MessageUid> firstUnseen(Mailbox mailbox) throws MailboxException {
        return uids(mailbox, MessageRange.all(), " and (p.flags & 32) = 0 order by p.uid limit 1").stream()
                .findFirst();
    }

    @Override
    public List<MessageUid> findRecentMessageUidsInMailbox(Mailbox mailbox) throws MailboxException {
        return connections.run(c -> Sql.query(
                c,
                row -> MessageUid.of(row.getLong(1)),
                "select p.uid from mailbox_counter k join mailbox_message p on p.mailbox_id = k.mailbox_id"
                        + " and p.uid >= k.recent_from_uid where k.mailbox_id = ? and (p.flags & 16) = 0 order by p.uid",
                number(mailbox.getMailboxId())));
    }

    @Override
    public Mono<List<MessageUid>> findRecentMessageUidsInMailboxReactive(Mailbox mailbox) {
        return connections.later(() -> findRecentMessageUidsInMailbox(mailbox));
    }

    @Override
    public Flux<MessageUid> listAllMessageUids(Mailbox mailbox) {
        return connections.laterEach(() -> uids(mailbox, MessageRange.all(), " order by p.uid"));
    }

    @Override
    public long countMessagesInMailbox(Mailbox mailbox) throws MailboxException {
        return counters.of(mailbox.getMailboxId()).messages();
    }

    @Override
    public MailboxCounters getMailboxCounters(Mailbox mailbox) throws MailboxException {
        Counter counter = counters.of(mailbox.getMailboxId());
        return MailboxCounters.builder()
                .mailboxId(mailbox.getMailboxId())
                .count(counter.messages())
                .unseen(counter.unseen())
                .build();
    }

    @Override
    public Mono<MailboxCounters> getMailboxCountersReactive(Mailbox mailbox) {
        return connections.later(() -> getMailboxCounters(mailbox));
    }

    @Override
    public Optional<MessageUid> getLastUid(Mailbox mailbox) throws MailboxException {
        return counters.lastUid(mailbox);
    }

    @Override
    public Mono<Optional<MessageUid>> getLastUidReactive(Mailbox mailbox) {
        return connections.later(() -> getLastUid(mailbox));
    }

    @Override
    public ModSeq getHighestModSeq(Mailbox mailbox) throws MailboxException {
        return counters.highestModSeq(mailbox);
    }

    @Override
    public Mono<ModSeq> getHighestModSeqReactive(Mailbox mailbox) {
        return connections.later(() -> getHighestModSeq(mailbox));
    }

    /** The system flags, and every keyword ever used in the mailbox. */
    @Override
    public Flags getApplicableFlag(Mailbox mailbox) throws MailboxException {
        return ApplicableFlagBuilder.builder()
                .add(keywords.of(mailbox.getMailboxId()))
                .build();
    }

    @Override
    public Mono<Flags> getApplicableFlagReactive(Mailbox mailbox) {
        return connections.later(() -> getApplicableFlag(mailbox));
    }

    // Writing

    @Override
    public MessageMetaData add(Mailbox mailbox, MailboxMessage message) throws MailboxException {
        return appending.add(mailbox, message);
    }

    @Override
    public Mono<MessageMetaData> addReactive(Mailbox mailbox, MailboxMessage message) {
        return connections.later(() -> add(mailbox, message));
    }

    @Override
    public Iterator<UpdatedFlags> updateFlags(Mailbox mailbox, FlagsUpdateCalculator change, MessageRange set)
            throws MailboxException {
        return changeFlags(mailbox, change, set).iterator();
    }

    @Override
    public Mono<List<UpdatedFlags>> updateFlagsReactive(
            Mailbox mailbox, FlagsUpdateCalculator change, MessageRange set) {
        return connections.later(() -> changeFlags(mailbox, change, set));
    }

    private List<UpdatedFlags> changeFlags(Mailbox mailbox, FlagsUpdateCalculator change, MessageRange set)
            throws MailboxException {
        long id = number(mailbox.getMailboxId());
        List<Flagging.Change> changes = connections.transaction(c -> flagging.update(c, id, UidRange.of(set), change));
        note(id, changes);
        return changes.stream().map(Flagging.Change::updated).toList();
    }

    private void note(long mailbox, List<Flagging.Change> changes) {
        OwnChanges.of(session)
                .ifPresent(own -> changes.stream()
                        .filter(Flagging.Change::isReal)
                        .forEach(each -> own.changed(mailbox, each.uid(), each.seen(), each.modSeq())));
    }

    @Override
    public Mono<Stored> store(
            Mailbox mailbox, FlagsUpdateCalculator change, List<MessageUid> uids, Condition condition) {
        return connections.later(() -> {
            long id = number(mailbox.getMailboxId());
            Long[] all = uids.stream().map(MessageUid::asLong).toArray(Long[]::new);
            Flagging.Conditional outcome = connections.transaction(c -> flagging.update(c, id, change, all, condition));
            note(id, outcome.changes());
            return new Stored(
                    outcome.changes().stream().map(Flagging.Change::updated).toList(),
                    outcome.modified().stream().map(MessageUid::of).toList());
        });
    }

    @Override
    public List<UpdatedFlags> resetRecent(Mailbox mailbox) throws MailboxException {
        long id = number(mailbox.getMailboxId());
        return connections.transaction(c -> flagging.resetRecent(c, id));
    }

    @Override
    public Mono<List<UpdatedFlags>> resetRecentReactive(Mailbox mailbox) {
        return connections.later(() -> resetRecent(mailbox));
    }

    @Override
    public void delete(Mailbox mailbox, MailboxMessage message) throws MailboxException {
        deleteMessages(mailbox, List.of(message.getUid()));
    }

    @Override
    public Map<MessageUid, MessageMetaData> deleteMessages(Mailbox mailbox, List<MessageUid> uids)
            throws MailboxException {
        long id = number(mailbox.getMailboxId());
        Long[] numbers = uids.stream().map(MessageUid::asLong).toArray(Long[]::new);
        return connections.transaction(c -> expunging.expunge(c, id, numbers));
    }

    @Override
    public Mono<Map<MessageUid, MessageMetaData>> deleteMessagesReactive(Mailbox mailbox, List<MessageUid> uids) {
        return connections.later(() -> deleteMessages(mailbox, uids));
    }

    @Override
    public MessageMetaData copy(Mailbox mailbox, MailboxMessage original) throws MailboxException {
        return only(copy(mailbox, List.of(original)));
    }

    /** Copies messages; those that were expunged in the meantime are passed over. */
    @Override
    public List<MessageMetaData> copy(Mailbox mailbox, List<MailboxMessage> originals) throws MailboxException {
        return connections.transaction(c -> copying.copy(c, mailbox.getMailboxId(), originals));
    }

    @Override
    public Mono<MessageMetaData> copyReactive(Mailbox mailbox, MailboxMessage original) {
        return connections.later(() -> copy(mailbox, original));
    }

    @Override
    public Mono<List<MessageMetaData>> copyReactive(Mailbox mailbox, List<MailboxMessage> originals) {
        return connections.later(() -> copy(mailbox, originals));
    }

    @Override
    public MessageMetaData move(Mailbox mailbox, MailboxMessage original) throws MailboxException {
        return only(move(mailbox, List.of(original)));
    }

    /** Moves messages, all or none; those that are no longer where they were are passed over. */
    @Override
    public List<MessageMetaData> move(Mailbox mailbox, List<MailboxMessage> originals) throws MailboxException {
        return connections.transaction(c -> copying.move(c, mailbox.getMailboxId(), originals));
    }

    @Override
    public Mono<MessageMetaData> moveReactive(Mailbox mailbox, MailboxMessage original) {
        return connections.later(() -> move(mailbox, original));
    }

    @Override
    public Mono<List<MessageMetaData>> moveReactive(Mailbox mailbox, List<MailboxMessage> originals) {
        return connections.later(() -> move(mailbox, originals));
    }

    private static MessageMetaData only(List<MessageMetaData> one) throws MailboxException {
        return one.stream()
                .findFirst()
                .orElseThrow(() -> new MailboxException("The message was expunged in the meantime"));
    }
}
