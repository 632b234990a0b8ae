package tg.gouv.messagerie.directory.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.settings.Secret;

/** Codes of a telephone, and recovery codes. */
class TotpTest {
    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    /** The last six digits of RFC 6238's appendix B. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void showsWhatTheStandardShows(long seconds, String code) {
        assertThat(Totp.code(SECRET, Instant.ofEpochSecond(seconds))).isEqualTo(code);
    }

    @Test
    void takesTheStepBeforeAndTheStepAfterAndNoneTwice() {
        Instant now = Instant.ofEpochSecond(1_111_111_109);
        long step = 1_111_111_109 / 30;
        for (long each = -1; each <= 1; each++) {
            Secret code = new Secret(Totp.code(SECRET, now.plusSeconds(30 * each)));
            assertThat(Totp.step(SECRET, code, now, 0)).isEqualTo(OptionalLong.of(step + each));
            assertThat(Totp.step(SECRET, code, now, step + each)).isEmpty();
        }
        assertThat(Totp.step(SECRET, new Secret(Totp.code(SECRET, now.plusSeconds(60))), now, 0))
                .isEmpty();
        assertThat(Totp.step(SECRET, new Secret("081 804"), now, 0)).isPresent();
        assertThat(Totp.step(SECRET, new Secret(""), now, 0)).isEmpty();
    }

    /** RFC 4648 section 10, without padding. */
    @ParameterizedTest
    @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB", "foobar, MZXW6YTBOI"})
    void writesBase32(String text, String base32) {
        assertThat(Totp.base32(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(base32);
    }

    @Test
    void aRecoveryCodeIsTheSameHoweverItIsTypedAndAnothersForAnotherAccount() {
        AccountId account = new AccountId(UUID.fromString("01990000-0000-7000-8000-000000000001"));
        AccountId other = new AccountId(UUID.fromString("01990000-0000-7000-8000-000000000002"));
        Secret code = RecoveryCode.random(new Random(5));
        assertThat(code.reveal()).matches("([A-Z2-7]{4}-){3}[A-Z2-7]{4}");
        Secret typed = new Secret(code.reveal().toLowerCase(Locale.ROOT).replace('-', ' '));
        assertThat(RecoveryCode.digest(account, typed))
                .isEqualTo(RecoveryCode.digest(account, code))
                .isNotEqualTo(RecoveryCode.digest(other, code));
    }
}
