package tg.gouv.messagerie.mail.jmap.postgres;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.core.Username;
import org.apache.james.user.api.DelegationStore;
import org.reactivestreams.Publisher;
import tg.gouv.messagerie.platform.database.Sql;

/** Who may act for whom, as James's extension of JMAP grants it; durable when a call completes. */
final class PostgresDelegations implements DelegationStore {
    private static final String ADD = "insert into delegation(owner_id, delegate_id) select ?::uuid, ?::uuid"
            + " where (select count(*) from delegation where owner_id = ?) < ? on conflict do nothing";

    private final JmapConnections connections;
    private final int delegatesMax;

    PostgresDelegations(JmapConnections connections, int delegatesMax) {
        this.connections = connections;
        this.delegatesMax = delegatesMax;
    }

    @Override
    public Publisher<Username> authorizedUsers(Username owner) {
        return connections.laterEach(
                () -> others("select delegate_id from delegation where owner_id = ? order by delegate_id", owner));
    }

    @Override
    public Publisher<Username> delegatedUsers(Username delegate) {
        return connections.laterEach(
                () -> others("select owner_id from delegation where delegate_id = ? order by owner_id", delegate));
    }

    private List<Username> others(String sql, Username user) {
        Optional<UUID> account = connections.find(user);
        if (account.isEmpty()) {
            return List.of();
        }
        List<UUID> others = connections.run(c -> Sql.query(c, row -> row.getObject(1, UUID.class), sql, account.get()));
        return others.isEmpty() ? List.of() : connections.names(others);
    }

    @Override
    public Publisher<Void> clear(Username owner) {
        return connections.laterDone(() -> connections
                .find(owner)
                .ifPresent(account ->
                        connections.run(c -> Sql.update(c, "delete from delegation where owner_id = ?", account))));
    }

    @Override
    public Publisher<Void> addAuthorizedUser(Username owner, Username delegate) {
        return connections.laterDone(() -> {
            UUID account = connections.demand(owner);
            UUID other = connections.demand(delegate);
            int added = connections.run(c -> Sql.update(c, ADD, account, other, account, delegatesMax));
            if (added == 0 && !isThere(account, other)) {
                throw new IllegalArgumentException(
                        "An account may be delegated to at most " + delegatesMax + " others");
            }
        });
    }

    private boolean isThere(UUID owner, UUID delegate) {
        return connections
                .run(c -> Sql.first(
                        c, row -> 1, "select from delegation where owner_id = ? and delegate_id = ?", owner, delegate))
                .isPresent();
    }

    @Override
    public Publisher<Void> removeAuthorizedUser(Username owner, Username delegate) {
        return connections.laterDone(() -> remove(owner, delegate));
    }

    @Override
    public Publisher<Void> removeDelegatedUser(Username delegate, Username owner) {
        return connections.laterDone(() -> remove(owner, delegate));
    }

    private void remove(Username owner, Username delegate) {
        Optional<UUID> account = connections.find(owner);
        Optional<UUID> other = connections.find(delegate);
        if (account.isPresent() && other.isPresent()) {
            connections.run(c -> Sql.update(
                    c, "delete from delegation where owner_id = ? and delegate_id = ?", account.get(), other.get()));
        }
    }
}
