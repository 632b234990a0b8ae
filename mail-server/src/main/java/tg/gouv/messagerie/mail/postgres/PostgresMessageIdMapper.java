package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;
import static tg.gouv.messagerie.mail.postgres.PostgresMessageId.uuid;
import static tg.gouv.messagerie.mail.postgres.PostgresMessageId.uuids;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.Multimap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.mail.Flags;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.ComposedMessageIdWithMetaData;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.MailboxReactorUtils;
import org.apache.james.mailbox.store.mail.MessageIdMapper;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/** One message in all its mailboxes, as JMAP sees it. */
final class PostgresMessageIdMapper implements MessageIdMapper {
    /** Whole messages at a time; a body in the database has at most 32 KB. */
    private static final int IDS_AT_ONCE = 100;

    private final MailConnections connections;
    private final MessageRows rows;
    private final PostgresMailboxMapper mailboxes;
    private final Appending appending;
    private final Copying copying;
    private final Flagging flagging;
    private final Expunging expunging;

    PostgresMessageIdMapper(
            MailConnections connections,
            MessageRows rows,
            PostgresMailboxMapper mailboxes,
            Appending appending,
            Copying copying,
            Flagging flagging,
            Expunging expunging) {
        this.connections = connections;
        this.rows = rows;
        this.mailboxes = mailboxes;
        this.appending = appending;
        this.copying = copying;
        this.flagging = flagging;
        this.expunging = expunging;
    }

    /** The same, which heeds the {@link StateCondition} of a session. */
    PostgresMessageIdMapper through(MailboxSession session) {
        MailConnections its = connections.through(session);
        return new PostgresMessageIdMapper(its, rows, mailboxes, appending.through(its), copying, flagging, expunging);
    }

    @Override
    public List<MailboxMessage> find(Collection<MessageId> ids, FetchType type) {
        List<MailboxMessage> found = new ArrayList<>();
        for (UUID[] some : parts(ids)) {
            found.addAll(orThrow(() -> read(some, type)));
        }
        return found;
    }

    @Override
    public Flux<MailboxMessage> findReactive(Collection<MessageId> ids, FetchType type) {
        return Flux.fromIterable(parts(ids))
                .concatMap(some -> connections.later(() -> read(some, type)), 1)
                .concatMapIterable(list -> list, 1);
    }

    private List<MailboxMessage> read(UUID[] ids, FetchType type) throws MailboxException {
        return connections.run(c -> Sql.query(
                c,
                row -> rows.read(row, type),
                "select " + MessageRows.columns(type) + " from " + MessageRows.tables(type)
                        + " where p.message_id = any(?) order by p.message_id, p.mailbox_id, p.uid",
                (Object) ids));
    }

    private static List<UUID[]> parts(Collection<MessageId> ids) {
        UUID[] all = uuids(ids);
        return IntStream.iterate(0, from -> from < all.length, from -> from + IDS_AT_ONCE)
                .mapToObj(from -> Arrays.copyOfRange(all, from, Math.min(all.length, from + IDS_AT_ONCE)))
                .toList();
    }

    @Override
    public Flux<ComposedMessageIdWithMetaData> findMetadata(MessageId id) {
        return connections.laterEach(() -> metadata(id));
    }

    private List<ComposedMessageIdWithMetaData> metadata(MessageId id) throws MailboxException {
        return connections.run(c -> Sql.query(
                c,
                MessageRows::composed,
                "select " + MessageRows.PLACE + " from mailbox_message p"
                        + " join mailbox_counter k on k.mailbox_id = p.mailbox_id where p.message_id = ?"
                        + " order by p.mailbox_id, p.uid",
                uuid(id)));
    }

    @Override
    public List<MailboxId> findMailboxes(MessageId id) {
        return orThrow(() -> metadata(id)).stream()
                .map(each -> each.getComposedMessageId().getMailboxId())
                .toList();
    }

    @Override
    public void save(MailboxMessage message) throws MailboxException {
        Mailbox mailbox = MailboxReactorUtils.block(mailboxes.findMailboxById(message.getMailboxId()));
        appending.add(mailbox, message);
    }

    /** Copies a message unless the mailbox has it, and tells it the UID and the MODSEQ it has there. */
    @Override
    public void copyInMailbox(MailboxMessage message, Mailbox mailbox) throws MailboxException {
        MessageMetaData there = connections
                .transaction(c -> copying.copyOnce(c, mailbox.getMailboxId(), message))
                .orElseThrow(() -> new MailboxException("The message was expunged in the meantime"));
        message.setUid(there.getUid());
        message.setModSeq(there.getModSeq());
    }

    /**
     * The same, done when this returns and not when somebody subscribes: James reads the message's UID for its event right
     * after this call (StoreMessageIdManager, {@code save}), on a thread that may block.
     */
    @Override
    public Mono<Void> copyInMailboxReactive(MailboxMessage message, Mailbox mailbox) {
        try {
            copyInMailbox(message, mailbox);
            return Mono.empty();
        } catch (MailboxException e) {
            return Mono.error(e);
        }
    }

    @Override
    public void delete(MessageId id) {
        delete(id, findMailboxes(id));
    }

    @Override
    public void delete(MessageId id, Collection<MailboxId> from) {
        orThrow(() -> remove(id, from));
    }

    @Override
    public Mono<Void> deleteReactive(MessageId id, Collection<MailboxId> from) {
        return connections.later(() -> remove(id, from)).then();
    }

    private int remove(MessageId id, Collection<MailboxId> from) throws MailboxException {
        Long[] numbers = ascending(from);
        return connections.transaction(c -> {
            expunging.expunge(c, uuid(id), numbers);
            return numbers.length;
        });
    }

    @Override
    public Mono<Multimap<MailboxId, UpdatedFlags>> setFlags(
            MessageId id, List<MailboxId> in, Flags flags, MessageManager.FlagsUpdateMode mode) {
        FlagsUpdateCalculator change = new FlagsUpdateCalculator(flags, mode);
        Long[] numbers = ascending(in);
        return connections.later(() -> connections.transaction(c -> {
            Counter.lock(c, numbers);
            Multimap<MailboxId, UpdatedFlags> result = ArrayListMultimap.create();
            for (Long number : numbers) {
                flagging.update(c, number, change, "p.message_id = ?", uuid(id))
                        .forEach(each -> result.put(new PostgresMailboxId(number), each.updated()));
            }
            return result;
        }));
    }

    private static Long[] ascending(Collection<MailboxId> mailboxes) {
        return mailboxes.stream().map(each -> number(each)).distinct().sorted().toArray(Long[]::new);
    }

    @FunctionalInterface
    private interface Call<T> {
        T get() throws MailboxException;
    }

    /** For the methods of James's interface that declare no exception. */
    private static <T> T orThrow(Call<T> call) {
        try {
            return call.get();
        } catch (MailboxException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
