package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.BearerTokens.Holder;
import tg.gouv.messagerie.directory.signin.BearerTokens.Outcome.Issued;
import tg.gouv.messagerie.directory.signin.SignInSettings;
import tg.gouv.messagerie.directory.signin.WebSessions.Outcome.Begun;
import tg.gouv.messagerie.platform.settings.Secret;

/** Who has rights must have a second factor, unless a setting says otherwise. */
class AdministratorsFactorTest extends DirectoryTest {
    private static final Secret PASSWORD = new Secret("un-bon-mot-de-passe");

    @Override
    DirectorySettings settings() {
        DirectorySettings usual = TestSettings.cheap();
        return new DirectorySettings(
                usual.connectionsMax(),
                usual.provisioningConnectionsMax(),
                usual.activationCodeFor(),
                usual.apiTokenFor(),
                SignInSettings.byDefault(),
                usual.imports(),
                usual.letters());
    }

    @Test
    void aTokenOfWhoHasRightsAndNoSecondFactorServesOnlyToTurnOneOn() {
        provisioning.apply(SmallState.state(Map.of(SmallState.AKOSSIWA, PASSWORD, SmallState.KOFI, PASSWORD)));
        provisioning.grant(new Grant(
                new Grant.OfAccount(account(SmallState.AKOSSIWA).id()),
                Set.of(Right.LOOK),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        assertThat(issued(SmallState.AKOSSIWA.toString()).enrolsOnly()).isTrue();
        assertThat(issued(SmallState.KOFI.toString()).enrolsOnly()).isFalse();
        assertThat(directories
                        .bearerTokens()
                        .holder(issued(SmallState.AKOSSIWA.toString()).token()))
                .contains(new Holder(account(SmallState.AKOSSIWA).id(), true));
    }

    @Test
    void aSessionInABrowserIsJudgedAtEachRequest() {
        provisioning.apply(SmallState.state(Map.of(SmallState.AKOSSIWA, PASSWORD, SmallState.KOFI, PASSWORD)));
        Secret kofis = session(SmallState.KOFI.toString());
        Secret session = session(SmallState.AKOSSIWA.toString());
        assertThat(enrolsOnly(session)).isFalse();
        Grant toPosition = new Grant(
                new Grant.OfPosition(SmallState.DIRECTOR),
                Set.of(Right.LOOK),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(clock.instant().plus(Duration.ofMinutes(10))),
                Optional.empty());
        provisioning.grant(toPosition);
        assertThat(enrolsOnly(session)).as("a right that is to come").isFalse();
        pass(Duration.ofMinutes(10));
        assertThat(enrolsOnly(session)).isTrue();
        assertThat(enrolsOnly(kofis)).isFalse();
        provisioning.grant(new Grant(
                new Grant.OfAccount(account(SmallState.KOFI).id()),
                Set.of(Right.LOOK),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(clock.instant().plus(Duration.ofMinutes(10)))));
        assertThat(enrolsOnly(kofis)).isTrue();
        pass(Duration.ofMinutes(10));
        assertThat(enrolsOnly(kofis)).as("a right that is over").isFalse();
    }

    private Secret session(String login) {
        return ((Begun) directories.webSessions().begin(login, PASSWORD, InetAddress.getLoopbackAddress(), ""))
                .session();
    }

    private boolean enrolsOnly(Secret session) {
        return directories.webSessions().visitor(session).orElseThrow().enrolsOnly();
    }

    private Issued issued(String login) {
        return (Issued)
                directories.bearerTokens().issue(login, PASSWORD, Optional.empty(), InetAddress.getLoopbackAddress());
    }
}
