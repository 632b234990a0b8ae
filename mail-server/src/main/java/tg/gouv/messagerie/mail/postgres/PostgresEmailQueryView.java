package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.jmap.api.projections.EmailQueryView;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.util.streams.Limit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * A mailbox's messages by date, newest first, read out of the mailbox itself: nothing is saved beside it and nothing can be behind.
 * A message without a readable date was sent when it was received. What is marked deleted is not shown, as in a search.
 */
final class PostgresEmailQueryView implements EmailQueryView {
    private static final String SENT = "coalesce(m.sent_date, p.internal_date)";
    private static final String RECEIVED = "p.internal_date";

    private final MailConnections connections;

    PostgresEmailQueryView(MailConnections connections) {
        this.connections = connections;
    }

    @Override
    public Flux<MessageId> listMailboxContentSortedBySentAt(MailboxId mailbox, Limit limit) {
        return list(mailbox, "", SENT, limit);
    }

    @Override
    public Flux<MessageId> listMailboxContentSortedByReceivedAt(MailboxId mailbox, Limit limit) {
        return list(mailbox, "", RECEIVED, limit);
    }

    @Override
    public Flux<MessageId> listMailboxContentSinceAfterSortedBySentAt(
            MailboxId mailbox, ZonedDateTime since, Limit limit) {
        return list(mailbox, " and " + RECEIVED + " >= ?", SENT, limit, since);
    }

    @Override
    public Flux<MessageId> listMailboxContentSinceAfterSortedByReceivedAt(
            MailboxId mailbox, ZonedDateTime since, Limit limit) {
        return list(mailbox, " and " + RECEIVED + " >= ?", RECEIVED, limit, since);
    }

    @Override
    public Flux<MessageId> listMailboxContentBeforeSortedByReceivedAt(
            MailboxId mailbox, ZonedDateTime before, Limit limit) {
        return list(mailbox, " and " + RECEIVED + " <= ?", RECEIVED, limit, before);
    }

    @Override
    public Flux<MessageId> listMailboxContentSinceSentAt(MailboxId mailbox, ZonedDateTime since, Limit limit) {
        return list(mailbox, " and " + SENT + " >= ?", SENT, limit, since);
    }

    private Flux<MessageId> list(
            MailboxId mailbox, String condition, String order, Limit limit, ZonedDateTime... dates) {
        int most = limit.getLimit().orElseThrow(() -> new IllegalArgumentException("Limit should be defined"));
        List<Object> parameters = new ArrayList<>(List.of(number(mailbox)));
        for (ZonedDateTime date : dates) {
            parameters.add(date.toInstant().atOffset(ZoneOffset.UTC));
        }
        parameters.add(most);
        return connections
                .laterEach(() -> connections.run(c -> Sql.query(
                        c,
                        MessageRows::messageId,
                        "select p.message_id from mailbox_message p join message m on m.id = p.message_id"
                                + " where p.mailbox_id = ? and (p.flags & 2) = 0" + condition + " order by " + order
                                + " desc, p.uid limit ?",
                        parameters.toArray())))
                .distinct() // a mailbox may have a message twice
                .cast(MessageId.class);
    }

    /** Nothing to do: the mailbox has it. */
    @Override
    public Mono<Void> save(MailboxId mailbox, ZonedDateTime sent, ZonedDateTime received, MessageId message) {
        return Mono.empty();
    }

    /** Nothing to do: the mailbox has it no more. */
    @Override
    public Mono<Void> delete(MailboxId mailbox, MessageId message) {
        return Mono.empty();
    }

    /** Nothing to do: the mailbox is gone. */
    @Override
    public Mono<Void> delete(MailboxId mailbox) {
        return Mono.empty();
    }
}
