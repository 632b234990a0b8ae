package tg.gouv.messagerie.directory.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class Argon2idTest {
    /** From the tests of the reference implementation, phc-winner-argon2. */
    private static final String REFERENCE =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    @Test
    void givesTheTagOfTheReferenceImplementation() {
        Argon2id hash = Argon2id.parse(REFERENCE).orElseThrow();
        assertThat(hash.tagOf(bytes("password"))).isEqualTo(hash.tag());
        assertThat(hash.tagOf(bytes("Password"))).isNotEqualTo(hash.tag());
        assertThat(hash).hasToString(REFERENCE);
        assertThat(Argon2id.of(hash.cost(), bytes("somesalt"), bytes("password")))
                .hasToString(REFERENCE);
    }

    @Test
    void readsNoStringThatIsNotOneOfItsOwn() {
        assertThat(List.of(
                        "",
                        "password",
                        REFERENCE + "=",
                        REFERENCE.replace("argon2id", "argon2i"),
                        REFERENCE.replace("v=19", "v=16"),
                        REFERENCE.replace("m=65536", "m=7"),
                        REFERENCE.replace("m=65536", "m=9999999"),
                        REFERENCE.replace("m=65536", "m=99999999999"),
                        REFERENCE.replace("t=2", "t=0"),
                        REFERENCE.replace("p=1", "p=0"),
                        REFERENCE.replace("c29tZXNhbHQ", "")))
                .allSatisfy(text -> assertThat(Argon2id.parse(text)).isEmpty());
    }

    @Test
    void refusesACostThatArgon2DoesNotHave() {
        assertThatThrownBy(() -> new Argon2id.Cost(1, 15, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
