package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.QuotaRows.BYTES;
import static tg.gouv.messagerie.mail.postgres.QuotaRows.MESSAGES;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.core.Domain;
import org.apache.james.core.quota.QuotaCountLimit;
import org.apache.james.core.quota.QuotaLimitValue;
import org.apache.james.core.quota.QuotaSizeLimit;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Quota;
import org.apache.james.mailbox.model.QuotaRoot;
import org.apache.james.mailbox.quota.MaxQuotaManager;
import reactor.core.publisher.Mono;

/** How much accounts may hold: said for one account, for a domain or for everybody; else the settings say it for everybody. */
final class PostgresQuotaLimits implements MaxQuotaManager {
    private static final String EVERYBODY = "";

    private final MailConnections connections;
    private final QuotaRows rows;

    PostgresQuotaLimits(MailConnections connections, QuotaRows rows) {
        this.connections = connections;
        this.rows = rows;
    }

    @Override
    public void setMaxStorage(QuotaRoot root, QuotaSizeLimit most) throws MailboxException {
        set(Quota.Scope.User, account(root), BYTES, most);
    }

    @Override
    public Mono<Void> setMaxStorageReactive(QuotaRoot root, QuotaSizeLimit most) {
        return later(() -> setMaxStorage(root, most));
    }

    @Override
    public void setMaxMessage(QuotaRoot root, QuotaCountLimit most) throws MailboxException {
        set(Quota.Scope.User, account(root), MESSAGES, most);
    }

    @Override
    public Mono<Void> setMaxMessageReactive(QuotaRoot root, QuotaCountLimit most) {
        return later(() -> setMaxMessage(root, most));
    }

    @Override
    public void removeMaxMessage(QuotaRoot root) throws MailboxException {
        remove(Quota.Scope.User, account(root), MESSAGES);
    }

    @Override
    public Mono<Void> removeMaxMessageReactive(QuotaRoot root) {
        return later(() -> removeMaxMessage(root));
    }

    @Override
    public void removeMaxStorage(QuotaRoot root) throws MailboxException {
        remove(Quota.Scope.User, account(root), BYTES);
    }

    @Override
    public Mono<Void> removeMaxStorageReactive(QuotaRoot root) {
        return later(() -> removeMaxStorage(root));
    }

    @Override
    public void setGlobalMaxStorage(QuotaSizeLimit most) throws MailboxException {
        set(Quota.Scope.Global, EVERYBODY, BYTES, most);
    }

    @Override
    public Mono<Void> setGlobalMaxStorageReactive(QuotaSizeLimit most) {
        return later(() -> setGlobalMaxStorage(most));
    }

    @Override
    public void removeGlobalMaxStorage() throws MailboxException {
        remove(Quota.Scope.Global, EVERYBODY, BYTES);
    }

    @Override
    public Mono<Void> removeGlobalMaxStorageReactive() {
        return later(this::removeGlobalMaxStorage);
    }

    @Override
    public void setGlobalMaxMessage(QuotaCountLimit most) throws MailboxException {
        set(Quota.Scope.Global, EVERYBODY, MESSAGES, most);
    }

    @Override
    public Mono<Void> setGlobalMaxMessageReactive(QuotaCountLimit most) {
        return later(() -> setGlobalMaxMessage(most));
    }

    @Override
    public void removeGlobalMaxMessage() throws MailboxException {
        remove(Quota.Scope.Global, EVERYBODY, MESSAGES);
    }

    @Override
    public Mono<Void> removeGlobalMaxMessageReactive() {
        return later(this::removeGlobalMaxMessage);
    }

    @Override
    public Optional<QuotaSizeLimit> getGlobalMaxStorage() throws MailboxException {
        return Optional.ofNullable(rows.limits(Optional.empty()).bytes().get(Quota.Scope.Global));
    }

    @Override
    public Mono<QuotaSizeLimit> getGlobalMaxStorageReactive() {
        return connections.later(this::getGlobalMaxStorage).flatMap(Mono::justOrEmpty);
    }

    @Override
    public Optional<QuotaCountLimit> getGlobalMaxMessage() throws MailboxException {
        return Optional.ofNullable(rows.limits(Optional.empty()).messages().get(Quota.Scope.Global));
    }

    @Override
    public Mono<QuotaCountLimit> getGlobalMaxMessageReactive() {
        return connections.later(this::getGlobalMaxMessage).flatMap(Mono::justOrEmpty);
    }

    @Override
    public Map<Quota.Scope, QuotaCountLimit> listMaxMessagesDetails(QuotaRoot root) {
        return quotaDetails(root).getMaxMessageDetails();
    }

    @Override
    public Map<Quota.Scope, QuotaSizeLimit> listMaxStorageDetails(QuotaRoot root) {
        return quotaDetails(root).getMaxStorageDetails();
    }

    @Override
    public QuotaDetails quotaDetails(QuotaRoot root) {
        QuotaRows.Limits limits = orThrow(() -> rows.limits(root));
        return new QuotaDetails(limits.messages(), limits.bytes());
    }

    @Override
    public Mono<QuotaDetails> quotaDetailsReactive(QuotaRoot root) {
        return connections.later(() -> quotaDetails(root));
    }

    @Override
    public Optional<QuotaCountLimit> getDomainMaxMessage(Domain domain) {
        return orThrow(() ->
                Optional.ofNullable(rows.limits(Optional.of(domain)).messages().get(Quota.Scope.Domain)));
    }

    @Override
    public Mono<QuotaCountLimit> getDomainMaxMessageReactive(Domain domain) {
        return connections.later(() -> getDomainMaxMessage(domain)).flatMap(Mono::justOrEmpty);
    }

    @Override
    public void setDomainMaxMessage(Domain domain, QuotaCountLimit most) throws MailboxException {
        set(Quota.Scope.Domain, domain.asString(), MESSAGES, most);
    }

    @Override
    public Mono<Void> setDomainMaxMessageReactive(Domain domain, QuotaCountLimit most) {
        return later(() -> setDomainMaxMessage(domain, most));
    }

    @Override
    public void removeDomainMaxMessage(Domain domain) throws MailboxException {
        remove(Quota.Scope.Domain, domain.asString(), MESSAGES);
    }

    @Override
    public Mono<Void> removeDomainMaxMessageReactive(Domain domain) {
        return later(() -> removeDomainMaxMessage(domain));
    }

    @Override
    public Optional<QuotaSizeLimit> getDomainMaxStorage(Domain domain) {
        return orThrow(() ->
                Optional.ofNullable(rows.limits(Optional.of(domain)).bytes().get(Quota.Scope.Domain)));
    }

    @Override
    public Mono<QuotaSizeLimit> getDomainMaxStorageReactive(Domain domain) {
        return connections.later(() -> getDomainMaxStorage(domain)).flatMap(Mono::justOrEmpty);
    }

    @Override
    public void setDomainMaxStorage(Domain domain, QuotaSizeLimit most) throws MailboxException {
        set(Quota.Scope.Domain, domain.asString(), BYTES, most);
    }

    @Override
    public Mono<Void> setDomainMaxStorageReactive(Domain domain, QuotaSizeLimit most) {
        return later(() -> setDomainMaxStorage(domain, most));
    }

    @Override
    public void removeDomainMaxStorage(Domain domain) throws MailboxException {
        remove(Quota.Scope.Domain, domain.asString(), BYTES);
    }

    @Override
    public Mono<Void> removeDomainMaxStorageReactive(Domain domain) {
        return later(() -> removeDomainMaxStorage(domain));
    }

    private String account(QuotaRoot root) throws MailboxException {
        return rows.owner(root)
                .map(UUID::toString)
                .orElseThrow(() -> new MailboxException("No account has the quota root " + root.getValue()));
    }

    private void set(Quota.Scope scope, String subject, String kind, QuotaLimitValue<?> most) throws MailboxException {
        connections.run(c -> {
            rows.set(c, scope, subject, kind, most.isLimited() ? Optional.of(most.asLong()) : Optional.empty());
            return kind;
        });
    }

    private void remove(Quota.Scope scope, String subject, String kind) throws MailboxException {
        connections.run(c -> {
            rows.remove(c, scope, subject, kind);
            return kind;
        });
    }

    @FunctionalInterface
    private interface Act {
        void run() throws MailboxException;
    }

    private Mono<Void> later(Act act) {
        return connections
                .later(() -> {
                    act.run();
                    return true;
                })
                .then();
    }

    @FunctionalInterface
    private interface Call<T> {
        T get() throws MailboxException;
    }

    /** James's interface declares no exception there. */
    private static <T> T orThrow(Call<T> call) {
        try {
            return call.get();
        } catch (MailboxException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
