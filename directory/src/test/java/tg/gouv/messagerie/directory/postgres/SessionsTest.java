package tg.gouv.messagerie.directory.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Imports.Report;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Issued;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.Secret;

/** What was opened ends, on every node, when what it stands on does; and nothing else ends. */
class SessionsTest extends SignInTest {
    private static final Duration WITHIN = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final List<Started> started = new ArrayList<>();
    private Database second;
    private Directories other;
    private AccountId akossiwa;
    private Issued phone;

    /** A session, and whether it was ended. */
    private final class Started {
        final CountDownLatch ended = new CountDownLatch(1);
        final Sessions.Session session;

        Started(Directories node, String login, String secret) {
            session = node.sessions()
                    .began(
                            granted(node.signIns().signIn(login, new Secret(secret), OFFICE, Protocol.IMAP)),
                            Protocol.IMAP,
                            OFFICE,
                            ended::countDown);
            started.add(this);
        }

        void assertEnds() {
            try {
                assertThat(ended.await(WITHIN.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean isOpen() {
            return ended.getCount() > 0;
        }
    }

    @BeforeEach
    void nodes() {
        second = Databases.open(TestDatabase.settings(TestDatabase.url(database), TestDatabase.password()), folder);
        other = Directories.open(second, settings(), data, trail, (_, _) -> {}, clock, new SecureRandom());
        akossiwa = account(SmallState.AKOSSIWA).id();
        phone = directories.devicePasswords().issue(akossiwa, "Téléphone", Set.of(Protocol.IMAP), Optional.empty());
        trail.events().clear();
    }

    @AfterEach
    void closeNodes() {
        started.forEach(each -> each.session.close());
        other.close();
        second.close();
    }

    private Started byDevice(Directories node) {
        return new Started(
                node, SmallState.AKOSSIWA.toString(), phone.password().reveal());
    }

    private Started byPassword(Directories node) {
        return new Started(node, SmallState.AKOSSIWA.toString(), RIGHT);
    }

    private Started kofi(Directories node) {
        return new Started(node, SmallState.KOFI.toString(), OTHER_RIGHT);
    }

    @Test
    void anImportThatSuspendsSomebodyEndsTheirSessionsOnEveryNode() throws IOException {
        look.autoCommit(c ->
                Sql.update(c, "update person set registration_number = 'A1' where account_id = ?", akossiwa.value()));
        List<Started> end = List.of(byPassword(directories), byDevice(other));
        Started stays = kofi(other);
        Report report = directories
                .imports()
                .run(
                        new Imports.Order("a.csv", Mapping.none(), false, false, true, Locale.FRENCH),
                        new ByteArrayInputStream("matricule;etat\nA1;suspendu\n".getBytes(UTF_8)),
                        new ImportsTest.Heard());
        assertThat(report.changed()).isEqualTo(1);
        end.forEach(Started::assertEnds);
        assertThat(stays.isOpen()).isTrue();
    }

    @Test
    void aRevokedDevicePasswordEndsWhatItOpenedOnEveryNode() {
        List<Started> end = List.of(byDevice(directories), byDevice(other), byDevice(other));
        List<Started> stay = List.of(byPassword(directories), byPassword(other), kofi(other));
        directories.devicePasswords().revoke(akossiwa, phone.id());
        end.forEach(Started::assertEnds);
        assertThat(stay).allMatch(Started::isOpen);
        assertThat(other.sessions().of(akossiwa))
                .hasSize(1)
                .first()
                .satisfies(it -> assertThat(it.ground().device()).isEmpty());
    }

    @Test
    void anotherPasswordEndsWhatTheOneBeforeOpened() {
        List<Started> end = List.of(byPassword(directories), byPassword(other));
        List<Started> stay = List.of(byDevice(directories), byDevice(other), kofi(directories));
        pass(Duration.ofSeconds(1));
        other.provisioning().password(akossiwa, new Secret("une autre lagune"));
        end.forEach(Started::assertEnds);
        assertThat(stay).allMatch(Started::isOpen);
    }

    @Test
    void aSuspendedAccountsSessionsEnd() {
        List<Started> end = List.of(byPassword(directories), byDevice(other));
        Started stays = kofi(other);
        provisioning.state(akossiwa, Account.State.SUSPENDED);
        end.forEach(Started::assertEnds);
        assertThat(stays.isOpen()).isTrue();
    }

    @Test
    void whoSignsOutEverywhereIsSignedOutEverywhereAndMaySignInAgain() {
        List<Started> end = List.of(byPassword(directories), byDevice(directories), byPassword(other), byDevice(other));
        Started stays = kofi(other);
        other.sessions().signOut(akossiwa);
        end.forEach(Started::assertEnds);
        assertThat(stays.isOpen()).isTrue();
        Started again = byDevice(directories);
        assertThat(directories.sessions().of(akossiwa)).hasSize(1);
        assertThat(again.isOpen()).isTrue();
        assertThat(trail.events())
                .extracting(it -> it.act() + " " + it.subject().id())
                .contains("directory-sign-out " + akossiwa);
    }

    @Test
    void whoLosesThePositionLosesItsMailbox() {
        Started function = new Started(other, SmallState.BUDGET + "*" + SmallState.AKOSSIWA, RIGHT);
        Started own = byPassword(other);
        Instant starts = look.autoCommit(c -> Sql.first(
                        c,
                        row -> Times.read(row, 1).orElseThrow(),
                        "select starts from assignment where person_id ="
                                + " (select id from person where account_id = ?)",
                        akossiwa.value()))
                .orElseThrow();
        pass(Duration.ofHours(2));
        provisioning.assignment(new Assignment(
                SmallState.AKOSSIWA,
                SmallState.DIRECTOR,
                Optional.of(starts),
                Optional.of(starts.plus(Duration.ofHours(1)))));
        function.assertEnds();
        assertThat(own.isOpen()).isTrue();
    }

    @Test
    void whatNobodyToldIsSeenAtTheNextLook() {
        Started device = byDevice(other);
        Started stays = byPassword(other);
        look.autoCommit(c -> Sql.update(c, "delete from device_password"));
        device.assertEnds();
        assertThat(stays.isOpen()).isTrue();
    }

    @Test
    void aSessionThatIsOverIsForgottenAndNotEnded() {
        Started over = byDevice(directories);
        assertThat(directories.sessions().of(akossiwa)).hasSize(1);
        over.session.close();
        assertThat(directories.sessions().of(akossiwa)).isEmpty();
        Started last = byDevice(directories);
        directories.devicePasswords().revoke(akossiwa, phone.id());
        last.assertEnds();
        assertThat(over.isOpen()).isTrue();
    }

    @Test
    void aRememberedSecretOpensNothingOnceItWasReplacedOrRevoked() {
        for (int i = 0; i < 3; i++) {
            byPassword(other);
            byDevice(other);
        }
        provisioning.password(akossiwa, new Secret("une autre lagune"));
        directories.devicePasswords().revoke(akossiwa, phone.id());
        assertRefused(other.signIns().signIn(SmallState.AKOSSIWA.toString(), new Secret(RIGHT), OFFICE, Protocol.IMAP));
        assertRefused(other.signIns().signIn(SmallState.AKOSSIWA.toString(), phone.password(), OFFICE, Protocol.IMAP));
    }
}
