package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import javax.mail.Flags;
import org.apache.james.jmap.api.projections.EmailQueryView;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.model.ByteContent;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.impl.PropertyBuilder;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import org.apache.james.util.streams.Limit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** For the contract, which saves dates: what it saves is a message with these dates, and what it deletes is expunged. */
final class EmailQueriesOfMessages implements EmailQueryView {
    private final ContractStore store;
    private final Mailbox mailbox;
    private final EmailQueryView real;

    EmailQueriesOfMessages(ContractStore store) {
        this.store = store;
        this.mailbox = store.create("INBOX");
        this.real = store.mappers.emailQueries();
    }

    MailboxId mailbox() {
        return mailbox.getMailboxId();
    }

    @Override
    public Mono<Void> save(MailboxId id, ZonedDateTime sent, ZonedDateTime received, MessageId message) {
        return done(() -> {
            for (MessageUid old : uids(message)) {
                store.createMessageMapper().deleteMessages(mailbox, List.of(old));
            }
            byte[] header = ("Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(sent) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            return store.createMessageMapper()
                    .add(
                            mailbox,
                            SimpleMailboxMessage.builder()
                                    .messageId(message)
                                    .threadId(ThreadId.fromBaseMessageId(message))
                                    .mailboxId(id)
                                    .internalDate(Date.from(received.toInstant()))
                                    .bodyStartOctet(header.length)
                                    .size(header.length)
                                    .content(new ByteContent(header))
                                    .flags(new Flags())
                                    .properties(new PropertyBuilder())
                                    .build());
        });
    }

    @Override
    public Mono<Void> delete(MailboxId id, MessageId message) {
        return done(() -> store.createMessageMapper().deleteMessages(mailbox, uids(message)));
    }

    @Override
    public Mono<Void> delete(MailboxId id) {
        return store.createMailboxMapper().delete(mailbox);
    }

    private List<MessageUid> uids(MessageId message) {
        return store.createMessageIdMapper().find(List.of(message), FetchType.METADATA).stream()
                .map(each -> each.getUid())
                .toList();
    }

    private static Mono<Void> done(Callable<?> call) {
        return Mono.fromCallable(call).then();
    }

    @Override
    public Flux<MessageId> listMailboxContentSortedBySentAt(MailboxId id, Limit limit) {
        return real.listMailboxContentSortedBySentAt(id, limit);
    }

    @Override
    public Flux<MessageId> listMailboxContentSortedByReceivedAt(MailboxId id, Limit limit) {
        return real.listMailboxContentSortedByReceivedAt(id, limit);
    }

    @Override
    public Flux<MessageId> listMailboxContentSinceAfterSortedBySentAt(MailboxId id, ZonedDateTime since, Limit limit) {
        return real.listMailboxContentSinceAfterSortedBySentAt(id, since, limit);
    }

    @Override
    public Flux<MessageId> listMailboxContentSinceAfterSortedByReceivedAt(
            MailboxId id, ZonedDateTime since, Limit limit) {
        return real.listMailboxContentSinceAfterSortedByReceivedAt(id, since, limit);
    }

    @Override
    public Flux<MessageId> listMailboxContentBeforeSortedByReceivedAt(MailboxId id, ZonedDateTime before, Limit limit) {
        return real.listMailboxContentBeforeSortedByReceivedAt(id, before, limit);
    }

    @Override
    public Flux<MessageId> listMailboxContentSinceSentAt(MailboxId id, ZonedDateTime since, Limit limit) {
        return real.listMailboxContentSinceSentAt(id, since, limit);
    }
}
