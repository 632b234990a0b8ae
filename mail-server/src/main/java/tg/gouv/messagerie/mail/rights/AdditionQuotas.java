package tg.gouv.messagerie.mail.rights;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import org.apache.james.core.quota.QuotaCountLimit;
import org.apache.james.core.quota.QuotaCountUsage;
import org.apache.james.core.quota.QuotaLimitValue;
import org.apache.james.core.quota.QuotaSizeLimit;
import org.apache.james.core.quota.QuotaSizeUsage;
import org.apache.james.core.quota.QuotaUsageValue;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Quota;
import org.apache.james.mailbox.model.QuotaRoot;
import org.apache.james.mailbox.quota.QuotaManager;
import reactor.core.publisher.Mono;

/**
 * What whoever adds messages is held against. Of an account that has much room, what it holds is looked at once a second, not for each
 * message: it can hold too much by what comes within that second less the room it had. Near its limit, each look is
 * a new one.
 */
final class AdditionQuotas implements QuotaManager {
    private static final Duration REMEMBERED = Duration.ofSeconds(1);
    private static final int ACCOUNTS_MAX = 10_000;
    private static final long MESSAGES_OF_ROOM = 10_000;
    private static final long BYTES_OF_ROOM = 512L << 20;

    private final QuotaManager exact;
    private final Cache<QuotaRoot, Quotas> roomy = CacheBuilder.newBuilder()
            .maximumSize(ACCOUNTS_MAX)
            .expireAfterWrite(REMEMBERED)
            .build();

    AdditionQuotas(QuotaManager exact) {
        this.exact = exact;
    }

    @Override
    public Mono<Quotas> getQuotasReactive(QuotaRoot root) {
        Quotas known = roomy.getIfPresent(root);
        return known != null
                ? Mono.just(known)
                : Mono.from(exact.getQuotasReactive(root)).doOnNext(found -> remember(root, found));
    }

    @Override
    public Quotas getQuotas(QuotaRoot root) throws MailboxException {
        Quotas known = roomy.getIfPresent(root);
        if (known != null) {
            return known;
        }
        Quotas found = exact.getQuotas(root);
        remember(root, found);
        return found;
    }

    @Override
    public Quota<QuotaCountLimit, QuotaCountUsage> getMessageQuota(QuotaRoot root) throws MailboxException {
        return getQuotas(root).getMessageQuota();
    }

    @Override
    public Quota<QuotaSizeLimit, QuotaSizeUsage> getStorageQuota(QuotaRoot root) throws MailboxException {
        return getQuotas(root).getStorageQuota();
    }

    private void remember(QuotaRoot root, Quotas found) {
        if (hasRoom(found.getMessageQuota(), MESSAGES_OF_ROOM) && hasRoom(found.getStorageQuota(), BYTES_OF_ROOM)) {
            roomy.put(root, found);
        }
    }

    private static <L extends QuotaLimitValue<L>, U extends QuotaUsageValue<U, L>> boolean hasRoom(
            Quota<L, U> quota, long room) {
        return quota.getLimit().isUnlimited()
                || quota.getLimit().asLong() - quota.getUsed().asLong() >= room;
    }
}
