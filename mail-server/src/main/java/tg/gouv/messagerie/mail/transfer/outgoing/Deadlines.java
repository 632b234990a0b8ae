package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes sockets whose other side takes too long; a read or write that waits then fails. */
final class Deadlines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("outgoing-deadlines").factory());

    Deadlines() {
        clock.setRemoveOnCancelPolicy(true);
    }

    /** A time that runs until closed. */
    static final class Deadline implements AutoCloseable {
        private final AtomicBoolean passed = new AtomicBoolean();
        private final ScheduledFuture<?> future;

        private Deadline(ScheduledThreadPoolExecutor clock, Socket socket, Duration time) {
            future = clock.schedule(() -> pass(socket), time.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void pass(Socket socket) {
            passed.set(true);
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("event=socket-not-closed", e);
            }
        }

        boolean isPassed() {
            return passed.get();
        }

        @Override
        public void close() {
            future.cancel(false);
        }
    }

    /** Closes the socket after this time, unless the deadline is closed before. */
    Deadline of(Socket socket, Duration time) {
        return new Deadline(clock, socket, time);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
