package tg.gouv.messagerie.mail.filters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Ours and not James's: his splits commands at spaces, counts characters where the protocol counts octets, announces what it
 * does not do, and hung after STARTTLS. The parser of scripts and their store are James's.
 */
/** ManageSieve (RFC 5804), listening until closed; a thread for each client. */
public final class ManageSieveServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ManageSieveServer.class);

    private final ManageSieveParts parts;
    private final ServerSocket listening;
    private final Set<ManageSieveConnection> connections = ConcurrentHashMap.newKeySet();

    private ManageSieveServer(ManageSieveParts parts, ServerSocket listening) {
        this.parts = parts;
        this.listening = listening;
    }

    /**
     * Starts listening.
     *
     * @throws UncheckedIOException if the address cannot be listened on
     */
    public static ManageSieveServer start(ManageSieveParts parts) {
        try {
            ServerSocket listening = new ServerSocket();
            listening.bind(new InetSocketAddress(
                    parts.settings().listen().host(), parts.settings().listen().port()));
            ManageSieveServer server = new ManageSieveServer(parts, listening);
            Thread.ofVirtual().name("managesieve").start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "ManageSieve cannot listen on " + parts.settings().listen(), e);
        }
    }

    /** The port that is listened on. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Whether clients are accepted. */
    public boolean isOpen() {
        return !listening.isClosed();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept(); // given to its connection, which closes it
                if (connections.size() >= parts.settings().connectionsMax()) {
                    socket.close();
                } else {
                    serve(socket);
                }
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    log.warn("event=accept_failed protocol=managesieve", e);
                }
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        ManageSieveConnection connection = new ManageSieveConnection(parts, socket);
        connections.add(connection);
        Thread.ofVirtual().name("managesieve-client").start(() -> {
            try {
                connection.run();
            } finally {
                connections.remove(connection);
            }
        });
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            log.warn("event=close_failed protocol=managesieve", e);
        }
        connections.forEach(ManageSieveConnection::close);
    }
}
