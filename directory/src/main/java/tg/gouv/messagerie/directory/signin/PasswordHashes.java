package tg.gouv.messagerie.directory.signin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * Hashes passwords with Argon2id, as many at once as there are processors, on threads of their own: a hash is 50 ms of
 * processor, which virtual threads would take from every other connection.
 */
public final class PasswordHashes implements AutoCloseable {
    /** 256 MiB. */
    private static final int BROUGHT_MEMORY_KIB_MAX = 256 << 10;

    /** About a second: 1 GiB in all passes. */
    private static final long BROUGHT_WORK_MAX = 1L << 20;

    /** Who sets a password waits longer than who signs in. */
    private static final Duration SETTING_WAIT = Duration.ofSeconds(30);

    private final Argon2id.Cost cost;
    private final Duration wait;
    private final SecureRandom random;
    private final ThreadPoolExecutor threads;
    private final LongAdder runs = new LongAdder();
    private final String nobodys;

    /** Opens the threads, which end when there is nothing to hash. */
    public PasswordHashes(SignInSettings settings, SecureRandom random) {
        this.cost = new Argon2id.Cost(
                settings.hashPasses(), Math.toIntExact(settings.hashMemory().bytes() / 1024), settings.hashLanes());
        this.wait = settings.hashWait();
        this.random = random;
        int most = settings.hashesMax() == 0 ? Runtime.getRuntime().availableProcessors() : settings.hashesMax();
        this.threads = new ThreadPoolExecutor(
                most,
                most,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.hashesWaitingMax()),
                Thread.ofPlatform().name("password-hash-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
        this.nobodys = new Argon2id(cost, randomBytes(Argon2id.SALT_BYTES), randomBytes(Argon2id.TAG_BYTES)).toString();
    }

    /**
     * The PHC string to store for a new password; empty if a password cannot be like this (RFC 8265 section 4.2).
     *
     * @throws Busy if too many others are being hashed
     */
    public Optional<String> hash(Secret secret) {
        return PreparedSecret.of(secret).map(bytes -> hash(bytes, SETTING_WAIT));
    }

    /**
     * What to store of a secret that was drawn at random, of at least 80 bits, and that nobody types as a password: {@code {SSHA256}}, which
     * costs nothing to make, and nobody tries 2^80 of them. Comparing a wrong one costs as much as with a password.
     */
    public String hashOfRandom(Secret random) {
        return ImportedHash.sha256(random.reveal().getBytes(StandardCharsets.UTF_8), randomBytes(Argon2id.SALT_BYTES));
    }

    /** Whether a password can be like this; costs no hash. */
    public boolean canBe(Secret secret) {
        return PreparedSecret.of(secret).isPresent();
    }

    /** Whether a hash of another directory can be compared with: its scheme is known and its cost bounded. */
    public static boolean canImport(String hash) {
        return ImportedHash.parse(hash).isPresent();
    }

    /**
     * Whether a hash may come with a file: another directory's, or one of Argon2id as ours are. What it costs to compare with is bounded,
     * for whoever types a wrong password makes us pay it.
     */
    public static boolean canBring(String hash) {
        return canImport(hash)
                || Argon2id.parse(hash)
                        .map(Argon2id::cost)
                        .filter(cost -> cost.memoryKib() <= BROUGHT_MEMORY_KIB_MAX
                                && (long) cost.memoryKib() * cost.passes() <= BROUGHT_WORK_MAX)
                        .isPresent();
    }

    /** How many hashes were computed so far. */
    public long runs() {
        return runs.sum();
    }

    /** Hashes no more; who waits is told that it is busy. */
    @Override
    public void close() {
        threads.shutdownNow().forEach(waiting -> ((Future<?>) waiting).cancel(false));
    }

    /** The hash of no secret at all, which costs the same: compared with where there is nothing to compare with. */
    String nobodys() {
        return nobodys;
    }

    /** The PHC string of a secret that was just given. */
    String hash(byte[] secret) {
        return hash(secret, wait);
    }

    /**
     * Compares a secret with a stored hash.
     *
     * @throws Busy if too many others are being compared
     * @throws IllegalStateException if what is stored is no hash
     */
    Verdict compare(String stored, byte[] secret) {
        Optional<ImportedHash> imported = ImportedHash.parse(stored);
        if (imported.isPresent()) {
            return compare(imported.get(), secret);
        }
        Argon2id hash = Argon2id.parse(stored)
                .orElseThrow(() -> new IllegalStateException("a stored password is no hash that is known"));
        byte[] tag = run(() -> hash.tagOf(secret), wait);
        return new Verdict(
                MessageDigest.isEqual(tag, hash.tag()), ByteBuffer.wrap(tag).getLong());
    }

    /**
     * An imported hash may be quick to compute: a wrong secret, which may open another door of its owner, leaves a mark that is not, and
     * takes as long as elsewhere. A right one is hashed again anyway.
     */
    private Verdict compare(ImportedHash imported, byte[] secret) {
        if (imported.isQuick() && imported.fits(secret)) {
            return new Verdict(true, 0);
        }
        return run(
                () -> imported.fits(secret)
                        ? new Verdict(true, 0)
                        : new Verdict(
                                false,
                                ByteBuffer.wrap(Argon2id.parse(nobodys)
                                                .orElseThrow()
                                                .tagOf(secret))
                                        .getLong()),
                wait);
    }

    /** Whether a stored hash is imported, or was made with other parameters than today's. */
    boolean isOutdated(String stored) {
        return !Argon2id.parse(stored).map(Argon2id::cost).equals(Optional.of(cost));
    }

    private String hash(byte[] secret, Duration patience) {
        byte[] salt = randomBytes(Argon2id.SALT_BYTES);
        return run(() -> Argon2id.of(cost, salt, secret), patience).toString();
    }

    private <T> T run(Callable<T> hash, Duration patience) {
        Future<T> result;
        try {
            result = threads.submit(() -> {
                runs.increment();
                return hash.call();
            });
        } catch (RejectedExecutionException e) {
            throw new Busy();
        }
        try {
            return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | CancellationException e) {
            giveUp(result);
            throw new Busy();
        } catch (InterruptedException e) {
            giveUp(result);
            Thread.currentThread().interrupt();
            throw new Busy();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Argon2id failed", e.getCause());
        }
    }

    /** Leaves the queue; a hash that runs already comes to its end. */
    private void giveUp(Future<?> result) {
        result.cancel(false);
        threads.remove((Runnable) result); // a ThreadPoolExecutor's futures are what it runs
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Too many passwords are being hashed: the same act may succeed in a moment. */
    public static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Busy() {
            super("too many passwords are being hashed");
        }
    }

    /**
     * What a comparison told.
     *
     * @param fits whether the secret is the one that was hashed
     * @param mark the head of the secret's tag: the same for the same secret and stored hash
     */
    record Verdict(boolean fits, long mark) {}
}
