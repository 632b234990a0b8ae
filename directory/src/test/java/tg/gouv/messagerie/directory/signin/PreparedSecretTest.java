package tg.gouv.messagerie.directory.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.settings.Secret;

class PreparedSecretTest {
    @Test
    void isTheSameHoweverAccentsAreComposedAndSpacesAreTyped() {
        assertThat(prepared("e\u0301te\u0301 a\u0300 Lome\u0301")).isEqualTo("été à Lomé");
        assertThat(prepared("été\u00a0à\u2003Lomé")).isEqualTo("été à Lomé"); // RFC 8265 section 4.2.2 rule 2
    }

    @Test
    void keepsCaseWidthAndEverythingElse() {
        assertThat(prepared("  Secret ﬁ Ａ \ud83d\udd11")).isEqualTo("  Secret ﬁ Ａ \ud83d\udd11");
    }

    @Test
    void refusesWhatNoPasswordIs() {
        assertThat(List.of(
                        "", "a\tb", "a\u0000b", "a\u007fb", "a\u0085b", "a\ud800b", "x".repeat(1025), "é".repeat(513)))
                .allSatisfy(
                        text -> assertThat(PreparedSecret.of(new Secret(text))).isEmpty());
        assertThat(prepared("x".repeat(1024))).hasSize(1024);
    }

    private static String prepared(String text) {
        return new String(PreparedSecret.of(new Secret(text)).orElseThrow(), StandardCharsets.UTF_8);
    }
}
