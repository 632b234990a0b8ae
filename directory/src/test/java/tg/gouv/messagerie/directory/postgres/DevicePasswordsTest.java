package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.signin.DevicePassword;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Device;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Issued;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Use;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.settings.Secret;

/** A device password opens what it is for, until it is revoked; it costs no hash, and nobody keeps it out. */
class DevicePasswordsTest extends SignInTest {
    private static final Set<Protocol> MAIL = Set.of(Protocol.IMAP, Protocol.SMTP);

    private DevicePasswords devices;
    private AccountId akossiwa;

    @BeforeEach
    void devices() {
        devices = directories.devicePasswords();
        akossiwa = account(SmallState.AKOSSIWA).id();
        trail.events().clear();
    }

    @Test
    void opensItsProtocolsAndNoOther() {
        Issued phone = issue("Téléphone", MAIL);
        assertGranted(with(phone, Protocol.IMAP), account(SmallState.AKOSSIWA), account(SmallState.AKOSSIWA));
        assertGranted(with(phone, Protocol.SMTP));
        for (Protocol other : List.of(
                Protocol.MANAGESIEVE, Protocol.JMAP, Protocol.DAV, Protocol.LDAP, Protocol.WEB, Protocol.ACTIVATION)) {
            assertRefused(with(phone, other));
        }
        assertThat(query("select 1 from sign_in_attempts where failures > 0")).isEmpty();
        assertGranted(akossiwa(RIGHT, OFFICE));
        assertThat(hashes()).isOne();
    }

    @Test
    void opensTheFunctionMailboxOfItsHolder() {
        Issued phone = issue("Téléphone", MAIL);
        assertGranted(
                signIn(SmallState.BUDGET + "*" + SmallState.AKOSSIWA, secret(phone), OFFICE),
                account(SmallState.BUDGET),
                account(SmallState.AKOSSIWA));
    }

    @Test
    void isNobodyElses() {
        Issued phone = issue("Téléphone", MAIL);
        assertRefused(signIn(SmallState.KOFI, secret(phone), OFFICE));
        assertRefused(signIn("nobody@gouv.tg", secret(phone), OFFICE));
        assertThat(hashes()).isZero();
    }

    @Test
    void aWrongOneIsRefusedWithoutAHashAndCountedOnce() {
        String wrong = DevicePassword.random(new SecureRandom()).shown().reveal();
        for (int i = 0; i < TestSettings.FREE + 3; i++) {
            assertRefused(akossiwa(wrong, OFFICE));
        }
        assertThat(hashes()).isZero();
        assertThat(query("select failures from sign_in_attempts where failures > 0"))
                .containsExactly("1");
    }

    @Test
    void whoGuessesIsMadeToWaitAndDoesNotKeepTheOwnersDeviceOut() {
        Issued phone = issue("Téléphone", MAIL);
        for (InetAddress place : List.of(OFFICE, ELSEWHERE)) {
            for (int i = 0; i < TestSettings.FREE + 1; i++) {
                akossiwa(DevicePassword.random(new SecureRandom()).shown().reveal(), place);
            }
            assertThat(akossiwa("guess", place)).isInstanceOf(SignIn.Throttled.class);
            assertThat(akossiwa(
                            DevicePassword.random(new SecureRandom()).shown().reveal(), place))
                    .isInstanceOf(SignIn.Throttled.class);
            assertGranted(signIn(SmallState.AKOSSIWA, secret(phone), place));
        }
        assertThat(hashes()).isZero();
    }

    @Test
    void revokedOneOpensNothingAtOnceOnEveryPath() {
        Issued phone = issue("Téléphone", MAIL);
        Issued tablet = issue("Tablette", MAIL);
        assertGranted(with(phone, Protocol.IMAP));
        assertThat(devices.revoke(akossiwa, phone.id())).isTrue();
        assertRefused(with(phone, Protocol.IMAP));
        assertGranted(with(tablet, Protocol.IMAP));
        assertThat(devices.revoke(akossiwa, phone.id())).isFalse();
        assertThat(devices.revoke(account(SmallState.KOFI).id(), tablet.id())).isFalse();
        assertThat(devices.revokeAll(akossiwa)).isOne();
        assertRefused(with(tablet, Protocol.IMAP));
        assertThat(devices.of(akossiwa)).isEmpty();
    }

    @Test
    void ofASuspendedAccountOpensNothing() {
        Issued phone = issue("Téléphone", MAIL);
        provisioning.state(akossiwa, Account.State.SUSPENDED);
        assertRefused(with(phone, Protocol.IMAP));
        provisioning.state(akossiwa, Account.State.ACTIVE);
        assertGranted(with(phone, Protocol.IMAP));
    }

    @Test
    void expires() {
        Instant end = now().plus(Duration.ofDays(1));
        Issued visit = devices.issue(akossiwa, "Visite", MAIL, Optional.of(end));
        assertGranted(with(visit, Protocol.IMAP));
        pass(Duration.ofDays(1));
        assertRefused(with(visit, Protocol.IMAP));
        assertThat(devices.of(akossiwa))
                .hasSize(1)
                .first()
                .extracting(Device::expires)
                .isEqualTo(Optional.of(end));
    }

    @Test
    void itsLastUseIsWrittenNowAndThen() {
        Issued phone = issue("Téléphone", MAIL);
        assertThat(lastUse()).isEmpty();
        Instant first = now();
        assertGranted(with(phone, Protocol.IMAP));
        assertThat(lastUse()).contains(new Use(first, "41.207.10.0/24", Protocol.IMAP));
        pass(Duration.ofMinutes(9));
        assertGranted(with(phone, Protocol.SMTP));
        assertThat(lastUse().orElseThrow().at()).isEqualTo(first);
        assertGranted(signIn(SmallState.AKOSSIWA, secret(phone), ELSEWHERE));
        assertThat(lastUse()).contains(new Use(now(), "196.168.17.0/24", Protocol.IMAP));
        pass(Duration.ofMinutes(10));
        assertGranted(signIn(SmallState.AKOSSIWA, secret(phone), ELSEWHERE));
        assertThat(lastUse().orElseThrow().at()).isEqualTo(now());
    }

    @Test
    void theTrailTellsOfEachActAndWithWhichDeviceSomebodySignedIn() {
        Issued phone = issue("Téléphone", MAIL);
        with(phone, Protocol.IMAP);
        with(phone, Protocol.LDAP);
        devices.revoke(akossiwa, phone.id());
        Subject device = new Subject(Subject.Kind.DEVICE, phone.id().toString());
        Subject named = new Subject(Subject.Kind.DEVICE, phone.id() + "/Téléphone");
        assertThat(trail.events())
                .extracting(
                        AuditEvent::act,
                        AuditEvent::counterpart,
                        it -> it.outcome().text())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "directory-device-password-issued", Optional.of(named), "done"),
                        org.assertj.core.groups.Tuple.tuple("sign-in", Optional.of(device), "done"),
                        org.assertj.core.groups.Tuple.tuple("sign-in", Optional.of(device), "refused"),
                        org.assertj.core.groups.Tuple.tuple(
                                "directory-device-password-revoked", Optional.of(named), "done"));
        assertThat(trail.events().toString()).doesNotContain(secret(phone));
    }

    @Test
    void whatCannotBeIsRefused() {
        issue("Téléphone", MAIL);
        assertReason(Reason.DEVICE_NAME_TAKEN, () -> issue(" Téléphone ", MAIL));
        assertReason(Reason.BAD_DEVICE_NAME, () -> issue(" ", MAIL));
        assertReason(Reason.BAD_DEVICE_NAME, () -> issue("a\nb", MAIL));
        assertReason(Reason.BAD_DEVICE_NAME, () -> issue("a".repeat(101), MAIL));
        assertReason(Reason.NO_DEVICE_PROTOCOL, () -> issue("b", Set.of()));
        assertReason(Reason.NO_DEVICE_PROTOCOL, () -> issue("b", Set.of(Protocol.WEB)));
        assertReason(Reason.BAD_EXPIRY, () -> devices.issue(akossiwa, "b", MAIL, Optional.of(now())));
        assertReason(
                Reason.UNKNOWN_ACCOUNT,
                () -> devices.issue(new AccountId(new UUID(1, 1)), "b", MAIL, Optional.empty()));
        assertReason(
                Reason.NO_PASSWORD_FOR_A_FUNCTION,
                () -> devices.issue(account(SmallState.BUDGET).id(), "b", MAIL, Optional.empty()));
        for (int i = 1; i < 5; i++) {
            issue("Appareil " + i, MAIL);
        }
        assertReason(Reason.TOO_MANY_DEVICES, () -> issue("b", MAIL));
        provisioning.state(akossiwa, Account.State.SUSPENDED);
        assertReason(Reason.NOT_ACTIVE, () -> issue("b", MAIL));
    }

    private static void assertReason(Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable act) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        ProvisioningRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private Optional<Use> lastUse() {
        return devices.of(akossiwa).getFirst().lastUse();
    }

    private Issued issue(String name, Set<Protocol> protocols) {
        return devices.issue(akossiwa, name, protocols, Optional.empty());
    }

    private SignIn with(Issued device, Protocol protocol) {
        return signIns.signIn(SmallState.AKOSSIWA.toString(), new Secret(secret(device)), OFFICE, protocol);
    }

    private static String secret(Issued device) {
        return device.password().reveal();
    }
}
