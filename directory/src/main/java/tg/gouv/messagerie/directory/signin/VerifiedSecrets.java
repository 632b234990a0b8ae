package tg.gouv.messagerie.directory.signin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.signin.PasswordHashes.Verdict;

/*
 * An answer is known by an HMAC, with a key that lives and dies with the process, of the subject, the stored hash and the
 * secret. It proves « this secret fits (or does not fit) this stored hash » and nothing else: when the password changes,
 * the stored hash does, and no answer matches. Wrong answers are remembered apart, so that guesses push no right one out.
 * Who repeats a wrong secret, as a telephone does all day, is answered without a hash.
 */
/** Answers of recent hashes, bounded; equal questions at the same time are one hash. */
final class VerifiedSecrets {
    private static final int KEY_BYTES = 32;
    private static final String HMAC = "HmacSHA256";

    private final PasswordHashes hashes;
    private final SecretKeySpec key;
    private final Latest right;
    private final Latest wrong;
    private final Map<ByteBuffer, CompletableFuture<Verdict>> asking = new ConcurrentHashMap<>();

    VerifiedSecrets(PasswordHashes hashes, int most, SecureRandom random) {
        this.hashes = hashes;
        this.right = new Latest(most);
        this.wrong = new Latest(most);
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, HMAC);
    }

    /**
     * Tells whether a secret fits a stored hash.
     *
     * @throws PasswordHashes.Busy if that is not known and too many others ask
     */
    Answer ask(UUID subject, String stored, byte[] secret) {
        ByteBuffer question = digest(subject, stored, secret);
        Verdict known = right.get(question);
        if (known == null) {
            known = wrong.get(question);
        }
        return known == null ? new Answer(hash(question, stored, secret), false) : new Answer(known, true);
    }

    /** Remembers that a secret fits a hash that was just made of it. */
    void hashedAgain(UUID subject, String stored, byte[] secret) {
        right.put(digest(subject, stored, secret), new Verdict(true, 0));
    }

    private Verdict hash(ByteBuffer question, String stored, byte[] secret) {
        CompletableFuture<Verdict> mine = new CompletableFuture<>();
        CompletableFuture<Verdict> others = asking.putIfAbsent(question, mine);
        if (others != null) {
            return join(others);
        }
        try {
            Verdict verdict = hashes.compare(stored, secret);
            (verdict.fits() ? right : wrong).put(question, verdict);
            mine.complete(verdict);
            return verdict;
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            asking.remove(question, mine);
        }
    }

    private static Verdict join(CompletableFuture<Verdict> others) {
        try {
            return others.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PasswordHashes.Busy busy ? busy : e;
        }
    }

    private ByteBuffer digest(UUID subject, String stored, byte[] secret) {
        byte[] hash = stored.getBytes(StandardCharsets.US_ASCII);
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                    .putLong(subject.getMostSignificantBits())
                    .putLong(subject.getLeastSignificantBits())
                    .putInt(hash.length)
                    .flip());
            mac.update(hash);
            return ByteBuffer.wrap(mac.doFinal(secret)).asReadOnlyBuffer();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    /**
     * A verdict.
     *
     * @param remembered whether it cost no hash
     */
    record Answer(Verdict verdict, boolean remembered) {}

    /** The verdicts that were asked for last. */
    private static final class Latest {
        private final Map<ByteBuffer, Verdict> verdicts;

        Latest(int most) {
            this.verdicts = new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Verdict> eldest) {
                    return size() > most;
                }
            };
        }

        synchronized @Nullable Verdict get(ByteBuffer question) {
            return verdicts.get(question);
        }

        synchronized void put(ByteBuffer question, Verdict verdict) {
            verdicts.put(question, verdict);
        }
    }
}
