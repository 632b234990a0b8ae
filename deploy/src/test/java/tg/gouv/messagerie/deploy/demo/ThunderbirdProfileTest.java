package tg.gouv.messagerie.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet.SheetAccount;

/** What is refused; what a profile holds is seen with a program that runs ({@code DemoCommandsTest}). */
class ThunderbirdProfileTest {
    @TempDir
    private Path folder;

    private final SheetAccount afi = new SheetAccount(
            "Afi \"A\" Mensah", "afi.mensah@gouv.tg", "afi.mensah@gouv.tg", "uid=afi", "x", List.of(), "DAF");

    private ConnectionSheet sheet(Map<String, Integer> ports) {
        return new ConnectionSheet(
                1,
                "gouv.tg",
                "localhost",
                folder.resolve("ca.pem").toString(),
                ports,
                Map.of(),
                "dc=tg",
                Map.of(),
                List.of(afi));
    }

    @Test
    void leavesAloneWhatItDidNotWrite() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("user.js"), "user_pref(\"mine\", 1);\n");
        assertThatThrownBy(() -> new ThunderbirdProfile(sheet(Map.of()), afi).write(other))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Files.readString(other.resolve("user.js"))).contains("mine");
    }

    @Test
    void saysWhichPortTheSheetLacks() {
        assertThatThrownBy(() -> new ThunderbirdProfile(sheet(Map.of()), afi).write(folder.resolve("new")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("imaps");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void aSheetNamesAPersonByTheBeginningOfAnAddressThatOnlyOneHas() throws IOException {
        ConnectionSheet sheet = sheet(Map.of("imaps", 5993));
        assertThat(sheet.account("AFI")).isEqualTo(Optional.of(afi));
        assertThat(sheet.account("kofi")).isEmpty();
        assertThat(ConnectionSheet.of(folder)).isEmpty();
        Files.writeString(folder.resolve(ConnectionSheet.FILE), sheet.toJson());
        assertThat(ConnectionSheet.of(folder)).isEqualTo(Optional.of(sheet));
        Files.writeString(
                folder.resolve(ConnectionSheet.FILE), sheet.toJson().replace("\"format\" : 1", "\"format\" : 9"));
        assertThatThrownBy(() -> ConnectionSheet.of(folder)).hasMessageContaining("format 9");
    }
}
