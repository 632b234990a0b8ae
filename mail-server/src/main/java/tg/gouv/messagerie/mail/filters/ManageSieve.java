package tg.gouv.messagerie.mail.filters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.james.managesieve.api.SieveParser;
import org.apache.james.sieverepository.api.SieveRepository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.smtp.PatienceSettings;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/*
 * Not James's own: his 3.8.1 takes passwords in the clear, does not say from where a client signs in, keeps what it sends
 * without a bound, and may write the answer to STARTTLS under TLS. The protocol is small.
 */
/** Where people change their filters (RFC 5804): one virtual thread for each connection. */
public final class ManageSieve implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ManageSieve.class);
    private static final int BACKLOG = 200;
    private static final Duration WATCH = Duration.ofMillis(500);

    private final ManageSieveSettings settings;
    private final SieveSession.Scripts scripts;
    private final PatienceSettings patience;
    private final int perAddressMax;
    private final Map<Socket, SieveWire> open = new ConcurrentHashMap<>();
    private @Nullable ServerSocket listening;

    /**
     * A server that does not listen yet.
     *
     * @param connectionsPerAddressMax how many connections one address may have
     */
    public ManageSieve(
            ManageSieveSettings settings,
            PatienceSettings patience,
            int connectionsPerAddressMax,
            SieveRepository repository,
            SieveParser parser,
            SignIns signIns,
            Sessions sessions,
            TlsIdentity identity) {
        this.settings = settings;
        this.patience = patience;
        this.perAddressMax = connectionsPerAddressMax;
        this.scripts = new SieveSession.Scripts(repository, parser, signIns, sessions, identity.serverContext());
    }

    /** Listens from now on. */
    public void start() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(
                    new InetSocketAddress(
                            settings.listen().host(), settings.listen().port()),
                    BACKLOG);
            listening = socket;
            Thread.ofVirtual().name("managesieve-accept").start(() -> accept(socket));
            Thread.ofVirtual().name("managesieve-patience").start(() -> watch(socket));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + settings.listen() + " for ManageSieve", e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return listening == null ? -1 : listening.getLocalPort();
    }

    /** Whether it listens. */
    public boolean isOpen() {
        return listening != null && !listening.isClosed();
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().name("managesieve-", 0).start(() -> serve(client));
            } catch (SocketException e) {
                if (!socket.isClosed()) {
                    log.warn("event=managesieve_not_accepted", e);
                }
            } catch (IOException e) {
                log.warn("event=managesieve_not_accepted", e);
            }
        }
    }

    /** Ends the connections of those who are too slow: a blocking read or write has no time of its own. */
    private void watch(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Thread.sleep(WATCH);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            open.forEach((client, wire) -> {
                if (wire.isTooSlow()) {
                    log.debug("event=managesieve_too_slow client={}", client.getRemoteSocketAddress());
                    quietly(client);
                }
            });
        }
    }

    private static void quietly(Socket client) {
        try {
            client.close();
        } catch (IOException e) {
            log.debug("event=managesieve_not_closed", e);
        }
    }

    private boolean isOneTooMany(Socket client) {
        return open.size() > settings.connectionsMax()
                || open.keySet().stream()
                                .filter(each -> client.getInetAddress().equals(each.getInetAddress()))
                                .count()
                        > perAddressMax;
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            client.setSoTimeout(Math.toIntExact(settings.idleTimeout().toMillis()));
            SieveWire wire = new SieveWire(
                    client, Math.toIntExact(settings.scriptSizeMax().bytes()), patience);
            open.put(client, wire);
            if (isOneTooMany(client)) {
                wire.write("BYE (TRYLATER) \"Trop de connexions / Too many connections\"");
                return;
            }
            new SieveSession(wire, client.getInetAddress(), scripts, () -> quietly(client)).run();
        } catch (IOException e) {
            log.debug("event=managesieve_ended client={}", client.getRemoteSocketAddress(), e);
        } catch (RuntimeException e) {
            log.error("event=managesieve_failed client={}", client.getRemoteSocketAddress(), e);
        } finally {
            open.remove(client);
        }
    }

    /** Listens no more and ends every connection. */
    @Override
    public void close() {
        try {
            if (listening != null) {
                listening.close();
            }
            for (Socket client : open.keySet()) {
                client.close();
            }
        } catch (IOException e) {
            log.warn("event=managesieve_not_closed", e);
        }
    }
}
