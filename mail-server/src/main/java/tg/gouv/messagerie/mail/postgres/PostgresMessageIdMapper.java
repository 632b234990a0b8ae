package tg.gouv.messagerie.mail.postgres;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.Multimap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.mail.Flags;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.ComposedMessageIdWithMetaData;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.MailboxReactorUtils;
import org.apache.james.mailbox.store.mail.MailboxMapper;
import org.apache.james.mailbox.store.mail.MessageIdMapper;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/** One message in all its mailboxes, as JMAP sees it. */
final class PostgresMessageIdMapper implements MessageIdMapper {
    private static final String OF_MESSAGES = "where p.message_id = any(?) ";

    private final MailConnections connections;
    private final MessageRows rows;
    private final MessageChanges changes;
    private final MailboxMapper mailboxes;

    PostgresMessageIdMapper(
            MailConnections connections, MessageRows rows, MessageChanges changes, MailboxMapper mailboxes) {
        this.connections = connections;
        this.rows = rows;
        this.changes = changes;
        this.mailboxes = mailboxes;
    }

    @Override
    public List<MailboxMessage> find(Collection<MessageId> ids, FetchType type) {
        return Objects.requireNonNull(findReactive(ids, type).collectList().block());
    }

    @Override
    public Flux<MailboxMessage> findReactive(Collection<MessageId> ids, FetchType type) {
        return connections.flux(
                c -> Sql.query(c, row -> rows.message(row, type), MessageRows.select(type, OF_MESSAGES), (Object)
                        ids.stream().map(PostgresMessageId::uuid).toArray(UUID[]::new)));
    }

    @Override
    public Flux<ComposedMessageIdWithMetaData> findMetadata(MessageId id) {
        return connections.flux(c -> Sql.query(
                c, MessageRows::composed, "select " + MessageRows.PLACE + MessageRows.PLACES + OF_MESSAGES, (Object)
                        new UUID[] {PostgresMessageId.uuid(id)}));
    }

    @Override
    public List<MailboxId> findMailboxes(MessageId id) {
        return Objects.requireNonNull(findMetadata(id)
                .map(found -> found.getComposedMessageId().getMailboxId())
                .collectList()
                .block());
    }

    /** A message that is in another mailbox already is not written again. */
    @Override
    public void save(MailboxMessage message) throws MailboxException {
        // Mono.block() would wrap the MailboxNotFoundException that James's contract asks for.
        MailboxReactorUtils.block(mailboxes.findMailboxById(message.getMailboxId()));
        boolean known = connections.run(c -> Sql.first(
                        c, row -> 1, "select from message where id = ?", PostgresMessageId.uuid(message.getMessageId()))
                .isPresent());
        if (known) {
            changes.place(message.getMailboxId(), message);
        } else {
            changes.add(message.getMailboxId(), message);
        }
    }

    @Override
    public void copyInMailbox(MailboxMessage message, Mailbox mailbox) throws MailboxException {
        if (!findMailboxes(message.getMessageId()).contains(mailbox.getMailboxId())) {
            changes.copy(mailbox.getMailboxId(), List.of(message));
        }
    }

    @Override
    public void delete(MessageId id) {
        delete(id, findMailboxes(id));
    }

    @Override
    public void delete(MessageId id, Collection<MailboxId> from) {
        findMetadata(id)
                .map(ComposedMessageIdWithMetaData::getComposedMessageId)
                .filter(place -> from.contains(place.getMailboxId()))
                .concatMap(
                        place -> connections.later(() -> changes.delete(place.getMailboxId(), List.of(place.getUid()))))
                .blockLast();
    }

    @Override
    public Mono<Multimap<MailboxId, UpdatedFlags>> setFlags(
            MessageId id, List<MailboxId> in, Flags flags, MessageManager.FlagsUpdateMode mode) {
        FlagsUpdateCalculator calculator = new FlagsUpdateCalculator(flags, mode);
        Multimap<MailboxId, UpdatedFlags> result = ArrayListMultimap.create();
        return findMetadata(id)
                .map(ComposedMessageIdWithMetaData::getComposedMessageId)
                .filter(place -> in.contains(place.getMailboxId()))
                .concatMap(place -> connections
                        .later(() -> changes.updateFlags(
                                place.getMailboxId(), calculator, place.getUid().toRange()))
                        .flatMapIterable(updated -> updated)
                        .map(updated -> Map.entry(place.getMailboxId(), updated)))
                .reduce(result, (all, entry) -> {
                    all.put(entry.getKey(), entry.getValue());
                    return all;
                });
    }
}
