package tg.gouv.messagerie.mail.postgres;

import org.apache.james.core.quota.QuotaCountLimit;
import org.apache.james.core.quota.QuotaCountUsage;
import org.apache.james.core.quota.QuotaSizeLimit;
import org.apache.james.core.quota.QuotaSizeUsage;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Quota;
import org.apache.james.mailbox.model.QuotaRoot;
import org.apache.james.mailbox.quota.QuotaManager;
import reactor.core.publisher.Mono;

/** What an account holds beside what it may hold, in one statement. */
final class PostgresQuotas implements QuotaManager {
    private final MailConnections connections;
    private final QuotaRows rows;

    PostgresQuotas(MailConnections connections, QuotaRows rows) {
        this.connections = connections;
        this.rows = rows;
    }

    @Override
    public Quotas getQuotas(QuotaRoot root) throws MailboxException {
        QuotaRows.Both both = rows.both(root);
        return new Quotas(
                Quota.<QuotaCountLimit, QuotaCountUsage>builder()
                        .used(QuotaCountUsage.count(both.use().messages()))
                        .computedLimit(both.limits().ofMessages())
                        .limitsByScope(both.limits().messages())
                        .build(),
                Quota.<QuotaSizeLimit, QuotaSizeUsage>builder()
                        .used(QuotaSizeUsage.size(both.use().bytes()))
                        .computedLimit(both.limits().ofBytes())
                        .limitsByScope(both.limits().bytes())
                        .build());
    }

    @Override
    public Mono<Quotas> getQuotasReactive(QuotaRoot root) {
        return connections.later(() -> getQuotas(root));
    }

    @Override
    public Quota<QuotaCountLimit, QuotaCountUsage> getMessageQuota(QuotaRoot root) throws MailboxException {
        return getQuotas(root).getMessageQuota();
    }

    @Override
    public Quota<QuotaSizeLimit, QuotaSizeUsage> getStorageQuota(QuotaRoot root) throws MailboxException {
        return getQuotas(root).getStorageQuota();
    }
}
