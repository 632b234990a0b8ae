package tg.gouv.messagerie.mail.postgres;

import java.util.Date;
import java.util.List;
import java.util.Objects;
import javax.mail.Flags;
import org.apache.james.core.quota.QuotaCountUsage;
import org.apache.james.core.quota.QuotaSizeUsage;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.ByteContent;
import org.apache.james.mailbox.model.CurrentQuotas;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.QuotaOperation;
import org.apache.james.mailbox.model.QuotaRoot;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.quota.CurrentQuotaManager;
import org.apache.james.mailbox.store.mail.model.impl.PropertyBuilder;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import reactor.core.publisher.Mono;

/** What the account of the contract holds: where the contract counts, messages of equal size come into two mailboxes, or go. */
final class QuotaOfMessages implements CurrentQuotaManager {
    private final ContractStore store;
    private final CurrentQuotaManager use;
    private final List<Mailbox> mailboxes;

    QuotaOfMessages(ContractStore store) {
        this.store = store;
        this.use = store.quotaUse();
        this.mailboxes = List.of(store.create("un"), store.create("deux"));
    }

    @Override
    public Mono<QuotaCountUsage> getCurrentMessageCount(QuotaRoot root) {
        return Mono.from(use.getCurrentMessageCount(root));
    }

    @Override
    public Mono<QuotaSizeUsage> getCurrentStorage(QuotaRoot root) {
        return Mono.from(use.getCurrentStorage(root));
    }

    @Override
    public Mono<CurrentQuotas> getCurrentQuotas(QuotaRoot root) {
        return Mono.from(use.getCurrentQuotas(root));
    }

    @Override
    public Mono<Void> increase(QuotaOperation operation) {
        long count = operation.count().asLong();
        return Mono.fromCallable(() -> {
                    for (int i = 0; i < count; i++) {
                        add(mailboxes.get(i % 2), operation.size().asLong() / count);
                    }
                    return count;
                })
                .then();
    }

    private void add(Mailbox mailbox, long size) throws MailboxException {
        MessageId id = store.generateMessageId();
        store.createMessageMapper()
                .add(
                        mailbox,
                        SimpleMailboxMessage.builder()
                                .messageId(id)
                                .threadId(ThreadId.fromBaseMessageId(id))
                                .mailboxId(mailbox.getMailboxId())
                                .internalDate(Date.from(store.clock.instant()))
                                .bodyStartOctet(0)
                                .size(size)
                                .content(new ByteContent(new byte[(int) size]))
                                .flags(new Flags())
                                .properties(new PropertyBuilder())
                                .build());
    }

    @Override
    public Mono<Void> decrease(QuotaOperation operation) {
        return Mono.fromCallable(() -> {
                    long left = operation.count().asLong();
                    for (Mailbox mailbox : mailboxes) {
                        List<MessageUid> uids = Objects.requireNonNull(store.createMessageMapper()
                                .listAllMessageUids(mailbox)
                                .take(left)
                                .collectList()
                                .block());
                        store.createMessageMapper().deleteMessages(mailbox, uids);
                        left -= uids.size();
                    }
                    return left;
                })
                .then();
    }

    /** What there is goes, and what the contract wants comes. */
    @Override
    public Mono<Void> setCurrentQuotas(QuotaOperation operation) {
        return getCurrentQuotas(operation.quotaRoot())
                .flatMap(now -> decrease(new QuotaOperation(operation.quotaRoot(), now.count(), now.size())))
                .then(increase(operation));
    }
}
