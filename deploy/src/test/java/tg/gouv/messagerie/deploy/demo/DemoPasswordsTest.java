package tg.gouv.messagerie.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoPasswordsTest {
    private static final List<String> ADDRESSES = List.of("ama@gouv.tg", "kofi@gouv.tg");

    private final SecureRandom random = new SecureRandom();

    @Test
    void anotherInstallationHasOtherPasswords() {
        assertThat(first().of("ama@gouv.tg")).isNotEqualTo(first().of("ama@gouv.tg"));
        assertThat(first().of("ama@gouv.tg")).isNotEqualTo(first().of("kofi@gouv.tg"));
    }

    @Test
    void theNextStartHasTheSamePasswordsAndOnesForNewPeople() {
        DemoPasswords before = first();

        DemoPasswords after = DemoPasswords.of(
                before.toText().lines().toList(), List.of("ama@gouv.tg", "kofi@gouv.tg", "yawa@gouv.tg"), random);

        assertThat(after.of("ama@gouv.tg")).isEqualTo(before.of("ama@gouv.tg"));
        assertThat(after.of("kofi@gouv.tg")).isEqualTo(before.of("kofi@gouv.tg"));
        assertThat(after.toText()).startsWith(before.toText());
        assertThat(after.of("yawa@gouv.tg").reveal()).isNotEmpty();
    }

    @Test
    void aPasswordIsFourGroupsOfFiveLettersThatNobodyConfuses() {
        Set<Character> seen = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            String password = RandomPassword.from(random).reveal();
            assertThat(password).matches("[a-z]{5}(-[a-z]{5}){3}").doesNotContain("i", "l", "o");
            password.chars().filter(c -> c != '-').forEach(c -> seen.add((char) c));
        }
        // 20 letters of 23: 20 × log2(23) = 90 bits
        assertThat(seen).hasSize(23);
    }

    private DemoPasswords first() {
        return DemoPasswords.of(List.of(), ADDRESSES, random);
    }
}
