package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The protocol: the client sends one line, a ControlRequest; the server states one line of JSON and closes. Whoever
 * holds the lock of the data directory owns the socket's name, so a socket found there at start is a dead program's.
 */
/** The Unix socket through which the command line reaches the running program. */
final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    static final int REQUEST_BYTES_MAX = 32 * 1024;
    private static final int CLIENTS_MAX = 8;
    private static final Duration EXCHANGE_WITHIN = Duration.ofSeconds(10);

    /** How long the answers that are being given may keep the program from ending. */
    private static final Duration LAST_ANSWERS_WITHIN = Duration.ofSeconds(1);

    private final Path socket;
    private final ServerSocketChannel server;
    private final ControlState state;
    private final UserPrincipal ourselves;
    private final UserPrincipal root;
    private final Semaphore places = new Semaphore(CLIENTS_MAX);
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("control-clock").factory());

    private ControlServer(Path socket, ServerSocketChannel server, ControlState state) throws IOException {
        this.socket = socket;
        this.server = server;
        this.state = state;
        this.ourselves = Files.getOwner(socket);
        this.root = socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("0");
    }

    /** Listens on the socket of a data directory that this program has taken; a dead program's socket is replaced. */
    static ControlServer open(DataDirectory data, ControlState state) throws IOException {
        Path socket = DataDirectory.socket(data.path());
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (ShortPath path = ShortPath.to(socket)) {
            server.bind(path.address());
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            ControlServer control = new ControlServer(socket, server, state);
            Thread.ofVirtual().name("control").start(control::accept);
            return control;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** Nobody is heard any more; who was heard, as whoever ordered this end, is still answered. */
    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        clients.shutdown();
        try {
            clients.awaitTermination(LAST_ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clock.shutdownNow();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (places.tryAcquire()) {
                    clients.execute(() -> serve(client));
                } else {
                    client.close();
                }
            } catch (ClosedChannelException | RejectedExecutionException e) {
                return;
            } catch (IOException e) {
                LOG.error("event=control-accept-failed reason=\"{}\"", e.getMessage());
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            UserPrincipal user =
                    client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            ControlRequest request = ControlRequest.of(within(client, () -> line(client)));
            ControlAnswer answer = answered(request, user, new Conversation(new Line(client)));
            within(client, () -> write(client, answer));
        } catch (IOException e) {
            LOG.warn("event=control-client-lost reason=\"{}\"", e.getMessage());
        } finally {
            places.release();
        }
    }

    private ControlAnswer answered(ControlRequest request, UserPrincipal user, Conversation conversation) {
        if (!user.equals(ourselves) && !user.equals(root)) {
            LOG.warn("event=control-refused user={} request={}", user.getName(), request.word());
            state.refused(request, user.getName());
            return new ControlAnswer.Refused("user");
        }
        LOG.info("event=control user={} request={}", user.getName(), request.word());
        return answer(request, user.getName(), conversation);
    }

    /** What is said or heard. */
    private interface Exchange<T> {
        T perform() throws IOException;
    }

    /** A client that neither speaks nor reads is cut off by the clock, which frees the thread that waits for it. */
    private <T> T within(SocketChannel client, Exchange<T> exchange) throws IOException {
        ScheduledFuture<?> cut = clock.schedule(() -> close(client), EXCHANGE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return exchange.perform();
        } finally {
            cut.cancel(false);
        }
    }

    private ControlAnswer answer(ControlRequest request, String systemUser, Conversation conversation) {
        try {
            return state.answer(request, systemUser, conversation);
        } catch (RuntimeException e) {
            LOG.error("event=control-failed request={}", request.word(), e);
            return new ControlAnswer.Refused("failed");
        }
    }

    /** A client while it is answered, each word of it in time. */
    private final class Line implements Conversation.Client {
        private final SocketChannel client;

        Line(SocketChannel client) {
            this.client = client;
        }

        @Override
        public void say(ControlAnswer answer) throws IOException {
            within(client, () -> write(client, answer));
        }

        @Override
        public int hear(ByteBuffer into) throws IOException {
            return within(client, () -> client.read(into));
        }
    }

    /** The first line, whole or as much as fits. */
    private static String line(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(REQUEST_BYTES_MAX);
        while (bytes.hasRemaining() && client.read(bytes) >= 0) {
            if (bytes.get(bytes.position() - 1) == '\n') {
                break;
            }
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    }

    private static int write(SocketChannel client, ControlAnswer answer) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((answer.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
        return bytes.position();
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.warn("event=control-close-failed reason=\"{}\"", e.getMessage());
        }
    }
}
