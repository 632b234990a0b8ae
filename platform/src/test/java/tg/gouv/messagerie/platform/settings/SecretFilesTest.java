package tg.gouv.messagerie.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets come from files of their own, and go nowhere. */
class SecretFilesTest {
    private static final String SECRET = "Tr0ub4dor and a long tail";

    @TempDir
    private Path folder;

    record Account(
            @Doc("The file of the password.") Secret password,
            @Doc("Others.") List<Secret> others) {
        Account {
            if (password.reveal().length() < 3) {
                throw new IllegalArgumentException("password must be 3 characters or more");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\nsecond line\n", "\r\nsecond line"})
    void theSecretIsTheFirstLine(String rest) throws Exception {
        write(folder.resolve("password"), SECRET + rest);

        Settings<Account> settings = read("password = \"password\"\nothers = [\"" + folder + "/password\"]");

        assertThat(settings.value().password().reveal()).isEqualTo(SECRET);
        assertThat(settings.value().others()).containsExactly(new Secret(SECRET));
        assertThat(settings.show() + settings.value())
                .contains("password = \"***\" # line 1", "others = [\"***\"] # line 2")
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "r--r--r--", "rw--w----"})
    void aFileThatOthersMayTouchIsRefused(String mode) throws Exception {
        Path file = write(folder.resolve("password"), SECRET);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(told("password = \"password\""))
                .isEqualTo("line 1: password: others may read the secret: chmod 600 " + file);
    }

    @Test
    void aFileWithoutASecretIsRefused() throws Exception {
        Path empty = write(folder.resolve("empty"), "\nsecond line");
        Path large = write(folder.resolve("large"), SECRET.repeat(3_000));
        Path binary = write(folder.resolve("binary"), "");
        Files.write(binary, new byte[] {(byte) 0xFF, 'a'});

        assertThat(told("password = \"empty\""))
                .isEqualTo("line 1: password: the first line of " + empty + " is empty");
        assertThat(told("password = \"large\"")).endsWith(large + " is larger than a secret: 64 KiB");
        assertThat(told("password = \"binary\"")).endsWith(binary + " is not in UTF-8");
    }

    @Test
    void aFileThisUserMayNotReadIsRefused() throws Exception {
        Assumptions.assumeThat(System.getProperty("user.name"))
                .as("root may read everything")
                .isNotEqualTo("root");
        Path file = write(folder.resolve("password"), SECRET);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));

        assertThat(told("password = \"password\""))
                .isEqualTo("line 1: password: user " + System.getProperty("user.name") + " cannot read " + file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password = \"" + SECRET + "\"",
                "password = \"" + SECRET + "\\u0000\"",
                "password = \".\"",
            })
    void aSecretInThePlaceOfItsFileIsNotRepeated(String text) {
        assertThat(told(text))
                .isEqualTo("line 1: password: there is no file of that name; a secret is never written here, but in the"
                        + " first line of a file named here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"712345", "[\"712345\"]", "{x = 712345}", "true", "\"\""})
    void norWhateverElseIsThere(String value) {
        assertThat(told("password = " + value))
                .isEqualTo("line 1: password: expected the name of the file that holds the secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password = Tr0ub4dor",
                "password = 12Tr0ub4dor",
                "password = 12 Tr0ub4dor",
                "password = \"Tr0ub4dor",
                "password = \"12\" Tr0ub4dor",
                "password Tr0ub4dor",
                "password = \"x\\Tr0ub4dor\"",
                "password = 2020-13-45Tr0ub4dor",
                "password = 99999999999999999999Tr0ub4dor"
            })
    void norWhatIsNotToml(String text) {
        SettingsRefused refused = refused(text);

        assertThat(refused.text(Locale.FRENCH) + refused + refused.problems()).doesNotContain("r0ub4");
    }

    @Test
    void aRefusedSecretIsNotRepeatedEither() throws Exception {
        write(folder.resolve("password"), "qz");

        assertThat(refused("password = \"password\"").toString())
                .endsWith("line 1: password must be 3 characters or more")
                .doesNotContain("qz");
    }

    static Path write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    private String told(String text) {
        return refused(text).problems().getFirst().text(Locale.ENGLISH);
    }

    private SettingsRefused refused(String text) {
        return catchThrowableOfType(SettingsRefused.class, () -> read(text));
    }

    private Settings<Account> read(String text) {
        return Settings.parse("messagerie.toml", text, Account.class, folder);
    }
}
