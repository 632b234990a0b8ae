package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
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

    private Issued issued(String login) {
        return (Issued)
                directories.bearerTokens().issue(login, PASSWORD, Optional.empty(), InetAddress.getLoopbackAddress());
    }
}
