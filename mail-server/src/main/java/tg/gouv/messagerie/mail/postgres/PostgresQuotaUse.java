package tg.gouv.messagerie.mail.postgres;

import org.apache.james.core.quota.QuotaCountUsage;
import org.apache.james.core.quota.QuotaSizeUsage;
import org.apache.james.mailbox.model.CurrentQuotas;
import org.apache.james.mailbox.model.QuotaOperation;
import org.apache.james.mailbox.model.QuotaRoot;
import org.apache.james.mailbox.quota.CurrentQuotaManager;
import reactor.core.publisher.Mono;

/**
 * What an account holds, derived from its mailboxes ({@link QuotaRows}). What James would count by himself changes nothing: the messages
 * did.
 */
final class PostgresQuotaUse implements CurrentQuotaManager {
    private final MailConnections connections;
    private final QuotaRows rows;

    PostgresQuotaUse(MailConnections connections, QuotaRows rows) {
        this.connections = connections;
        this.rows = rows;
    }

    @Override
    public Mono<CurrentQuotas> getCurrentQuotas(QuotaRoot root) {
        return connections
                .later(() -> rows.use(root))
                .map(use -> new CurrentQuotas(QuotaCountUsage.count(use.messages()), QuotaSizeUsage.size(use.bytes())));
    }

    @Override
    public Mono<QuotaCountUsage> getCurrentMessageCount(QuotaRoot root) {
        return getCurrentQuotas(root).map(CurrentQuotas::count);
    }

    @Override
    public Mono<QuotaSizeUsage> getCurrentStorage(QuotaRoot root) {
        return getCurrentQuotas(root).map(CurrentQuotas::size);
    }

    @Override
    public Mono<Void> increase(QuotaOperation operation) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> decrease(QuotaOperation operation) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> setCurrentQuotas(QuotaOperation operation) {
        return Mono.empty();
    }
}
