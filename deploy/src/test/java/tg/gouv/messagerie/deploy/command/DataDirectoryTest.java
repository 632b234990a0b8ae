package tg.gouv.messagerie.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.Assumptions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.command.DataDirectory.Purpose;
import tg.gouv.messagerie.platform.language.BothLanguages;

class DataDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void isMadeForItsUserAloneAndTakenAgainLater() throws Exception {
        Path data = folder.resolve("new/data");

        take(data, Purpose.DEMO).close();
        take(data, Purpose.DEMO).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    @Test
    void continuesAfterAFirstStartThatWasCutShort() throws Exception {
        Files.writeString(folder.resolve("messagerie-data123.tmp"), "for");

        take(folder, Purpose.DEMO).close();

        assertThat(folder.resolve("messagerie-data")).exists();
    }

    @Test
    void refusesAForeignDirectoryAndLeavesItAsItWas() throws Exception {
        Files.writeString(folder.resolve("thesis.odt"), "years of work");

        refused(() -> take(folder, Purpose.DEMO), ExitStatus.CANNOT_CREATE, "n'est pas vide", folder.toString());

        try (var left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("thesis.odt");
        }
    }

    @Test
    void aDemonstrationAndAServiceNeverShareADirectory() {
        take(folder.resolve("service"), Purpose.SERVICE).close();
        take(folder.resolve("demo"), Purpose.DEMO).close();

        refused(() -> take(folder.resolve("service"), Purpose.DEMO), ExitStatus.CANNOT_CREATE, "vrai service");
        refused(() -> take(folder.resolve("demo"), Purpose.SERVICE), ExitStatus.CANNOT_CREATE, "démonstration");
    }

    @Test
    void refusesAFormatOfTheFuture() throws Exception {
        Files.write(folder.resolve("messagerie-data"), List.of("format=2", "purpose=demo"));

        refused(() -> take(folder, Purpose.DEMO), ExitStatus.SETTINGS, "plus récente");
    }

    @Test
    void aRestoreThatWasCutShortIsNotStartedAndOneThatIsOverIs() throws Exception {
        Path data = folder.resolve("data");
        DataDirectory.takeEmpty(data).close();

        refused(() -> take(data, Purpose.SERVICE), ExitStatus.CANNOT_CREATE, "n'est pas allée à son terme");
        refused(() -> DataDirectory.takeEmpty(data), ExitStatus.CANNOT_CREATE, "n'est pas vide");

        Path other = folder.resolve("other");
        try (DataDirectory taken = DataDirectory.takeEmpty(other)) {
            refused(() -> take(other, Purpose.DEMO), ExitStatus.CANNOT_CREATE, "n'est pas allée à son terme");
            taken.restored("format=1\npurpose=demo\n");
        }
        take(other, Purpose.DEMO).close();
    }

    @Test
    void whatIsBackedUpWhileItIsStoppedDoesNotStartMeanwhile() {
        Path data = folder.resolve("data");
        refused(() -> DataDirectory.keepStopped(data), ExitStatus.NO_INPUT, "n'a encore tourné");
        take(data, Purpose.DEMO).close();

        try (DataDirectory kept = DataDirectory.keepStopped(data).orElseThrow()) {
            assertThat(kept.path()).isEqualTo(data);
            refused(() -> take(data, Purpose.DEMO), ExitStatus.TRY_AGAIN, "tourne déjà");
            assertThat(DataDirectory.keepStopped(data)).isEmpty();
        }
        take(data, Purpose.DEMO).close();
    }

    @Test
    void theDataDirectoryInSettingsIsReplacedWhereItStands() {
        Path data = Path.of("/srv/a \"b\"");
        String line = "data = \"/srv/a \\\"b\\\"\"";

        assertThat(Restore.withData("# data = 1\n data = \"/old\"\n[mail]\ndata = 2\n", data))
                .isEqualTo("# data = 1\n" + line + "\n[mail]\ndata = 2\n");
        assertThat(Restore.withData("[mail]\ndata = 2\n", data)).isEqualTo(line + "\n[mail]\ndata = 2\n");
        assertThat(Restore.withData("", data)).isEqualTo(line + "\n");
    }

    @Test
    void refusesAFileInItsPlace() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        refused(() -> take(file, Purpose.DEMO), ExitStatus.CANNOT_CREATE, "n'est pas un répertoire");
        refused(() -> take(file.resolve("below"), Purpose.DEMO), ExitStatus.CANNOT_CREATE, "ne peut pas être créé");
    }

    @Test
    void refusesADirectoryOfSomebodyElse() throws Exception {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Assumptions.assumeThat(System.getProperty("user.name"))
                .as("only root can give a directory away")
                .isEqualTo("root");
        Files.setOwner(
                theirs, theirs.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

        refused(() -> take(theirs, Purpose.DEMO), ExitStatus.NOT_PERMITTED, "appartient à l'utilisateur nobody");
    }

    @Test
    void everyRefusalHasASentenceInBothLanguages() {
        BothLanguages.sayTheSameBeside(Texts.class);
    }

    private static DataDirectory take(Path path, Purpose purpose) {
        return DataDirectory.take(path, purpose);
    }

    private static void refused(ThrowingCallable act, ExitStatus status, String... words) {
        assertThatThrownBy(act).asInstanceOf(type(Refusal.class)).satisfies(refusal -> {
            assertThat(refusal.status()).isEqualTo(status);
            assertThat(refusal.sentence(Texts.in(Locale.FRENCH))).contains(words);
        });
    }
}
