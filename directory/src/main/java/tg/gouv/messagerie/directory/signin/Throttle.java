package tg.gouv.messagerie.directory.signin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tg.gouv.messagerie.directory.signin.SignInStore.Found;
import tg.gouv.messagerie.directory.signin.SignInStore.SiteFailures;

/*
 * What is counted between an account and a network never touches the account anywhere else: whoever knows an address
 * cannot lock its owner out. A host from which the account signed in lately has a count of its own, so that a neighbour
 * in its network cannot either; in a network from which it did, waits are short. What a site does to other accounts
 * closes the site only to accounts that have not signed in from there.
 */
/** How long who must wait: rules over what {@link SignInStore} counts, without I/O. */
final class Throttle {
    /** How many marks of wrong secrets a row keeps: a person's devices, with the passwords they had before. */
    static final int MARKS_MAX = 16;

    /** Doubling once more would pass every wait that makes sense. */
    private static final int DOUBLINGS_MAX = 30;

    private final SignInSettings settings;
    private final Duration goodTrust;

    Throttle(SignInSettings settings) {
        this.settings = settings;
        this.goodTrust = settings.knownFor().dividedBy(30); // so a success is written once a day, not at each sign-in
    }

    /** When this attempt may be made, if that is later than now. */
    Optional<Instant> closedUntil(Found found, Instant now) {
        boolean known = isKnown(found.host(), now) || isKnown(found.network(), now);
        return Stream.of(
                        closedUntil(governing(found, now), now),
                        known
                                ? Optional.<Instant>empty()
                                : siteClosedUntil(found.site())
                                        .filter(it -> isWithin(settings.networkWindow(), it, now)))
                .flatMap(Optional::stream)
                .filter(now::isBefore)
                .max(Instant::compareTo);
    }

    /** The same for one count. */
    Optional<Instant> closedUntil(Attempts attempts, Instant now) {
        return attempts.closedUntil().filter(now::isBefore).filter(it -> isWithin(longest(), it, now));
    }

    private Duration longest() {
        return settings.waitMax().compareTo(settings.waitMaxKnown()) > 0 ? settings.waitMax() : settings.waitMaxKnown();
    }

    /** Nobody was ever told to wait longer: what is written later than that, a clock which was put back since has written. */
    private static boolean isWithin(Duration longest, Instant until, Instant now) {
        return !until.isAfter(now.plus(longest));
    }

    /** Whether the host has a count of its own. */
    boolean countsByHost(Found found, Instant now) {
        return isKnown(found.host(), now);
    }

    /** The count that decides. */
    Attempts governing(Found found, Instant now) {
        return countsByHost(found, now) ? found.host() : found.network();
    }

    /**
     * What is counted after a wrong secret; the same as before if it was seen before.
     *
     * @param mark of the secret
     */
    Attempts failed(Attempts before, long mark, Instant now) {
        boolean forgotten = before.failedAt()
                .filter(it -> it.plus(settings.forgetAfter()).isAfter(now))
                .isEmpty();
        List<Long> marks = forgotten ? List.of() : before.marks();
        if (marks.contains(mark)) {
            return before;
        }
        int failures = (forgotten ? 0 : before.failures()) + 1;
        List<Long> newest = new ArrayList<>(marks.subList(Math.max(0, marks.size() + 1 - MARKS_MAX), marks.size()));
        newest.add(mark);
        Optional<Instant> closed = failures <= settings.failuresFree()
                ? Optional.empty()
                : Optional.of(now.plus(wait(failures - settings.failuresFree(), isKnown(before, now))));
        return new Attempts(failures, newest, Optional.of(now), closed, before.goodAt());
    }

    /** What is counted after the right secret. */
    Attempts succeeded(Attempts before, Instant now) {
        return isFresh(before, now)
                ? before
                : new Attempts(
                        before.failures(), before.marks(), before.failedAt(), before.closedUntil(), Optional.of(now));
    }

    /** Whether a success need not be written. */
    boolean isFresh(Attempts attempts, Instant now) {
        return attempts.goodAt().filter(it -> it.plus(goodTrust).isAfter(now)).isPresent();
    }

    private boolean isKnown(Attempts attempts, Instant now) {
        return attempts.goodAt()
                .filter(it -> it.plus(settings.knownFor()).isAfter(now))
                .isPresent();
    }

    private Duration wait(int excess, boolean known) {
        Duration longest = known ? settings.waitMaxKnown() : settings.waitMax();
        Duration doubled = settings.waitFirst().multipliedBy(1L << Math.min(excess - 1, DOUBLINGS_MAX));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    private Optional<Instant> siteClosedUntil(SiteFailures site) {
        return site.since()
                .filter(_ -> site.failures() >= settings.networkFailuresMax())
                .map(it -> it.plus(settings.networkWindow()));
    }
}
