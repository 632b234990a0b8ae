package tg.gouv.messagerie.mail.delivery;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.Locale;
import javax.inject.Inject;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.quota.UserQuotaRootResolver;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.user.api.UsersRepositoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.postgres.MailUnavailable;

/*
 * Whether an account is full is known at delivery, after the 250; the sender is then told by a notification, which goes to whoever is
 * written in the envelope. So that this happens once, and not for every message of a night's spam, a full account is remembered, and
 * asked about while the client waits. The others cost nothing.
 */
/** Accounts that a message did not fit into lately. May be called from any thread that may block. */
public final class FullMailboxes {
    /** An entry weighs some 200 bytes; whoever is forgotten is noted at the next delivery. */
    private static final int REMEMBERED_MAX = 10_000;

    private static final Duration REMEMBERED = Duration.ofHours(1);

    /** When a client does not say how large its message is (RFC 1870): few are smaller. */
    private static final int SMALL_MESSAGE = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(FullMailboxes.class);

    private final UsersRepository users;
    private final UserQuotaRootResolver roots;
    private final QuotaManager quotas;
    private final Cache<String, Boolean> noted = CacheBuilder.newBuilder()
            .maximumSize(REMEMBERED_MAX)
            .expireAfterWrite(REMEMBERED)
            .build();

    /** Accounts with these quotas. */
    @Inject
    public FullMailboxes(UsersRepository users, UserQuotaRootResolver roots, QuotaManager quotas) {
        this.users = users;
        this.roots = roots;
        this.quotas = quotas;
    }

    /** Notes that a message did not fit. */
    void note(MailAddress recipient) {
        noted.put(key(recipient), true);
    }

    /**
     * Whether a message would not fit now; false for an account into which every message fitted lately, and when it cannot be said.
     *
     * @param size in octets, or 0 if it is not known
     */
    public boolean isFull(MailAddress recipient, long size) {
        if (noted.getIfPresent(key(recipient)) == null) {
            return false;
        }
        try {
            Username account = users.getUsername(recipient);
            QuotaManager.Quotas now = quotas.getQuotas(roots.forUser(account));
            return now.getMessageQuota().isOverQuotaWithAdditionalValue(1)
                    || now.getStorageQuota().isOverQuotaWithAdditionalValue(size > 0 ? size : SMALL_MESSAGE);
        } catch (MailUnavailable | MailboxException | UsersRepositoryException e) {
            LOG.warn("event=quota_unknown recipient={}", recipient.asString(), e);
            return false;
        }
    }

    private static String key(MailAddress recipient) {
        return tg.gouv.messagerie.directory.MailAddress.parse(recipient.asString())
                .map(address -> address.withoutDetail().toString())
                .orElseGet(() -> recipient.asString().toLowerCase(Locale.ROOT));
    }
}
