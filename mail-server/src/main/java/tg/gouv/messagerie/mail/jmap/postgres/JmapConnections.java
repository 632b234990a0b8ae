package tg.gouv.messagerie.mail.jmap.postgres;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.james.core.Username;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.Owners;
import tg.gouv.messagerie.mail.postgres.StoreThreads;
import tg.gouv.messagerie.platform.database.Connections;

/** The connections as James's reactive repositories use them: each call has a virtual thread, once somebody subscribes. */
final class JmapConnections implements AutoCloseable {
    private final Connections connections;
    private final Owners owners;
    private final StoreThreads threads = new StoreThreads("jmap-store");

    JmapConnections(Connections connections, Owners owners) {
        this.connections = connections;
        this.owners = owners;
    }

    /** The account's id, if the name is an account's; never asked while a connection is held. */
    Optional<UUID> find(Username user) {
        return owners.byName(user.asString()).map(AccountId::value);
    }

    /** The account's id, of somebody who must have one. */
    UUID demand(Username user) {
        return find(user)
                .orElseThrow(() -> new IllegalArgumentException("No account has the address " + user.asString()));
    }

    /** The present names of accounts that exist. */
    List<Username> names(List<UUID> accounts) {
        return owners.names(accounts.stream().map(AccountId::new).toList()).values().stream()
                .map(Username::of)
                .toList();
    }

    <T> T run(Connections.Work<T, RuntimeException> work) {
        return connections.autoCommit(work);
    }

    <T> T transaction(Connections.Work<T, RuntimeException> work) {
        return connections.transaction(work);
    }

    <T> Mono<T> later(Callable<T> call) {
        return threads.later(call);
    }

    <T> Flux<T> laterEach(Callable<List<T>> call) {
        return threads.laterEach(call);
    }

    Mono<Void> laterDone(Runnable call) {
        return threads.laterDone(call);
    }

    @Override
    public void close() {
        threads.close();
    }
}
