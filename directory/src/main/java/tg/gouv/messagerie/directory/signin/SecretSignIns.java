package tg.gouv.messagerie.directory.signin;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.SignInEvent.Outcome;
import tg.gouv.messagerie.directory.signin.SignInStore.Asked;
import tg.gouv.messagerie.directory.signin.SignInStore.Device;
import tg.gouv.messagerie.directory.signin.SignInStore.Found;
import tg.gouv.messagerie.directory.signin.SignInStore.Password;
import tg.gouv.messagerie.directory.signin.SignInStore.SecondFactor;
import tg.gouv.messagerie.directory.signin.SignInStore.Settled;
import tg.gouv.messagerie.directory.signin.VerifiedSecrets.Answer;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * One attempt is: one question to the store; if the throttle closes it, that is the answer; else one comparison, with the
 * stored hash or with nobody's, so that no answer comes sooner because there was nothing to compare; then one look at
 * whether the secret fits, the account may sign in and the function may be used. Every refusal is counted the same way,
 * so neither the answer nor the throttle tells which it was. A remembered right secret, in a network known to be the
 * account's, costs the one question and nothing else. What looks like a device password is compared with those, and costs no hash
 * either way; a right one passes the throttle, so that nobody who guesses keeps the owner's devices out.
 */
/** Signs in with the secrets a store holds. */
public final class SecretSignIns implements SignIns {
    /** When to come back if too many sign in at once. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    /** How exactly the last use of a device password is known: a mail client signs in all the time. */
    private static final Duration USE_EVERY = Duration.ofMinutes(10);

    /** The same when it was used in another network before. */
    private static final Duration USE_EVERY_ELSEWHERE = Duration.ofMinutes(1);

    private static final Duration SWEEP_EVERY = Duration.ofMinutes(10);

    /** What is compared in place of a secret that no password can be; no password is this either (RFC 8265 section 4.2). */
    private static final byte[] NO_SECRET = {0};

    private final SignInStore store;
    private final PasswordHashes hashes;
    private final VerifiedSecrets verified;
    private final Throttle throttle;
    private final SignInSettings settings;
    private final InstantSource clock;
    private final SignInLog log;
    private final Optional<AccessTokens> tokens;
    private final AtomicReference<Instant> nextSweep;

    /** Sign-ins over a store, with its secrets alone. */
    public SecretSignIns(
            SignInStore store,
            PasswordHashes hashes,
            SignInSettings settings,
            InstantSource clock,
            SecureRandom random,
            SignInLog log) {
        this(store, hashes, settings, clock, random, log, Optional.empty());
    }

    /**
     * Sign-ins over a store; what they remember of secrets is lost with this object.
     *
     * @param tokens of the provider that the settings name
     */
    public SecretSignIns(
            SignInStore store,
            PasswordHashes hashes,
            SignInSettings settings,
            InstantSource clock,
            SecureRandom random,
            SignInLog log,
            Optional<AccessTokens> tokens) {
        this.store = store;
        this.hashes = hashes;
        this.verified = new VerifiedSecrets(hashes, settings.verifiedMax(), random);
        this.throttle = new Throttle(settings);
        this.settings = settings;
        this.clock = clock;
        this.log = log;
        this.tokens = tokens;
        this.nextSweep = new AtomicReference<>(clock.instant());
    }

    @Override
    public SignIn signIn(String login, Secret secret, InetAddress from, Protocol protocol) {
        return attempted(login, secret, from, Door.of(protocol)).answer();
    }

    /**
     * Signs in to the web.
     *
     * @param code of the telephone, or a recovery code; an account without a second factor asks for none
     */
    public Answered signInToWeb(String login, Secret secret, Optional<Secret> code, InetAddress from) {
        return attempted(login, secret, from, new Door(Protocol.WEB, code, false));
    }

    /**
     * Goes on with a sign-in to the web whose password was right and whose code was missing.
     *
     * @param owner an address of the account
     * @param passwordChanged when the password was set that was given; with another one since, the code is not looked at
     */
    public SignIn codeToWeb(MailAddress owner, Instant passwordChanged, Secret code, InetAddress from) {
        Instant now = clock.instant();
        Attempt attempt = attempt(
                Login.of(owner.toString()), Origin.of(from), new Door(Protocol.WEB, Optional.of(code), false), now);
        return closed(attempt).orElseGet(() -> attempt.goOn(passwordChanged));
    }

    /**
     * Has who is signed in to the web show the main password again; the code, if there is a second factor, was shown when that began.
     *
     * @param owner an address of the account
     */
    public SignIn passwordAgain(MailAddress owner, Secret password, InetAddress from) {
        return attempted(owner.toString(), password, from, new Door(Protocol.WEB, Optional.empty(), true))
                .answer();
    }

    /**
     * Tells whether somebody who has lost their main password may choose another. What they show is not used up.
     *
     * @param telephone what the telephone of the second factor shows
     * @param recovery one of its recovery codes
     */
    public Recovering lostPassword(String login, Secret telephone, Secret recovery, InetAddress from) {
        Instant now = clock.instant();
        Attempt attempt = attempt(Login.of(login), Origin.of(from), Door.of(Protocol.WEB), now);
        byte[] digest = RecoveryCode.digest(new AccountId(attempt.found.subject()), recovery);
        Optional<SignIn> closed = closed(attempt);
        SignIn answer = closed.isPresent() ? closed.get() : attempt.recover(telephone, digest);
        return new Recovering(answer, attempt.step, digest);
    }

    /**
     * Remembers a password that was just set, so that its owner, who signs in next, costs no hash.
     *
     * @param hash as it is stored now
     */
    public void chosen(AccountId owner, String hash, Secret password) {
        PreparedSecret.of(password).ifPresent(bytes -> verified.hashedAgain(owner.value(), hash, bytes));
    }

    /**
     * Whether somebody may choose another password.
     *
     * @param step of the telephone's code, to be used up; present if it is granted
     * @param digest of the recovery code, to be used up
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    public record Recovering(SignIn answer, OptionalLong step, byte[] digest) {}

    /**
     * How it ended.
     *
     * @param half what is there if the password was right, and a code is missing
     */
    public record Answered(SignIn answer, Optional<Half> half) {
        /** Whether the password was right, and a code is missing. */
        public boolean codeNeeded() {
            return half.isPresent();
        }
    }

    /**
     * A sign-in that only lacks a code.
     *
     * @param account as in {@link SignIn.Granted}
     * @param actor as there
     * @param ground on which it would stand
     */
    public record Half(Account account, Account actor, Ground ground) {}

    /**
     * Where a secret is given, and what comes with it.
     *
     * @param code of the telephone, or a recovery code
     * @param codeBefore whether a code was shown when that began of which this is a part
     */
    private record Door(Protocol protocol, Optional<Secret> code, boolean codeBefore) {
        static Door of(Protocol protocol) {
            return new Door(protocol, Optional.empty(), false);
        }
    }

    @Override
    public Optional<Provider> provider() {
        return tokens.flatMap(_ -> settings.openid()).map(it -> new Provider(it.configuration(), it.scope()));
    }

    @Override
    public SignIn signInWithToken(Optional<String> login, Secret token, InetAddress from, Protocol protocol) {
        if (tokens.isEmpty()) {
            return new SignIn.Refused();
        }
        Instant now = clock.instant();
        Origin origin = Origin.of(from);
        Login said = Login.of(login.orElse(""));
        try {
            return switch (tokens.get().judge(token, now)) {
                case AccessTokens.Judged.Right right ->
                    attempt(said.by(right.account()), origin, Door.of(protocol), now)
                            .judge(right, said, login.isPresent());
                case AccessTokens.Judged.Wrong(AccessTokens.Reason reason) ->
                    attempt(said, origin, Door.of(protocol), now).wrong(token, reason);
            };
        } catch (ProviderUnavailable e) {
            attempt(said, origin, Door.of(protocol), now).tell(Outcome.BUSY);
            throw e;
        }
    }

    private Attempt attempt(Login login, Origin origin, Door door, Instant now) {
        Found found = store.find(new Asked(login.holder(), login.function(), login.nobody(), origin, now, false));
        return new Attempt(login, found, origin, door, now);
    }

    private Answered attempted(String login, Secret secret, InetAddress from, Door door) {
        Instant now = clock.instant();
        Origin origin = Origin.of(from);
        Login asked = Login.of(login);
        Optional<DevicePassword> device = DevicePassword.typed(secret);
        Found found = store.find(
                new Asked(asked.holder(), asked.function(), asked.nobody(), origin, now, device.isPresent()));
        Attempt attempt = new Attempt(asked, found, origin, door, now);
        SignIn answer = device.isPresent() ? attempt.judge(device.get()) : judged(attempt, secret);
        return new Answered(answer, attempt.half);
    }

    private SignIn judged(Attempt attempt, Secret secret) {
        Optional<SignIn> closed = closed(attempt);
        if (closed.isPresent()) {
            return closed.get();
        }
        try {
            return attempt.judge(PreparedSecret.of(secret).orElse(NO_SECRET));
        } catch (PasswordHashes.Busy e) {
            return attempt.end(Outcome.BUSY, new SignIn.Throttled(attempt.now.plus(BUSY)));
        }
    }

    /** The answer, if too many wrong secrets came before. */
    private Optional<SignIn> closed(Attempt attempt) {
        return throttle.closedUntil(attempt.found, attempt.now)
                .map(until -> attempt.end(Outcome.THROTTLED, new SignIn.Throttled(until)));
    }

    private void sweep(Instant now) {
        Instant due = nextSweep.get();
        if (!due.isAfter(now) && nextSweep.compareAndSet(due, now.plus(SWEEP_EVERY))) {
            Duration kept = settings.knownFor().compareTo(settings.forgetAfter()) > 0
                    ? settings.knownFor()
                    : settings.forgetAfter();
            store.sweep(now.minus(kept), now.minus(settings.networkWindow()));
        }
    }

    /** One attempt, from what the store knows of it to its answer. */
    private final class Attempt {
        private final Login login;
        private final Found found;
        private final Origin origin;
        private final Door door;
        private final Protocol protocol;
        private final Instant now;
        private Optional<UUID> device = Optional.empty();
        private Optional<String> which = Optional.empty();
        private Optional<Half> half = Optional.empty();
        private OptionalLong step = OptionalLong.empty();

        Attempt(Login login, Found found, Origin origin, Door door, Instant now) {
            this.login = login;
            this.found = found;
            this.origin = origin;
            this.door = door;
            this.protocol = door.protocol();
            this.now = now;
        }

        SignIn judge(byte[] secret) {
            Optional<String> usable = found.password().map(Password::hash).filter(_ -> mayHolderSignIn());
            Answer answer = verified.ask(found.subject(), origin.network(), usable.orElse(hashes.nobodys()), secret);
            Optional<Account> opened = login.asksForFunction() ? found.function() : found.holder();
            if (usable.isEmpty() || opened.isEmpty() || !answer.verdict().fits()) {
                return refused(answer.verdict().mark());
            }
            Account actor = found.holder().orElseThrow();
            Ground ground = Ground.ofPassword(found.password().orElseThrow().changed(), found.signOuts());
            if (found.secondFactor().isPresent() && protocol != Protocol.ACTIVATION && !door.codeBefore()) {
                Optional<SignIn> refused = second(
                        new Half(opened.get(), actor, ground),
                        found.secondFactor().get(),
                        answer.verdict().mark());
                if (refused.isPresent()) {
                    return refused.get();
                }
            }
            Optional<Instant> closed = answer.remembered() && isFresh() ? Optional.empty() : recordSuccess();
            if (closed.isPresent()) {
                return end(Outcome.THROTTLED, new SignIn.Throttled(closed.get()));
            }
            if (protocol != Protocol.ACTIVATION && hashes.isOutdated(usable.get())) {
                hashAgain(actor, usable.get(), secret);
            }
            return granted(opened.get(), actor, ground);
        }

        /**
         * As {@link SecretSignIns#lostPassword} says. A wrong code of the telephone is counted against the account only with a right recovery
         * code: whoever knows an address cannot keep its owner out. The store is asked the same of nobody as of somebody.
         */
        SignIn recover(Secret telephone, byte[] digest) {
            which = Optional.of("wrong-recovery");
            boolean right = store.hasRecoveryCode(new AccountId(found.subject()), digest);
            Optional<SecondFactor> factor = found.secondFactor()
                    .filter(_ ->
                            right && mayHolderSignIn() && found.password().isPresent() && !login.asksForFunction());
            if (factor.isEmpty()) {
                return refused(ByteBuffer.wrap(digest).getLong());
            }
            Optional<Instant> closed = codesClosedUntil(factor.get());
            if (closed.isPresent()) {
                return end(Outcome.THROTTLED, new SignIn.Throttled(closed.get()));
            }
            byte[] secret = factor.get().secret().orElse(null);
            if (secret == null) {
                tell(Outcome.BUSY);
                throw new StoreUnavailable("the key with which this second factor is sealed is not here", false);
            }
            step = Totp.step(secret, telephone, now, factor.get().lastStep());
            Account owner = found.holder().orElseThrow();
            if (step.isEmpty()) {
                store.countWrongCode(owner.id(), now);
                return refused(mark(telephone));
            }
            Optional<Instant> others = recordSuccess();
            if (others.isPresent()) {
                return end(Outcome.THROTTLED, new SignIn.Throttled(others.get()));
            }
            which = Optional.of("lost-password");
            return granted(
                    owner,
                    owner,
                    Ground.ofPassword(found.password().orElseThrow().changed(), found.signOuts()));
        }

        /** Until when no code is looked at, since too many were wrong. */
        private Optional<Instant> codesClosedUntil(SecondFactor factor) {
            return factor.since()
                    .filter(_ -> factor.wrongCodes() >= SecondFactors.WRONG_CODES_MAX)
                    .map(it -> it.plus(SecondFactors.WRONG_CODES_WINDOW))
                    .filter(it -> it.isAfter(now) && !it.isAfter(now.plus(SecondFactors.WRONG_CODES_WINDOW)));
        }

        /** Goes on where only a code was missing. */
        SignIn goOn(Instant passwordChanged) {
            boolean stands = mayHolderSignIn()
                    && found.password()
                            .filter(it -> it.changed().equals(passwordChanged))
                            .isPresent();
            if (!stands || found.secondFactor().isEmpty()) {
                return end(Outcome.REFUSED, new SignIn.Refused()); // the password was right, and no guess
            }
            Account actor = found.holder().orElseThrow();
            Optional<SignIn> refused =
                    code(actor, found.secondFactor().get(), door.code().orElseThrow());
            if (refused.isPresent()) {
                return refused.get();
            }
            Optional<Instant> closed = recordSuccess();
            return closed.isPresent()
                    ? end(Outcome.THROTTLED, new SignIn.Throttled(closed.get()))
                    : granted(actor, actor, Ground.ofPassword(passwordChanged, found.signOuts()));
        }

        /**
         * What is refused though the main password is right. Where a device password is asked for it counts as a wrong secret does, so that
         * nobody learns there that a guess was right.
         */
        private Optional<SignIn> second(Half without, SecondFactor factor, long mark) {
            if (protocol != Protocol.WEB) {
                which = Optional.of("main-password");
                return Optional.of(refused(mark));
            }
            if (door.code().isEmpty()) {
                which = Optional.of("no-code");
                half = Optional.of(without);
                return Optional.of(end(Outcome.REFUSED, new SignIn.Refused()));
            }
            return code(without.actor(), factor, door.code().get());
        }

        /** What is refused because of the code; a right one is used up. */
        private Optional<SignIn> code(Account actor, SecondFactor factor, Secret code) {
            Optional<Instant> closed = codesClosedUntil(factor);
            if (closed.isPresent()) {
                return Optional.of(end(Outcome.THROTTLED, new SignIn.Throttled(closed.get())));
            }
            if (factor.secret().isEmpty() && Totp.looksLike(code)) {
                tell(Outcome.BUSY);
                throw new StoreUnavailable("the key with which this second factor is sealed is not here", false);
            }
            OptionalLong step = factor.secret().isEmpty()
                    ? OptionalLong.empty()
                    : Totp.step(factor.secret().get(), code, now, factor.lastStep());
            if (step.isPresent() && store.useStep(actor.id(), step.getAsLong())) {
                return Optional.empty();
            }
            byte[] digest = RecoveryCode.digest(actor.id(), code);
            if (!Totp.looksLike(code) && store.useRecoveryCode(actor.id(), digest)) {
                which = Optional.of("recovery-code");
                return Optional.empty();
            }
            which = Optional.of("wrong-code");
            store.countWrongCode(actor.id(), now);
            return Optional.of(refused(ByteBuffer.wrap(digest).getLong()));
        }

        /** Nobody guesses 128 bits: whoever has them is let in though others guess from the same network. */
        SignIn judge(DevicePassword given) {
            AccountId subject = new AccountId(found.subject());
            byte[] digest = given.digest(subject);
            Optional<Device> fits = Optional.empty();
            for (Device each : found.devices()) {
                if (MessageDigest.isEqual(each.digest(), digest)) {
                    fits = Optional.of(each);
                }
            }
            if (fits.isEmpty()) {
                which = Optional.of("unknown-device");
                Optional<Instant> closed = throttle.closedUntil(found, now);
                return closed.isPresent()
                        ? end(Outcome.THROTTLED, new SignIn.Throttled(closed.get()))
                        : refused(ByteBuffer.wrap(digest).getLong());
            }
            device = fits.map(Device::id);
            Optional<Account> opened = login.asksForFunction() ? found.function() : found.holder();
            if (!mayHolderSignIn()
                    || opened.isEmpty()
                    || !fits.get().protocols().contains(protocol)) {
                return end(Outcome.REFUSED, new SignIn.Refused()); // it is the right secret, and no guess
            }
            noteGood();
            noteUse(fits.get());
            return granted(
                    opened.get(),
                    found.holder().orElseThrow(),
                    Ground.ofDevice(fits.get().id(), found.signOuts()));
        }

        /**
         * A token that is the provider's and serves: that is no guess, whatever it opens.
         *
         * @param said whom the client says it is, if it does
         */
        SignIn judge(AccessTokens.Judged.Right token, Login said, boolean says) {
            Optional<Account> holder = found.holder().filter(it -> it.kind() == Account.Kind.PERSON);
            boolean itself = !says || (!said.asksForFunction() && isOf(holder, said.holder()));
            boolean named = itself || !said.asksForFunction() || isOf(holder, said.holder());
            Optional<Account> opened = itself ? holder : found.function();
            if (holder.isEmpty() || !named || opened.isEmpty() || !mayHolderSignIn()) {
                return notOpened("token-account");
            }
            if (found.signedOut().filter(it -> !token.issued().isAfter(it)).isPresent()) {
                return notOpened("token-signed-out");
            }
            List<String> methods =
                    settings.openid().map(OpenIdSettings::secondFactorMethods).orElse(List.of());
            if (found.secondFactor().isPresent()
                    && !methods.isEmpty()
                    && Collections.disjoint(methods, token.methods())) {
                return notOpened("token-second-factor");
            }
            which = Optional.of("token");
            noteGood();
            return granted(
                    opened.get(),
                    holder.get(),
                    itself ? FunctionAccess.HOLDER : found.access().orElseThrow(),
                    Ground.ofToken(token.until(), found.signOuts()));
        }

        private SignIn notOpened(String why) {
            which = Optional.of(why);
            return end(Outcome.REFUSED, new SignIn.Refused());
        }

        private static boolean isOf(Optional<Account> holder, Optional<MailAddress> address) {
            return address.isPresent()
                    && holder.filter(it -> it.addresses().contains(address.get()))
                            .isPresent();
        }

        /** A token that opens nothing counts as a wrong secret, unless the provider has signed it. */
        SignIn wrong(Secret token, AccessTokens.Reason reason) {
            String why = "token-" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (reason.isSigned()) {
                return notOpened(why);
            }
            which = Optional.of(why);
            Optional<Instant> closed = throttle.closedUntil(found, now);
            return closed.isPresent()
                    ? end(Outcome.THROTTLED, new SignIn.Throttled(closed.get()))
                    : refused(mark(token));
        }

        private static long mark(Secret token) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256")
                        .digest(token.reveal().getBytes(StandardCharsets.UTF_8));
                return ByteBuffer.wrap(digest).getLong();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        /** Makes host and network known to be the account's. */
        private void noteGood() {
            if (!isFresh()) {
                store.settle(found.subject(), origin.host(), now, before -> throttle.succeeded(before, now));
                store.settle(found.subject(), origin.network(), now, before -> throttle.succeeded(before, now));
            }
        }

        private void noteUse(Device used) {
            DevicePasswords.Use use = new DevicePasswords.Use(now, origin.network(), protocol);
            boolean moved = used.lastUse()
                    .filter(it -> it.network().equals(use.network()))
                    .isEmpty();
            Instant unless = now.minus(moved ? USE_EVERY_ELSEWHERE : USE_EVERY);
            if (used.lastUse().filter(it -> it.at().isAfter(unless)).isEmpty()) {
                store.used(used.id(), use, unless);
            }
        }

        private SignIn granted(Account opened, Account actor, Ground ground) {
            return granted(
                    opened,
                    actor,
                    login.asksForFunction() ? found.access().orElseThrow() : FunctionAccess.HOLDER,
                    ground);
        }

        private SignIn granted(Account opened, Account actor, FunctionAccess access, Ground ground) {
            return end(Outcome.GRANTED, new SignIn.Granted(opened, actor, access, ground));
        }

        SignIn end(Outcome outcome, SignIn answer) {
            tell(outcome);
            return answer;
        }

        void tell(Outcome outcome) {
            log.record(new SignInEvent(
                    outcome,
                    found.holder().map(Account::id),
                    found.function().map(Account::id),
                    device,
                    which,
                    origin.network(),
                    protocol));
        }

        private SignIn refused(long mark) {
            Attempts known = throttle.governing(found, now);
            if (throttle.failed(known, mark, now).equals(known)) {
                return end(Outcome.REFUSED, new SignIn.Refused()); // the same wrong secret again
            }
            Settled settled =
                    store.settle(found.subject(), governing(), now, before -> throttle.failed(before, mark, now));
            if (!settled.after().equals(settled.before())) {
                store.countFailure(origin.site(), now, now.minus(settings.networkWindow()));
            }
            sweep(now);
            return closed(settled.before())
                    .map(until -> end(Outcome.THROTTLED, new SignIn.Throttled(until)))
                    .orElseGet(() -> end(Outcome.REFUSED, new SignIn.Refused()));
        }

        /**
         * Makes host and network known to be the account's, unless others have closed them while this secret was hashed: who
         * asks many times at once does not get past the throttle.
         *
         * @return until when they are closed
         */
        private Optional<Instant> recordSuccess() {
            Settled settled = store.settle(
                    found.subject(),
                    governing(),
                    now,
                    before -> closed(before).isPresent() ? before : throttle.succeeded(before, now));
            Optional<Instant> closed = closed(settled.before());
            if (closed.isEmpty()) {
                String other = governing().equals(origin.host()) ? origin.network() : origin.host();
                store.settle(found.subject(), other, now, before -> throttle.succeeded(before, now));
            }
            return closed;
        }

        private void hashAgain(Account actor, String stored, byte[] secret) {
            try {
                String hash = hashes.hash(secret);
                if (store.replaceHash(actor.id(), stored, hash)) {
                    verified.hashedAgain(found.subject(), hash, secret);
                }
            } catch (PasswordHashes.Busy e) {
                // the next sign-in does it
            }
        }

        /** Whoever has the code of an account that was never active makes it so. */
        private boolean mayHolderSignIn() {
            return found.holder()
                    .map(Account::state)
                    .filter(it -> it.signsIn() || (protocol == Protocol.ACTIVATION && it == Account.State.CREATED))
                    .isPresent();
        }

        private boolean isFresh() {
            return throttle.isFresh(found.host(), now) && throttle.isFresh(found.network(), now);
        }

        /** The host or network whose count decides. */
        private String governing() {
            return throttle.countsByHost(found, now) ? origin.host() : origin.network();
        }

        private Optional<Instant> closed(Attempts attempts) {
            return throttle.closedUntil(attempts, now);
        }
    }
}
