package tg.gouv.messagerie.directory.provisioning;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import tg.gouv.messagerie.directory.AccountId;

/**
 * Requests to which their sender gave a key, so that one whose answer was lost is asked again and not done again
 * (draft-ietf-httpapi-idempotency-key-header). What was answered is kept with what was done, in one transaction: whoever is killed between
 * the two has done neither, whoever is killed later repeats the answer.
 */
public interface RememberedRequests {
    /** How long an answer is repeated. */
    Duration KEPT = Duration.ofHours(24);

    /** How many keys an account may use in that time. */
    int KEYS_MAX = 10_000;

    /** The longest key, in characters. */
    int KEY_MAX = 100;

    /**
     * Does what was asked and keeps the answer, or repeats the answer.
     *
     * <p>What was refused is not kept: it is judged again when it is asked again. The act runs on the calling thread, and everything that
     * it does in the directory is one transaction.
     *
     * @param sender whose key it is
     * @param key 1 to {@link #KEY_MAX} characters
     * @param request SHA-256 of everything that was asked
     * @param act does it and answers; what it throws is thrown, and whatever it had done stays done, unless PostgreSQL failed
     */
    Outcome answer(AccountId sender, String key, byte[] request, Supplier<Said> act);

    /** Forgets answers that are kept no longer. */
    void sweep();

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param body as it was sent
     * @param tag the entity tag
     * @param secret whether the body carries a secret: it is kept nowhere then
     */
    record Said(int status, Optional<String> body, Optional<String> tag, boolean secret) {}

    /** How it ended. */
    sealed interface Outcome {
        /** It is done, now or earlier, and this was answered. */
        record Answered(Said said) implements Outcome {}

        /** It was done earlier, and the answer carried a secret. */
        record ShownOnce() implements Outcome {}

        /** It is being done at this moment. */
        record Running() implements Outcome {}

        /** The key was another request's. */
        record OfAnother() implements Outcome {}

        /** The account has used {@link #KEYS_MAX} keys. */
        record TooMany() implements Outcome {}
    }
}
