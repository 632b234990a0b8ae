package tg.gouv.messagerie.platform.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The idle timeout starts again with every byte, so a client that sends one now and then (slow loris) would stay for ever. Here a
 * connection is noted when it opens and when an answer ends, and forgotten while a request is worked on; whoever stays noted too
 * long is closed. The time of the TLS handshake counts.
 */
/** Closes connections on which no complete request header comes in time. */
final class HeadWatch extends AbstractLifeCycle implements Connection.Listener {
    /** Tells the watch of the request's connection that a complete header came. */
    static final HttpConfiguration.Customizer HEAD_CAME = (request, headers) -> {
        HeadWatch watch = request.getConnectionMetaData().getConnector().getBean(HeadWatch.class);
        if (watch != null) {
            watch.headCame(request);
        }
        return request;
    };

    private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);

    private final Map<Connection, Long> waitingSince = new ConcurrentHashMap<>();
    private final long patienceNanos;
    private final long lookEveryNanos;
    private final ServerConnector connector;

    HeadWatch(Duration patience, ServerConnector connector) {
        this.patienceNanos = patience.toNanos();
        this.lookEveryNanos = Math.min(TimeUnit.SECONDS.toNanos(1), patienceNanos / 2);
        this.connector = connector;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof ConnectionMetaData) { // the HTTP one; the TLS one around it opens and closes with it
            waitingSince.put(connection, System.nanoTime());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waitingSince.remove(connection);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        lookLater();
    }

    private void headCame(Request request) {
        Connection connection = request.getConnectionMetaData().getConnection();
        waitingSince.remove(connection);
        Request.addCompletionListener(request, failure -> {
            waitingSince.put(connection, System.nanoTime());
            if (!connection.getEndPoint().isOpen()) {
                waitingSince.remove(connection);
            }
        });
    }

    private void lookLater() {
        Scheduler scheduler = connector.getScheduler();
        if (scheduler.isRunning()) {
            scheduler.schedule(this::look, lookEveryNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        if (!isRunning() && !isStarting()) {
            return;
        }
        long now = System.nanoTime();
        waitingSince.forEach((connection, since) -> {
            if (!connection.getEndPoint().isOpen()) {
                waitingSince.remove(connection, since);
            } else if (now - since > patienceNanos && waitingSince.remove(connection, since)) {
                LOG.debug(
                        "event=http-head-late client={}",
                        connection.getEndPoint().getRemoteSocketAddress());
                connector.getExecutor().execute(connection.getEndPoint()::close);
            }
        });
        lookLater();
    }
}
