package tg.gouv.messagerie.directory.postgres;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/**
 * Notices every minute, until closed, what time alone did: whose account closes after they left, which assignments began or ended, so
 * that LDAP shows it, and which requests are remembered no longer.
 */
final class DueChanges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DueChanges.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    /** Who reads the feed of changes is not away for longer. */
    private static final Duration CHANGES_KEPT = Duration.ofDays(30);

    private final PostgresProvisioning provisioning;
    private final PostgresRememberedRequests requests;
    private final CountDownLatch closed = new CountDownLatch(1);

    DueChanges(PostgresProvisioning provisioning, PostgresRememberedRequests requests) {
        this.provisioning = provisioning;
        this.requests = requests;
        Thread.ofVirtual().name("due-changes").start(this::run);
    }

    private void run() {
        try {
            while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    provisioning.closeDeparted();
                    provisioning.projectDue(CHANGES_KEPT);
                    requests.sweep();
                } catch (StoreUnavailable e) {
                    LOG.warn("event=projection-late reason=\"{}\"", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("event=projection-late", e);
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
