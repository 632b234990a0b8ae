package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest.Said;

/** What {@code init} writes, makes and shows, and what it leaves alone. */
class InitTest {
    @TempDir
    private Path folder;

    private Said init(String... more) {
        List<String> words = new ArrayList<>(List.of(
                "init", "--domain", "Gouv.tg", "--settings", settings().toString(), "--data", data().toString()));
        words.addAll(List.of(more));
        return ProgramUnderTest.say(new ProgramAssembly(), words.toArray(String[]::new));
    }

    private Path settings() {
        return folder.resolve("etc/messagerie.toml");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private static String rights(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void writesASettingsFileThatIsGoodAndMakesTheDirectories() throws Exception {
        Said said = init();

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(Files.readString(settings()))
                .contains("host-name = \"mail.gouv.tg\"", "names = [\"mail.gouv.tg\"]", "listen-tls = \"0.0.0.0:993\"");
        assertThat(rights(settings())).isEqualTo("rw-r-----");
        assertThat(rights(folder.resolve("etc"))).isEqualTo("rwxr-x---");
        assertThat(rights(data())).isEqualTo("rwx------");
        assertThat(ProgramUnderTest.say(
                                new ProgramAssembly(),
                                "settings",
                                "check",
                                settings().toString())
                        .code())
                .isZero();
    }

    @Test
    void showsWhatToPublish() {
        String said = init().out();

        assertThat(said.replaceAll(" +", " "))
                .contains(
                        "gouv.tg. MX 10 mail.gouv.tg.",
                        "gouv.tg. TXT \"v=spf1 mx -all\"",
                        "_submissions._tcp.gouv.tg. SRV 0 1 465 mail.gouv.tg.",
                        "_imaps._tcp.gouv.tg. SRV 0 1 993 mail.gouv.tg.",
                        "_jmap._tcp.gouv.tg. SRV 0 1 443 mail.gouv.tg.",
                        "_imap._tcp.gouv.tg. SRV 10 1 143 mail.gouv.tg.",
                        "_pop3s._tcp.gouv.tg. SRV 0 0 0 .",
                        "_sieve._tcp.gouv.tg. SRV 0 1 4190 mail.gouv.tg.",
                        "_ldaps._tcp.gouv.tg. SRV 0 1 636 mail.gouv.tg.",
                        "_autodiscover._tcp.gouv.tg. SRV 0 0 443 mail.gouv.tg.",
                        "\nautoconfig.gouv.tg. CNAME mail.gouv.tg.",
                        "\nautodiscover.gouv.tg. CNAME mail.gouv.tg.",
                        "\n; _dmarc.gouv.tg. TXT \"v=DMARC1; p=none; rua=mailto:postmaster@gouv.tg\"",
                        "CAA 0 issue")
                .doesNotContain("caldav", "carddav");
        Said again = ProgramUnderTest.say(
                new ProgramAssembly(),
                "dns",
                "--domain",
                "sante.tg",
                "--settings",
                settings().toString());
        assertThat(again.out().replaceAll(" +", " ")).contains("sante.tg. MX 10 mail.gouv.tg.");
        assertThat(again.out().lines().filter(line -> !line.isBlank()))
                .as("a zone file: comments and records")
                .allMatch(line -> line.startsWith("; ") || line.matches("[a-z0-9_.-]+\\. +(MX|SRV|TXT|CNAME) .+"));
    }

    @Test
    void showsTheNameThatIsAskedForAndRefusesOneThatIsNone() {
        init();
        Said other = ProgramUnderTest.say(
                new ProgramAssembly(),
                "dns",
                "--domain",
                "sante.tg",
                "--host",
                "Courriel.gouv.tg",
                "--settings",
                settings().toString());
        Said none = ProgramUnderTest.say(
                new ProgramAssembly(),
                "dns",
                "--domain",
                "sante.tg",
                "--host",
                "x. MX 10 evil",
                "--settings",
                settings().toString());

        assertThat(other.out()).contains("courriel.gouv.tg.").doesNotContain("mail.gouv.tg");
        assertThat(none.code()).isEqualTo(64);
        assertThat(none.out()).isEmpty();
    }

    @Test
    void neverReplacesAFile() throws Exception {
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(settings(), "data = \"/ailleurs\"\n");

        Said said = init();

        assertThat(said.code()).isEqualTo(73);
        assertThat(said.err()).contains("existe déjà");
        assertThat(settings()).hasContent("data = \"/ailleurs\"\n");
    }

    @Test
    void makesNothingWhenSomethingIsWrong() {
        Said unknownSecret = init("--database-url", "jdbc:postgresql://localhost/messagerie");
        Said noName = ProgramUnderTest.say(new ProgramAssembly(), "init", "--domain", "gouv_tg");
        Said halfACertificate = init("--certificate", "/etc/ssl/mail.pem");

        assertThat(unknownSecret.code()).isEqualTo(78);
        assertThat(unknownSecret.err()).contains("password");
        assertThat(noName.code()).isEqualTo(64);
        assertThat(halfACertificate.code()).isEqualTo(78);
        assertThat(folder).isEmptyDirectory();
    }
}
