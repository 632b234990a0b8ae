package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.platform.settings.Secret;

/** Passwords come from another directory as hashes. */
class ImportedPasswordTest extends SignInTest {
    private static final String SSHA = "{SSHA}ts6yLjB6495gtkJ1ppJVbylICuesd82y";

    private AccountId akossiwa;

    @BeforeEach
    @Override
    void provision() {
        provisioning.apply(SmallState.state(Map.of(SmallState.KOFI, new Secret(OTHER_RIGHT))));
        signIns = directories.signIns();
        akossiwa = account(SmallState.AKOSSIWA).id();
        assertThat(provisioning.importedPassword(akossiwa, SSHA)).isTrue();
        hashesBefore = directories.passwordHashes();
    }

    @Test
    void isHashedAsOursAreAtTheFirstRightUse() {
        assertThat(hash()).isEqualTo(SSHA);
        assertGranted(akossiwa("secret", OFFICE));
        String ours = hash();
        assertThat(ours).startsWith("$argon2id$");
        long hashed = hashes();
        assertGranted(akossiwa("secret", OFFICE));
        assertThat(hashes()).as("remembered").isEqualTo(hashed);
        assertThat(hash()).isEqualTo(ours);
        assertRefused(akossiwa("Secret", OFFICE));
    }

    @Test
    void wrongSecretsCountAndChangeNothing() {
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, OFFICE);
        assertThrottled(akossiwa("secret", OFFICE), TestSettings.WAIT);
        assertThat(hash()).isEqualTo(SSHA);
        assertGranted(akossiwa("secret", ELSEWHERE));
    }

    @Test
    void theSameWrongSecretCountsOnce() {
        for (int i = 0; i < 20; i++) {
            assertRefused(akossiwa("wrong", i % 2 == 0 ? OFFICE : NEXT_OFFICE));
        }
        assertThat(query("select failures::text from sign_in_attempts where failures > 0"))
                .containsExactly("1");
    }

    @Test
    void takesNoPasswordsPlaceAndNoUnknownScheme() {
        assertThat(provisioning.importedPassword(account(SmallState.KOFI).id(), SSHA))
                .isFalse();
        assertGranted(signIn(SmallState.KOFI, OTHER_RIGHT, OFFICE));
        assertThatThrownBy(() -> provisioning.importedPassword(akossiwa, "{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ=="))
                .isInstanceOfSatisfying(
                        ProvisioningRefused.class, it -> assertThat(it.reason()).isEqualTo(Reason.BAD_HASH))
                .hasMessageContaining("in braces")
                .hasMessageNotContaining("Xr4il");
    }

    private String hash() {
        return query("select hash from credential c join address a using (account_id) where address = '%s'"
                        .formatted(SmallState.AKOSSIWA))
                .getFirst();
    }
}
