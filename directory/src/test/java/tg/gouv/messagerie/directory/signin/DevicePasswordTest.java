package tg.gouv.messagerie.directory.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.settings.Secret;

/** How device passwords are written and read. */
class DevicePasswordTest {
    private static final AccountId AMA = new AccountId(new UUID(1, 2));
    private static final AccountId KOFI = new AccountId(new UUID(1, 3));

    private final SecureRandom random = new SecureRandom();

    @Test
    void isReadAsItWasShownHoweverItIsTyped() {
        for (int i = 0; i < 1_000; i++) {
            DevicePassword password = DevicePassword.random(random);
            String shown = password.shown().reveal();
            assertThat(shown).matches("([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}");
            assertRead(shown, password);
            assertRead(shown.toLowerCase(Locale.ROOT), password);
            assertRead(shown.replace("-", ""), password);
            assertRead(" " + shown.replace("-", " \u2013 ").replace('0', 'o').replace('1', 'l') + "\n", password);
        }
    }

    @Test
    void oneWrongCharacterIsNoDevicePassword() {
        int taken = 0;
        for (int i = 0; i < 200; i++) {
            String shown = DevicePassword.random(random).shown().reveal();
            for (int at = 0; at < shown.length(); at += 5) {
                char other = shown.charAt(at) == 'Z' ? 'Y' : 'Z';
                String wrong = shown.substring(0, at) + other + shown.substring(at + 1);
                taken += DevicePassword.typed(new Secret(wrong)).isPresent() ? 1 : 0;
            }
        }
        assertThat(taken).isLessThan(10); // one in 4,096 of 1,400
    }

    @Test
    void anyOtherPasswordIsNone() {
        for (String other : new String[] {
            "",
            "soleil-sur-la-lagune",
            "A".repeat(27),
            "A".repeat(29),
            "U".repeat(28),
            "é".repeat(28),
            "0".repeat(5_000)
        }) {
            assertThat(DevicePassword.typed(new Secret(other))).isEmpty();
        }
    }

    @Test
    void theDigestIsOfTheAccountAndOfThePassword() {
        DevicePassword password = DevicePassword.random(random);
        assertThat(password.digest(AMA)).hasSize(32).isEqualTo(password.digest(AMA));
        assertThat(password.digest(AMA)).isNotEqualTo(password.digest(KOFI));
        assertThat(password.digest(AMA))
                .isNotEqualTo(DevicePassword.random(random).digest(AMA));
    }

    private static void assertRead(String typed, DevicePassword password) {
        assertThat(DevicePassword.typed(new Secret(typed)).orElseThrow().digest(AMA))
                .isEqualTo(password.digest(AMA));
    }
}
