package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.MessageFlags.unseen;
import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.mail.Flags;
import org.apache.james.mailbox.ApplicableFlagBuilder;
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
import tg.gouv.messagerie.platform.database.Sql;

/** The messages of a mailbox, as James reads and changes them; what changes rows is {@link MessageChanges}. */
final class PostgresMessageMapper implements MessageMapper {
    private static final String IN_RANGE = "where p.mailbox_id = ? and p.uid between ? and ? ";

    private final MailConnections connections;
    private final MessageRows rows;
    private final Counters counters;
    private final MessageChanges changes;

    PostgresMessageMapper(MailConnections connections, MessageRows rows, Counters counters, MessageChanges changes) {
        this.connections = connections;
        this.rows = rows;
        this.counters = counters;
        this.changes = changes;
    }

    // Reading.

    @Override
    public Iterator<MailboxMessage> findInMailbox(Mailbox mailbox, MessageRange set, FetchType type, int limit) {
        return findInMailboxReactive(mailbox, set, type, limit).toIterable(1).iterator();
    }

    /** Reads page after page as the subscriber asks: never a whole mailbox in memory. Large bodies are not in a page. */
    @Override
    public Flux<MailboxMessage> findInMailboxReactive(Mailbox mailbox, MessageRange set, FetchType type, int limit) {
        int most = limit > 0 ? limit : Integer.MAX_VALUE;
        int size = Math.min(
                most,
                switch (type) {
                    case METADATA -> 1_000;
                    case FULL -> 20;
                    default -> 200;
                });
        return connections
                .later(() -> page(mailbox, Uids.first(set), Uids.last(set), type, size))
                .expand(previous -> previous.size() < size
                        ? Mono.empty()
                        : connections.later(() ->
                                page(mailbox, previous.getLast().getUid().asLong() + 1, Uids.last(set), type, size)))
                .concatMapIterable(page -> page, 1)
                .take(most);
    }

    private List<MailboxMessage> page(Mailbox mailbox, long first, long last, FetchType type, int size)
            throws MailboxException {
        return connections.run(c -> Sql.query(
                c,
                row -> rows.message(row, type),
                MessageRows.select(type, IN_RANGE + "order by p.uid limit ?"),
                number(mailbox.getMailboxId()),
                first,
                last,
                size));
    }

    @Override
    public Flux<ComposedMessageIdWithMetaData> listMessagesMetadata(Mailbox mailbox, MessageRange set) {
        return connections.flux(c -> Sql.query(
                c,
                MessageRows::composed,
                "select " + MessageRows.PLACE + MessageRows.PLACES + IN_RANGE + "order by p.uid",
                number(mailbox.getMailboxId()),
                Uids.first(set),
                Uids.last(set)));
    }

    private List<MessageUid> uids(Mailbox mailbox, MessageRange set, String condition) throws MailboxException {
        return connections.run(c -> Sql.query(
                c,
                row -> MessageUid.of(row.getLong(1)),
                "select uid from mailbox_message p " + IN_RANGE + condition,
                number(mailbox.getMailboxId()),
                Uids.first(set),
                Uids.last(set)));
    }

    @Override
    public List<MessageUid> retrieveMessagesMarkedForDeletion(Mailbox mailbox, MessageRange set)
            throws MailboxException {
        return uids(mailbox, set, "and flags & 2 <> 0 order by uid");
    }

    @Override
    public Flux<MessageUid> retrieveMessagesMarkedForDeletionReactive(Mailbox mailbox, MessageRange set) {
        return connections
                .later(() -> retrieveMessagesMarkedForDeletion(mailbox, set))
                .flatMapIterable(uids -> uids);
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
        return uids(mailbox, MessageRange.all(), "and flags & 32 = 0 order by uid limit 1").stream()
                .findFirst();
    }

    @Override
    public List<MessageUid> findRecentMessageUidsInMailbox(Mailbox mailbox) throws MailboxException {
        return connections.run(c -> Sql.query(
                c,
                row -> MessageUid.of(row.getLong(1)),
                "select p.uid" + MessageRows.PLACES
                        + "where p.mailbox_id = ? and p.uid >= k.recent_from_uid and p.flags & 16 <> 0 order by p.uid",
                number(mailbox.getMailboxId())));
    }

    @Override
    public Mono<List<MessageUid>> findRecentMessageUidsInMailboxReactive(Mailbox mailbox) {
        return connections.later(() -> findRecentMessageUidsInMailbox(mailbox));
    }

    @Override
    public Flux<MessageUid> listAllMessageUids(Mailbox mailbox) {
        return connections
                .later(() -> uids(mailbox, MessageRange.all(), "order by uid"))
                .flatMapIterable(uids -> uids);
    }

    @Override
    public long countMessagesInMailbox(Mailbox mailbox) throws MailboxException {
        return counters.read(mailbox.getMailboxId()).messages();
    }

    @Override
    public MailboxCounters getMailboxCounters(Mailbox mailbox) throws MailboxException {
        Counters.Counter counter = counters.read(mailbox.getMailboxId());
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

    /** Every keyword ever used in the mailbox: the set only grows, which James calls incremental. */
    @Override
    public Flags getApplicableFlag(Mailbox mailbox) throws MailboxException {
        String[] keywords = connections
                .run(c -> Sql.first(
                        c,
                        row -> (String[]) row.getArray(1).getArray(),
                        "select keywords from mailbox where id = ?",
                        number(mailbox.getMailboxId())))
                .orElse(new String[0]);
        return ApplicableFlagBuilder.builder().add(keywords).build();
    }

    @Override
    public Mono<Flags> getApplicableFlagReactive(Mailbox mailbox) {
        return connections.later(() -> getApplicableFlag(mailbox));
    }

    // Changing.

    @Override
    public MessageMetaData add(Mailbox mailbox, MailboxMessage message) throws MailboxException {
        return changes.add(mailbox.getMailboxId(), message);
    }

    @Override
    public Mono<MessageMetaData> addReactive(Mailbox mailbox, MailboxMessage message) {
        return connections.later(() -> add(mailbox, message));
    }

    @Override
    public Iterator<UpdatedFlags> updateFlags(Mailbox mailbox, FlagsUpdateCalculator calculator, MessageRange set)
            throws MailboxException {
        return changes.updateFlags(mailbox.getMailboxId(), calculator, set).iterator();
    }

    @Override
    public Mono<List<UpdatedFlags>> updateFlagsReactive(
            Mailbox mailbox, FlagsUpdateCalculator calculator, MessageRange set) {
        return connections.later(() -> changes.updateFlags(mailbox.getMailboxId(), calculator, set));
    }

    @Override
    public List<UpdatedFlags> resetRecent(Mailbox mailbox) throws MailboxException {
        return changes.resetRecent(mailbox.getMailboxId());
    }

    @Override
    public Mono<List<UpdatedFlags>> resetRecentReactive(Mailbox mailbox) {
        return connections.later(() -> resetRecent(mailbox));
    }

    @Override
    public void delete(Mailbox mailbox, MailboxMessage message) throws MailboxException {
        changes.delete(mailbox.getMailboxId(), List.of(message.getUid()));
    }

    @Override
    public Map<MessageUid, MessageMetaData> deleteMessages(Mailbox mailbox, List<MessageUid> uids)
            throws MailboxException {
        return changes.delete(mailbox.getMailboxId(), uids);
    }

    @Override
    public Mono<Map<MessageUid, MessageMetaData>> deleteMessagesReactive(Mailbox mailbox, List<MessageUid> uids) {
        return connections.later(() -> deleteMessages(mailbox, uids));
    }

    @Override
    public MessageMetaData copy(Mailbox mailbox, MailboxMessage original) throws MailboxException {
        return copy(mailbox, List.of(original)).getFirst();
    }

    @Override
    public List<MessageMetaData> copy(Mailbox mailbox, List<MailboxMessage> originals) throws MailboxException {
        return changes.copy(mailbox.getMailboxId(), originals);
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
        return move(mailbox, List.of(original)).getFirst();
    }

    @Override
    public List<MessageMetaData> move(Mailbox mailbox, List<MailboxMessage> originals) throws MailboxException {
        return changes.move(mailbox.getMailboxId(), originals);
    }

    @Override
    public Mono<MessageMetaData> moveReactive(Mailbox mailbox, MailboxMessage original) {
        return connections.later(() -> move(mailbox, original));
    }

    @Override
    public Mono<List<MessageMetaData>> moveReactive(Mailbox mailbox, List<MailboxMessage> originals) {
        return connections.later(() -> move(mailbox, originals));
    }

    /** A range of UIDs as two numbers, both included. */
    static final class Uids {
        private Uids() {}

        static long first(MessageRange set) {
            return set.getType() == MessageRange.Type.ALL ? 0 : set.getUidFrom().asLong();
        }

        static long last(MessageRange set) {
            return switch (set.getType()) {
                case ALL, FROM -> Long.MAX_VALUE;
                case ONE -> set.getUidFrom().asLong();
                case RANGE -> set.getUidTo().asLong();
            };
        }
    }

    /** How many of these are unseen. */
    static int unseenOf(Collection<Flags> all) {
        return all.stream().mapToInt(flags -> unseen(flags)).sum();
    }
}
