package tg.gouv.messagerie.directory.postgres;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** Removes codes and sessions in browsers whose time is over, every hour until closed; they serve no more long before. */
final class ExpiredCodes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiredCodes.class);
    private static final Duration EVERY = Duration.ofHours(1);

    private final ActivationCodes codes;
    private final WebSessions sessions;
    private final CountDownLatch closed = new CountDownLatch(1);

    ExpiredCodes(ActivationCodes codes, WebSessions sessions) {
        this.codes = codes;
        this.sessions = sessions;
        Thread.ofVirtual().name("expired-codes").start(this::run);
    }

    private void run() {
        try {
            while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    codes.sweep();
                    sessions.sweep();
                } catch (StoreUnavailable e) {
                    LOG.warn("event=expired-codes-kept reason=\"{}\"", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("event=expired-codes-kept", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
