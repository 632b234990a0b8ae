package tg.gouv.messagerie.platform.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An identity that looks at its source now and then. */
final class ReloadingIdentity implements TlsIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingIdentity.class);

    private static final Duration WARNED_BEFORE = Duration.ofDays(14);
    private static final Duration WARNED_EVERY = Duration.ofDays(1);

    private final IdentitySource source;
    private final Clock clock;
    private final CurrentKeyManager keys;
    private final SSLContext context;
    private final List<Runnable> callbacks = new CopyOnWriteArrayList<>();
    private final Thread watch;
    private Instant warned = Instant.MIN;
    private volatile @Nullable String trouble;

    /**
     * Shows what the source gives.
     *
     * @throws TlsRefused if it gives nothing that may be shown
     */
    ReloadingIdentity(IdentitySource source, Duration interval, Clock clock) {
        this.source = source;
        this.clock = clock;
        this.keys = new CurrentKeyManager(source.look());
        this.context = context(keys);
        warnOfTheEnd();
        this.watch = Thread.ofVirtual().name("tls-watch").start(() -> watch(interval));
    }

    @Override
    public Path certificateChain() {
        return source.certificateChain();
    }

    @Override
    public Path privateKey() {
        return source.privateKey();
    }

    @Override
    public Path authority() {
        return source.authority();
    }

    @Override
    public SSLContext serverContext() {
        return context;
    }

    @Override
    public byte[] signed(byte[] document) {
        return SignedDocument.of(keys.current(), document);
    }

    @Override
    public Instant expires() {
        return keys.current().expires();
    }

    @Override
    public boolean isWell() {
        return trouble == null && clock.instant().isBefore(expires());
    }

    @Override
    public synchronized void reload() {
        Credential next;
        try {
            next = source.look();
        } catch (TlsRefused e) {
            String sentence = String.valueOf(e.getMessage());
            if (!sentence.equals(trouble)) {
                LOG.error("event=certificate-refused kept-until={} reason=\"{}\"", expires(), sentence);
            }
            trouble = sentence;
            return;
        }
        trouble = null;
        if (!next.equals(keys.current())) {
            keys.show(next);
            LOG.info("event=certificate-reloaded file={} expires={}", certificateChain(), expires());
            callbacks.forEach(ReloadingIdentity::call);
        }
        warnOfTheEnd();
    }

    @Override
    public void onReload(Runnable callback) {
        callbacks.add(callback);
    }

    @Override
    public void close() {
        watch.interrupt();
    }

    private static void call(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            LOG.error("event=certificate-reload-callback-failed", e);
        }
    }

    private void watch(Duration interval) {
        try {
            while (true) {
                Thread.sleep(interval);
                look();
            }
        } catch (InterruptedException e) {
            LOG.debug("event=certificate-watch-ended");
        }
    }

    private void look() {
        try {
            reload();
        } catch (RuntimeException e) { // ours to mend; the next look may still find a good file
            LOG.error("event=certificate-look-failed", e);
        }
    }

    private synchronized void warnOfTheEnd() {
        Instant now = clock.instant();
        if (now.plus(WARNED_BEFORE).isAfter(expires())
                && (warned.equals(Instant.MIN) || now.isAfter(warned.plus(WARNED_EVERY)))) {
            warned = now;
            LOG.warn("event=certificate-ends-soon file={} expires={}", certificateChain(), expires());
        }
    }

    private static SSLContext context(CurrentKeyManager keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }
}
