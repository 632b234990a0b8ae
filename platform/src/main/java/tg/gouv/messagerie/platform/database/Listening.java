package tg.gouv.messagerie.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of its own that hears what other nodes notify; opened again whenever it is lost. */
final class Listening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    /** How often it looks whether it should end, and shows the server that it is there. */
    private static final int HEARD_WITHIN_MILLIS = 500;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final DataSource source;
    private final String channel;
    private final Consumer<String> heard;
    private final Thread thread;
    private volatile boolean closed;

    Listening(DataSource source, String channel, Consumer<String> heard) {
        this.source = source;
        this.channel = channel;
        this.heard = heard;
        this.thread = Thread.ofVirtual().name("listen-" + channel).start(this::listen);
    }

    /** Hears nothing more when this returns. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofMillis(4L * HEARD_WITHIN_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        while (!closed) {
            try (Connection connection = source.getConnection()) {
                Sql.update(connection, "listen " + channel);
                hear(connection);
            } catch (SQLException e) {
                if (!closed) {
                    LOG.warn("event=listen-lost channel={} reason=\"{}\"", channel, e.getMessage());
                    pause();
                }
            }
        }
    }

    private void hear(Connection connection) throws SQLException {
        PGConnection postgresql = connection.unwrap(PGConnection.class);
        while (!closed) {
            PGNotification[] notifications = postgresql.getNotifications(HEARD_WITHIN_MILLIS);
            for (PGNotification each : notifications == null ? new PGNotification[0] : notifications) {
                heard.accept(each.getParameter());
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
