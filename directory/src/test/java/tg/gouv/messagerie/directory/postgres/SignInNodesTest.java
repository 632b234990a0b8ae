package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.signin.Attempts;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.PasswordHashes;
import tg.gouv.messagerie.directory.signin.SecretSignIns;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignInEvent;
import tg.gouv.messagerie.directory.signin.SignInSettings;
import tg.gouv.messagerie.directory.signin.SignInStore;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Secret;

/** What nodes share, what a restart keeps, and what one sign-in costs. */
class SignInNodesTest extends SignInTest {
    @TempDir
    Path folder;

    @Test
    void wrongSecretsCountOnEveryNodeAndAfterARestart() {
        guess(SmallState.AKOSSIWA, TestSettings.FREE, OFFICE);
        assertRefused(akossiwa("last year's", OFFICE));
        try (Database second = secondDatabase();
                Directories node =
                        Directories.open(second, settings(), data, trail, (_, _) -> {}, clock, new SecureRandom())) {
            assertThrottled(signIn(node, RIGHT), TestSettings.WAIT);
            pass(TestSettings.WAIT);
            assertRefused(signIn(node, "last year's")); // seen before, by another node
            assertGranted(signIn(node, RIGHT));
        }
    }

    @Test
    void aPasswordHashedWithOtherParametersIsHashedAgainAtSignIn() {
        String before = query("select hash from credential order by hash").getFirst();
        try (Database second = secondDatabase();
                Directories node = Directories.open(
                        second, TestSettings.with(2, 2), data, trail, (_, _) -> {}, clock, new SecureRandom())) {
            assertThat(before).startsWith("$argon2id$v=19$m=8192,t=1,p=1$");
            assertRefused(signIn(node, "wrong"));
            assertThat(query("select hash from credential where hash like '%t=2%'"))
                    .isEmpty();
            assertGranted(signIn(node, RIGHT));
            assertThat(query("select hash from credential where hash like '$argon2id$v=19$m=8192,t=2,p=1$%'"))
                    .hasSize(1);
            long hashed = node.passwordHashes();
            assertGranted(signIn(node, RIGHT));
            assertThat(node.passwordHashes()).isEqualTo(hashed).isEqualTo(3);
        }
    }

    @Test
    void whenPostgresqlDoesNotAnswerNothingIsCalledWrong() {
        Database second = secondDatabase();
        try (Directories node =
                Directories.open(second, settings(), data, trail, (_, _) -> {}, clock, new SecureRandom())) {
            assertGranted(signIn(node, RIGHT));
            second.close();
            assertThatThrownBy(() -> signIn(node, RIGHT)).isInstanceOf(StoreUnavailable.class);
            assertThatThrownBy(() -> node.directory().byAddress(SmallState.KOFI))
                    .isInstanceOf(StoreUnavailable.class);
        }
    }

    @Test
    void aRememberedSecretCostsOneQuestionAndAnyOtherAFewStatementsMore() {
        CountingStore store = new CountingStore(
                PostgresSignInStore.ofPasswords(look, new FactorKeys(Optional.empty(), data, new SecureRandom())));
        List<SignInEvent> events = new ArrayList<>();
        SignInSettings settings = settings().signIn();
        try (PasswordHashes hashes = new PasswordHashes(settings, new SecureRandom())) {
            SecretSignIns node = new SecretSignIns(store, hashes, settings, clock, new SecureRandom(), events::add);
            node.signIn(SmallState.AKOSSIWA.toString(), new Secret(RIGHT), OFFICE, Protocol.SMTP);
            assertThat(store.calls).containsExactly("find", "settle", "settle");
            store.calls.clear();
            assertGranted(node.signIn(SmallState.AKOSSIWA.toString(), new Secret(RIGHT), OFFICE, Protocol.SMTP));
            assertThat(store.calls).containsExactly("find");
            store.calls.clear();
            node.signIn("nobody@gouv.tg", new Secret("wrong"), OFFICE, Protocol.SMTP);
            assertThat(store.calls).containsExactly("find", "settle", "count", "sweep");
            store.calls.clear();
            node.signIn("nobody@gouv.tg", new Secret("wrong"), OFFICE, Protocol.SMTP);
            assertThat(store.calls).containsExactly("find");
        }
        assertThat(events)
                .extracting(SignInEvent::outcome)
                .containsExactly(
                        SignInEvent.Outcome.GRANTED,
                        SignInEvent.Outcome.GRANTED,
                        SignInEvent.Outcome.REFUSED,
                        SignInEvent.Outcome.REFUSED);
        assertThat(events.getFirst().actor())
                .contains(account(SmallState.AKOSSIWA).id());
        assertThat(events.getLast().actor()).isEmpty();
    }

    @Test
    void whoFindsAllHashesBusyIsToldToTryAgainAndNothingIsCounted() {
        SignInSettings impatient = impatient(settings().signIn());
        try (PasswordHashes hashes = new PasswordHashes(impatient, new SecureRandom())) {
            SecretSignIns node = new SecretSignIns(
                    PostgresSignInStore.ofPasswords(look, new FactorKeys(Optional.empty(), data, new SecureRandom())),
                    hashes,
                    impatient,
                    clock,
                    new SecureRandom(),
                    _ -> {});
            for (int i = 0; i < TestSettings.FREE + 2; i++) {
                // What nobody has is compared at the cost of today's settings.
                SignIn outcome = node.signIn("nobody@gouv.tg", new Secret("guess " + i), OFFICE, Protocol.SMTP);
                assertThrottled(outcome, Duration.ofSeconds(5));
            }
        }
        assertGranted(akossiwa(RIGHT, OFFICE));
        assertThat(query("select 1 from sign_in_attempts where failures > 0")).isEmpty();
    }

    private SignIn signIn(Directories node, String secret) {
        return node.signIns().signIn(SmallState.AKOSSIWA.toString(), new Secret(secret), OFFICE, Protocol.IMAP);
    }

    private Database secondDatabase() {
        return Databases.open(TestDatabase.settings(TestDatabase.url(database), TestDatabase.password()), folder);
    }

    /** Waits for no hash. */
    private static SignInSettings impatient(SignInSettings usual) {
        return new SignInSettings(
                3,
                ByteSize.parse("64MB"), // far longer than anybody waits, however busy the machine is
                usual.hashLanes(),
                usual.hashesMax(),
                usual.hashesWaitingMax(),
                Duration.ofNanos(1),
                usual.verifiedMax(),
                usual.failuresFree(),
                usual.waitFirst(),
                usual.waitMax(),
                usual.waitMaxKnown(),
                usual.forgetAfter(),
                usual.knownFor(),
                usual.networkFailuresMax(),
                usual.networkWindow(),
                usual.logEvery(),
                usual.connectionsMax(),
                usual.passwordLengthMin(),
                usual.devicePasswordsMax(),
                usual.sessionsEvery(),
                usual.webSessionIdle(),
                usual.webSessionMax(),
                usual.secondFactorOfAdministrators(),
                usual.secondFactorKey(),
                usual.openid());
    }

    /** The real store, and what was asked of it. */
    private static final class CountingStore implements SignInStore {
        private final SignInStore store;
        private final List<String> calls = new ArrayList<>();

        CountingStore(SignInStore store) {
            this.store = store;
        }

        @Override
        public Found find(Asked asked) {
            calls.add("find");
            return store.find(asked);
        }

        @Override
        public Settled settle(UUID subject, String network, Instant now, UnaryOperator<Attempts> change) {
            calls.add("settle");
            return store.settle(subject, network, now, change);
        }

        @Override
        public void countFailure(String site, Instant now, Instant forgotten) {
            calls.add("count");
            store.countFailure(site, now, forgotten);
        }

        @Override
        public boolean replaceHash(AccountId account, String before, String after) {
            calls.add("replace");
            return store.replaceHash(account, before, after);
        }

        @Override
        public void used(UUID device, DevicePasswords.Use use, Instant unless) {
            calls.add("used");
            store.used(device, use, unless);
        }

        @Override
        public boolean useStep(AccountId account, long step) {
            calls.add("step");
            return store.useStep(account, step);
        }

        @Override
        public boolean useRecoveryCode(AccountId account, byte[] digest) {
            calls.add("recovery");
            return store.useRecoveryCode(account, digest);
        }

        @Override
        public boolean hasRecoveryCode(AccountId subject, byte[] digest) {
            calls.add("has-recovery");
            return store.hasRecoveryCode(subject, digest);
        }

        @Override
        public void countWrongCode(AccountId account, Instant now) {
            calls.add("wrong-code");
            store.countWrongCode(account, now);
        }

        @Override
        public void sweep(Instant attemptsBefore, Instant sitesBefore) {
            calls.add("sweep");
            store.sweep(attemptsBefore, sitesBefore);
        }
    }
}
