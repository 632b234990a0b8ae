package tg.gouv.messagerie.mail.postgres;

import java.util.List;
import java.util.UUID;
import org.apache.james.core.Username;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.SubscriptionException;
import org.apache.james.mailbox.store.user.SubscriptionMapper;
import org.apache.james.mailbox.store.user.model.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** To which mailboxes people subscribe (RFC 9051 section 6.3.7). */
final class PostgresSubscriptionMapper implements SubscriptionMapper {
    private final MailConnections connections;
    private final OwnerNames owners;

    PostgresSubscriptionMapper(MailConnections connections, OwnerNames owners) {
        this.connections = connections;
        this.owners = owners;
    }

    @Override
    public void save(Subscription subscription) throws SubscriptionException {
        UUID owner = owner(subscription.getUser());
        run(c -> Sql.update(
                c,
                "insert into subscription(owner_id, mailbox) values (?, ?) on conflict do nothing",
                owner,
                subscription.getMailbox()));
    }

    @Override
    public Mono<Void> saveReactive(Subscription subscription) {
        return connections
                .later(() -> {
                    save(subscription);
                    return true;
                })
                .then();
    }

    @Override
    public List<Subscription> findSubscriptionsForUser(Username user) throws SubscriptionException {
        UUID owner = owner(user);
        return run(c -> Sql.query(
                c,
                row -> new Subscription(user, row.getString(1)),
                "select mailbox from subscription where owner_id = ? order by mailbox",
                owner));
    }

    @Override
    public Flux<Subscription> findSubscriptionsForUserReactive(Username user) {
        return connections.later(() -> findSubscriptionsForUser(user)).flatMapIterable(found -> found);
    }

    @Override
    public void delete(Subscription subscription) throws SubscriptionException {
        UUID owner = owner(subscription.getUser());
        run(c -> Sql.update(
                c, "delete from subscription where owner_id = ? and mailbox = ?", owner, subscription.getMailbox()));
    }

    @Override
    public Mono<Void> deleteReactive(Subscription subscription) {
        return connections
                .later(() -> {
                    delete(subscription);
                    return true;
                })
                .then();
    }

    private UUID owner(Username user) throws SubscriptionException {
        return owners.id(user)
                .orElseThrow(() -> new SubscriptionException(new MailboxException("no account is called " + user)));
    }

    private <T> T run(Connections.Work<T, MailboxException> work) throws SubscriptionException {
        try {
            return connections.run(work);
        } catch (MailboxException e) {
            throw new SubscriptionException(e);
        }
    }
}
