package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.SubscriptionException;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.store.user.SubscriptionMapper;
import org.apache.james.mailbox.store.user.model.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.database.Sql;

/** To which mailboxes an account subscribes, by name: a subscription outlives its mailbox (RFC 9051 section 6.3.7). */
final class PostgresSubscriptionMapper implements SubscriptionMapper {
    /** A namespace, an owner's address and a mailbox name, as James writes a path. */
    private static final int NAME_OCTETS_MAX = 1_024;

    /** For JMAP a subscription is a property of the account's own mailbox (RFC 8621 section 2). */
    private static final String CHANGED = """
            with b as materialized (
                select id, owner_id from mailbox where owner_id = ? and namespace = ? and name = ?),
            a as (%s),
            changed as (update mailbox m set changed_modseq = a.modseq from a, b where m.id = b.id)
            """.formatted(AccountCounter.MAILBOX_FOUND_CHANGED);

    private final MailConnections connections;
    private final AccountNames accounts;

    PostgresSubscriptionMapper(MailConnections connections, AccountNames accounts) {
        this.connections = connections;
        this.accounts = accounts;
    }

    /** The same, which heeds the {@link StateCondition} of a session. */
    PostgresSubscriptionMapper through(MailboxSession session) {
        return new PostgresSubscriptionMapper(connections.through(session), accounts);
    }

    @Override
    public void save(Subscription subscription) throws SubscriptionException {
        String name = subscription.getMailbox();
        if (name.indexOf(0) >= 0 || name.getBytes(StandardCharsets.UTF_8).length > NAME_OCTETS_MAX) {
            throw new SubscriptionException(new MailboxException(
                    "A mailbox name has no NUL and, with its owner, at most " + NAME_OCTETS_MAX + " octets"));
        }
        AccountId account = accounts.account(subscription.getUser())
                .orElseThrow(() -> new SubscriptionException(new MailboxException(
                        "No account has the address " + subscription.getUser().asString())));
        try {
            connections.change(c -> insert(c, account, subscription));
        } catch (MailboxException e) {
            throw new SubscriptionException(e);
        }
    }

    /** Saves a subscription in the transaction of the caller. */
    static int insert(Connection c, AccountId account, Subscription subscription) throws SQLException {
        return Sql.update(
                c,
                CHANGED + "insert into subscription(owner_id, mailbox) values (?, ?) on conflict do nothing",
                changed(account, subscription, subscription.getMailbox()));
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
        Optional<AccountId> account = accounts.account(user);
        if (account.isEmpty()) {
            return List.of();
        }
        try {
            return connections.run(c -> Sql.query(
                    c,
                    row -> new Subscription(user, row.getString(1)),
                    "select mailbox from subscription where owner_id = ? order by mailbox",
                    account.get().value()));
        } catch (MailboxException e) {
            throw new SubscriptionException(e);
        }
    }

    @Override
    public Flux<Subscription> findSubscriptionsForUserReactive(Username user) {
        return connections.laterEach(() -> findSubscriptionsForUser(user));
    }

    @Override
    public void delete(Subscription subscription) throws SubscriptionException {
        Optional<AccountId> account = accounts.account(subscription.getUser());
        if (account.isEmpty()) {
            return;
        }
        try {
            connections.change(c -> Sql.update(
                    c,
                    CHANGED + "delete from subscription where owner_id = ? and mailbox = ?",
                    changed(account.get(), subscription, Text.clean(subscription.getMailbox()))));
        } catch (MailboxException e) {
            throw new SubscriptionException(e);
        }
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

    /** The parameters of {@link #CHANGED} and of the statement after it. */
    private static Object[] changed(AccountId account, Subscription subscription, String name) {
        MailboxPath path = MailboxPath.parseEscaped(subscription.getMailbox())
                .orElse(MailboxPath.forUser(subscription.getUser(), subscription.getMailbox()));
        boolean own = path.getUser().equals(subscription.getUser());
        return new Object[] {
            account.value(), own ? path.getNamespace() : "", Text.clean(path.getName()), account.value(), name
        };
    }
}
