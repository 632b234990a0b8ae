package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.signin.BearerTokens.Outcome;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.directory.signin.Totp;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.Secret;

/** A second factor: what it closes, what it opens, and how it ends. */
class SecondFactorTest extends SignInTest {
    private SecondFactors factors;
    private AccountId akossiwa;

    @BeforeEach
    void begin() {
        factors = directories.secondFactors();
        akossiwa = account(SmallState.AKOSSIWA).id();
    }

    @Test
    void closesMailAndLdapToTheMainPasswordAndNotToDevicePasswords() {
        String device = as(() -> directories
                .devicePasswords()
                .issue(akossiwa, "Téléphone", Set.of(Protocol.IMAP), Optional.empty())
                .password()
                .reveal());
        AtomicBoolean ended = new AtomicBoolean();
        directories.sessions().began(granted(akossiwa(RIGHT, OFFICE)), Protocol.IMAP, OFFICE, () -> ended.set(true));
        enrol();
        assertThat(waited(ended)).isTrue();
        for (Protocol each : List.of(Protocol.IMAP, Protocol.SMTP, Protocol.MANAGESIEVE, Protocol.DAV, Protocol.LDAP)) {
            assertRefused(signIns.signIn(SmallState.AKOSSIWA.toString(), new Secret(RIGHT), OFFICE, each));
        }
        assertGranted(akossiwa(device, OFFICE));
        assertThat(trail.events())
                .filteredOn(AuditEvent.SignIn.class::isInstance)
                .filteredOn(event ->
                        event.counterpart().equals(Optional.of(new Subject(Subject.Kind.SECRET, "main-password"))))
                .hasSize(5);
    }

    @Test
    void aRightMainPasswordAtAClosedDoorCountsAsAWrongOneOnce() {
        enrol();
        for (int i = 0; i < 10; i++) {
            assertRefused(akossiwa(RIGHT, ELSEWHERE));
        }
        guess(SmallState.AKOSSIWA, TestSettings.FREE, ELSEWHERE);
        assertThrottled(akossiwa(RIGHT, ELSEWHERE), TestSettings.WAIT);
    }

    @Test
    void theWebAsksForACodeThatServesOnce() {
        byte[] secret = enrol();
        assertThat(token(Optional.empty())).isInstanceOf(Outcome.CodeNeeded.class);
        pass(Duration.ofSeconds(90));
        String code = Totp.code(secret, now());
        assertThat(token(Optional.of("000000".equals(code) ? "111111" : "000000")))
                .isEqualTo(new Outcome.Refused());
        assertThat(token(Optional.of(code))).isInstanceOf(Outcome.Issued.class);
        assertThat(token(Optional.of(code))).as("again").isEqualTo(new Outcome.Refused());
        pass(Duration.ofSeconds(30));
        assertThat(token(Optional.of(Totp.code(secret, now())))).isInstanceOf(Outcome.Issued.class);
        assertThat(directories
                        .bearerTokens()
                        .issue(
                                SmallState.AKOSSIWA.toString(),
                                new Secret("faux"),
                                Optional.of(new Secret(code)),
                                OFFICE))
                .isEqualTo(new Outcome.Refused());
    }

    @Test
    void aRecoveryCodeServesOnceInTheOwnersAccountOnly() {
        List<String> codes = new ArrayList<>();
        enrol(codes);
        assertThat(codes).hasSize(10).doesNotHaveDuplicates();
        assertThat(token(Optional.of(codes.getFirst()))).isInstanceOf(Outcome.Issued.class);
        assertThat(token(Optional.of(codes.getFirst()))).isEqualTo(new Outcome.Refused());
        assertThat(factors.of(akossiwa).recoveryCodes()).isEqualTo(9);
        assertThat(query("select count(*)::text from recovery_code where length(digest) = 32"))
                .containsExactly("9");
    }

    @Test
    void wrongCodesFromManyNetworksCloseTheDoorToThePasswordTheyCameWith() {
        byte[] secret = enrol();
        pass(Duration.ofSeconds(90));
        for (int i = 0; i < 20; i++) {
            assertThat(directories
                            .bearerTokens()
                            .issue(
                                    SmallState.AKOSSIWA.toString(),
                                    new Secret(RIGHT),
                                    Optional.of(new Secret("wrong " + i)),
                                    address("10." + i + ".0.1")))
                    .isEqualTo(new Outcome.Refused());
        }
        assertThat(token(Optional.of(Totp.code(secret, now())))).isInstanceOf(Outcome.Throttled.class);
        pass(Duration.ofMinutes(61));
        assertThat(token(Optional.of(Totp.code(secret, now())))).isInstanceOf(Outcome.Issued.class);
    }

    @Test
    void isOnOnlyAfterARightFirstCodeAndOffOnlyWithACode() {
        SecondFactors.Enrolment begun = as(() -> factors.begin(akossiwa));
        assertThat(begun.uri().toString())
                .startsWith("otpauth://totp/Messagerie:akossiwa.mensah%40gouv.tg?secret="
                        + begun.secret().reveal());
        assertThat(begun.secret().reveal()).hasSize(32);
        assertRefused(Reason.BAD_CODE, () -> as(() -> factors.confirm(akossiwa, new Secret("wrong"))));
        assertThat(factors.of(akossiwa).since()).isEmpty();
        assertGranted(akossiwa(RIGHT, OFFICE));
        List<String> codes = new ArrayList<>();
        enrol(codes);
        assertRefused(Reason.SECOND_FACTOR_ON, () -> as(() -> factors.begin(akossiwa)));
        assertRefused(Reason.BAD_CODE, () -> as(() -> factors.off(akossiwa, Optional.of(new Secret("123")))));
        assertRefused(Reason.BAD_CODE, () -> as(() -> factors.off(akossiwa, Optional.empty())));
        assertThat(as(() -> factors.off(akossiwa, Optional.of(new Secret(codes.getLast())))))
                .isTrue();
        assertGranted(akossiwa(RIGHT, OFFICE));
        assertThat(trail.events())
                .extracting(AuditEvent::act)
                .contains("directory-second-factor-on", "directory-second-factor-off");
    }

    @Test
    void whoHasATokenDoesNotTryAllCodesToTurnItOff() {
        List<String> codes = new ArrayList<>();
        enrol(codes);
        for (int i = 0; i < SecondFactors.WRONG_CODES_MAX; i++) {
            assertRefused(Reason.BAD_CODE, () -> as(() -> factors.off(akossiwa, Optional.of(new Secret("12345")))));
        }
        Optional<Secret> right = Optional.of(new Secret(codes.getLast()));
        assertRefused(Reason.TOO_MANY_CODES, () -> as(() -> factors.off(akossiwa, right)));
        pass(SecondFactors.WRONG_CODES_WINDOW);
        assertThat(as(() -> factors.off(akossiwa, right))).isTrue();
    }

    @Test
    void anotherTurnsItOffByRightOnly() {
        enrol();
        AccountId kofi = account(SmallState.KOFI).id();
        assertRefused(Reason.NO_RIGHT, () -> as(kofi, () -> factors.off(akossiwa, Optional.empty())));
        assertThat(factors.of(akossiwa).since()).isPresent();
        assertThat(factors.off(akossiwa, Optional.empty())).as("the program").isTrue();
        assertThat(factors.off(akossiwa, Optional.empty())).isFalse();
    }

    @Test
    void theTelephonesSecretIsNotInTheDatabaseAndItsKeyIsInAFileForItsOwnerAlone() throws IOException {
        byte[] secret = enrol();
        assertThat(query("select f::text from second_factor f"))
                .singleElement()
                .asString()
                .doesNotContain(HexFormat.of().formatHex(secret));
        Path key = data.resolve("directory/second-factor.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(Base64.getDecoder().decode(Files.readString(key).strip())).hasSize(32);
    }

    @Test
    void whatAnEarlierVersionLeftInTheClearIsSealedAtTheStart() {
        byte[] secret = enrol();
        look.autoCommit(c -> Sql.update(c, "update second_factor set secret = ?, key_name = null", (Object) secret));
        pass(Duration.ofSeconds(90));
        assertThat(token(Optional.of(Totp.code(secret, now())))).isInstanceOf(Outcome.Issued.class);
        try (Database other = database();
                Directories _ = beside(other, data)) {
            assertThat(query("select encode(secret, 'hex') from second_factor where key_name is not null"))
                    .singleElement()
                    .isNotEqualTo(HexFormat.of().formatHex(secret));
        }
        pass(Duration.ofSeconds(90));
        assertThat(token(Optional.of(Totp.code(secret, now())))).isInstanceOf(Outcome.Issued.class);
    }

    @Test
    void withoutTheKeyNoRightCodeIsCalledWrongAndNoOtherKeyIsMade(@TempDir Path elsewhere) {
        List<String> codes = new ArrayList<>();
        byte[] secret = enrol(codes);
        pass(Duration.ofSeconds(90));
        AccountId kofi = account(SmallState.KOFI).id();
        try (Database its = database();
                Directories other = beside(its, elsewhere)) {
            Secret right = new Secret(Totp.code(secret, now()));
            assertThatThrownBy(() -> token(other, Optional.of(right.reveal()))).isInstanceOf(StoreUnavailable.class);
            assertThat(token(other, Optional.of(codes.getFirst()))).isInstanceOf(Outcome.Issued.class);
            assertThatThrownBy(() -> as(kofi, () -> other.secondFactors().begin(kofi)))
                    .isInstanceOf(StoreUnavailable.class);
            assertThat(elsewhere.resolve("directory")).doesNotExist();
        }
        assertThat(token(Optional.of(Totp.code(secret, now())))).isInstanceOf(Outcome.Issued.class);
    }

    @Test
    void aSealedSecretIsOfNoUseInAnothersAccount() {
        byte[] secret = enrol();
        AccountId kofi = account(SmallState.KOFI).id();
        look.autoCommit(c -> Sql.update(
                c,
                "insert into second_factor(account_id, secret, key_name, made, confirmed)"
                        + " select ?, secret, key_name, made, confirmed from second_factor",
                kofi.value()));
        provisioning.password(kofi, new Secret(RIGHT));
        pass(Duration.ofSeconds(90));
        assertThatThrownBy(() -> directories
                        .bearerTokens()
                        .issue(
                                SmallState.KOFI.toString(),
                                new Secret(RIGHT),
                                Optional.of(new Secret(Totp.code(secret, now()))),
                                OFFICE))
                .isInstanceOf(StoreUnavailable.class);
    }

    /** The same, for another node. */
    private Database database() {
        return Databases.open(TestDatabase.settings(TestDatabase.url(database), TestDatabase.password()), data);
    }

    private Directories beside(Database its, Path folder) {
        return Directories.open(its, settings(), folder, trail, (_, _) -> {}, clock, new SecureRandom());
    }

    private byte[] enrol() {
        return enrol(new ArrayList<>());
    }

    private byte[] enrol(List<String> codes) {
        byte[] secret =
                new Base32().decode(as(() -> factors.begin(akossiwa)).secret().reveal());
        as(() -> factors.confirm(akossiwa, new Secret(Totp.code(secret, now()))))
                .forEach(code -> codes.add(code.reveal()));
        return secret;
    }

    private Outcome token(Optional<String> code) {
        return token(directories, code);
    }

    private static Outcome token(Directories node, Optional<String> code) {
        return node.bearerTokens()
                .issue(SmallState.AKOSSIWA.toString(), new Secret(RIGHT), code.map(Secret::new), OFFICE);
    }

    private <T> T as(Supplier<T> act) {
        return as(akossiwa, act);
    }

    private <T> T as(AccountId actor, Supplier<T> act) {
        AtomicReference<T> result = new AtomicReference<>();
        new Circumstances(
                        clock.instant(),
                        new Actor.Account(actor.value()),
                        Optional.empty(),
                        new Origin.Remote("41.207.10.0/24", "http"))
                .run(() -> result.set(act.get()));
        return result.get();
    }

    private static void assertRefused(Reason reason, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        ProvisioningRefused.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }

    private static boolean waited(AtomicBoolean ended) {
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!ended.get() && System.nanoTime() < until) {
            LockSupport.parkNanos(10_000_000);
        }
        return ended.get();
    }
}
