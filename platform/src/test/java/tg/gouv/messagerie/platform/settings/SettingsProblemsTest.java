package tg.gouv.messagerie.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.language.BothLanguages;
import tg.gouv.messagerie.platform.settings.Specimens.Limits;
import tg.gouv.messagerie.platform.settings.Specimens.Types;
import tg.gouv.messagerie.platform.settings.Specimens.Whole;

/** What an administrator reads when the settings are wrong. */
class SettingsProblemsTest {
    @TempDir
    private Path folder;

    private static final String FOUR_FAULTS = """
            # Messagerie


            # From other servers.
            [mail.transfer]
            max-mesage-size = "20MB"
            [mail.submission]
            listen = 587
            idle-timeout = "5 minutes"
            [mail.imap]
            idle-timeout = "10m"
            listen = "127.0.0.1:993"
            """;

    @Test
    void fourFaultsAreToldAtOnceEachWithItsLine() {
        SettingsRefused refused = refused(FOUR_FAULTS, Whole.class);

        assertThat(refused).hasMessage("""
                messagerie.toml has 4 problem(s):
                  line 6: mail.transfer.max-mesage-size: unknown setting; did you mean max-message-size?
                  line 8: mail.submission.listen: expected string, found 587
                  line 9: mail.submission.idle-timeout: expected a duration such as 30s or 5m, found "5 minutes"
                  line 11: mail.imap: idle-timeout must be 30m or more (RFC 9051 section 5.4)""");
        assertThat(refused.text(Locale.ENGLISH)).isEqualTo(refused.getMessage());
    }

    @Test
    void inFrenchToo() {
        assertThat(refused(FOUR_FAULTS, Whole.class).text(Locale.FRENCH)).isEqualTo("""
                messagerie.toml : 4 problème(s) :
                  ligne 6 : mail.transfer.max-mesage-size : réglage inconnu ; vouliez-vous dire max-message-size ?
                  ligne 8 : mail.submission.listen : texte attendu, trouvé 587
                  ligne 9 : mail.submission.idle-timeout : durée attendue, comme 30s ou 5m ; trouvé "5 minutes"
                  ligne 11 : mail.imap : idle-timeout must be 30m or more (RFC 9051 section 5.4)""");
        BothLanguages.sayTheSameBeside(SettingsProblem.class);
    }

    @Test
    void aProblemIsAValue() {
        assertThat(refused("[limits]\n\ncount-max = true\n", Types.class).problems())
                .containsExactly(new SettingsProblem(
                        OptionalInt.of(3), "limits.count-max", "expected.integer", List.of("true")));
    }

    @Test
    void whatMustBeGivenIsAskedForWhereItsTableIs() {
        told("", Whole.class, "mail.submission.listen: must be given", "mail.imap.listen: must be given");
        told(
                "[mail.imap]\nidle-timeout = \"1h\"\n[mail.submission]\nlisten=\"x\"",
                Whole.class,
                "line 1: mail.imap.listen: must be given");
    }

    @Test
    void nobodyIsAskedToGiveWhatTheyHaveMisspelt() {
        told(
                "[mail]\nimap = {listen = \"x\"}\nsubmission.lisen = \"y\"",
                Whole.class,
                "line 3: mail.submission.lisen: unknown setting; did you mean listen?");
    }

    @Test
    void partsInAnotherOrderAreASlipToo() {
        told(
                "[limits]\nmax-cuont = 3\n",
                Types.class,
                "line 2: limits.max-cuont: unknown setting; did you mean count-max?");
    }

    @Test
    void everyWrongTypeIsNamed() {
        told(
                """
                text = true
                on = "yes"
                number = "7"
                large = 1.5
                time = 30
                size = "20 Mo"
                door = "localhost"
                place = ""
                colour = "dark yelow"
                texts = "a"
                doors = ["127.0.0.1:25", "nowhere", 25]
                peer = "somebody"
                peers = [1]
                limits = 3
                """,
                Types.class,
                "line 1: text: expected string, found true",
                "line 2: on: expected true or false, found \"yes\"",
                "line 3: number: expected integer, found \"7\"",
                "line 4: large: expected integer, found 1.5",
                "line 5: time: expected a duration such as 30s or 5m, found 30",
                "line 6: size: expected a size such as 32KB or 20MB, found \"20 Mo\"",
                "line 7: door: expected an address and a port such as 127.0.0.1:993, found \"localhost\"",
                "line 8: place: expected a path, found \"\"",
                "line 9: colour: expected one of green, dark-yellow, red; found \"dark yelow\", did you mean dark-yellow?",
                "line 10: texts: expected a list, found \"a\"",
                "line 11: doors: expected an address and a port such as 127.0.0.1:993, found \"nowhere\"",
                "line 11: doors: expected string, found 25",
                "line 12: peer: expected a table [peer], found \"somebody\"",
                "line 13: peers: expected tables [[peers]], found [1]",
                "line 14: limits: expected a table [limits], found 3");
    }

    @Test
    void valuesOutOfBoundsAreNamed() {
        told(
                "number = 3_000_000_000\nsize = \"9999999TB\"\ncolour = 1\nperhaps-time = \"9999999999s\"",
                Types.class,
                "line 1: number: expected an integer between -2147483648 and 2147483647, found 3000000000",
                "line 2: size: expected a size below 8388608TB, found \"9999999TB\"",
                "line 3: colour: expected one of green, dark-yellow, red; found 1",
                "line 4: perhaps-time: expected a duration such as 30s or 5m, found \"9999999999s\"");
    }

    @Test
    void aRefusalIsWhereItsSettingIsOrElseWhereItsTableIs() {
        told("\n[limits]\n\ncount-max = 0\n", Types.class, "line 4: limits: count-max must be 1 or more");
        told("\n[limits]\n\ncount-max = 200\n", Types.class, "line 2: limits: many may not be old");
        told("\n[limits]\n\ncount-max = 13\n", Types.class, "line 4: limits.count-max brings bad luck");
        told("\ncount-max = 0", Limits.class, "line 2: count-max must be 1 or more");
        told("\ncount-max = 200", Limits.class, "many may not be old");
    }

    @Test
    void theRowsOfAListAreJudgedOneByOne() {
        told(
                "[[peers]]\nname = \"a\"\n[[peers]]\nnane = \"b\"\n[[peers]]\nweight = 2",
                Types.class,
                "line 4: peers.nane: unknown setting; did you mean name?",
                "line 5: peers.name: must be given");
    }

    @Test
    void aSettingInTheWrongTableIsShownItsOwn() {
        told(
                "age-max = \"1h\"\nMax_Count = 1\n\"a \\u001b[2J\" = 1",
                Types.class,
                "line 1: age-max: unknown setting; did you mean limits.age-max?",
                "line 2: Max_Count: unknown setting",
                "line 3: \"a \\u001b[2J\": unknown setting");
        told("PerhapsText = \"a\"", Types.class, "line 1: PerhapsText: unknown setting; did you mean perhaps-text?");
    }

    @Test
    void whatIsNotTomlIsToldTogetherWithTheRest() {
        told(
                """
                time = 30s
                door = 127.0.0.1:25
                text = "Lomé
                number = 1
                number = 2
                colour = "blue"
                on =
                [limits]
                count-max = 0
                [[peers
                weight = "heavy"
                """,
                Types.class,
                "line 1: text, durations, sizes and addresses are written between quotes",
                "line 2: text, durations, sizes and addresses are written between quotes",
                "line 3: the line ends too early: a quote, a bracket or a value is missing",
                "line 5: number: already given on line 4",
                "line 6: colour: expected one of green, dark-yellow, red; found \"blue\"",
                "line 7: the line ends too early: a quote, a bracket or a value is missing",
                "line 10: the line ends too early: a quote, a bracket or a value is missing");
    }

    @Test
    void aBrokenLineIsOneProblem() {
        told(
                "[mail.imap]\nlisten = 127.0.0.1:993\n[mail.submission]\nlisten = \"x\"\n",
                Whole.class,
                "line 2: text, durations, sizes and addresses are written between quotes");
        told(
                "[mail.imap]\nlisten = x\n[mail.submission]\nidle-timeout = \"1m\"\n",
                Whole.class,
                "line 2: text, durations, sizes and addresses are written between quotes",
                "line 3: mail.submission.listen: must be given");
        told(
                "[mail.submission]\nlisten = \"x\"\nidle-timeout = \"\"\"1m\n[mail.imap]\n",
                Whole.class,
                "line 3: what begins here never ends: a quote or a bracket is not closed");
        told(
                "[mail.imap]\nlisten =\n[mail.submission]\nlisten = \"x\"\n",
                Whole.class,
                "line 2: the line ends too early: a quote, a bracket or a value is missing");
    }

    @Test
    void aBrokenLineIsNeverPassedOver() {
        told(
                "# =====\ntext = Lomé\n",
                Types.class,
                "line 2: text, durations, sizes and addresses are written between quotes");
        told(
                "text =\nplace =\ntime =",
                Types.class,
                "line 1: the line ends too early: a quote, a bracket or a value is missing");
    }

    @Test
    void nonsenseHasBounds() {
        SettingsRefused brackets = refused("text = " + "[".repeat(300_000), Types.class);
        SettingsRefused marks = refused("?\n".repeat(1_000), Types.class);
        SettingsRefused word = refused("text = [\"" + "a".repeat(100_000) + "\"]", Types.class);

        assertThat(brackets).hasMessageEndingWith("not settings: too many brackets within brackets");
        assertThat(marks.problems()).hasSize(1_000);
        assertThat(marks.getMessage()).endsWith("… and 900 more").hasSizeLessThan(10_000);
        assertThat(word.getMessage()).hasSizeLessThan(500);
    }

    @Test
    void aFileThatCannotBeReadIsOneProblem() throws Exception {
        Path latin = Files.write(folder.resolve("latin.toml"), new byte[] {'#', (byte) 0xE9});
        Path large = Files.write(folder.resolve("large.toml"), new byte[SettingsFile.SIZE_MAX + 1]);
        Path missing = folder.resolve("messagerie.toml");

        assertThat(refused(missing)).hasMessage(missing + " has 1 problem(s):\n  there is no such file");
        assertThat(refused(folder)).hasMessageEndingWith("it is a directory");
        assertThat(refused(latin)).hasMessageEndingWith("it is not in UTF-8");
        assertThat(refused(large)).hasMessageEndingWith("it is larger than 1 MiB");
    }

    @Test
    void aFileThatMayNotBeReadSaysForWhom() throws Exception {
        Assumptions.assumeThat(System.getProperty("user.name"))
                .as("root may read everything")
                .isNotEqualTo("root");
        Path file = Files.createFile(
                folder.resolve("messagerie.toml"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));

        assertThat(refused(file)).hasMessageEndingWith("user " + System.getProperty("user.name") + " may not read it");
    }

    private void told(String text, Class<? extends Record> type, String... problems) {
        assertThat(refused(text, type).text(Locale.ENGLISH).lines())
                .containsExactly(lines(problems).toArray(String[]::new));
    }

    private static List<String> lines(String... problems) {
        List<String> lines = new ArrayList<>();
        lines.add("messagerie.toml has " + problems.length + " problem(s):");
        for (String problem : problems) {
            lines.add("  " + problem);
        }
        return lines;
    }

    private SettingsRefused refused(String text, Class<? extends Record> type) {
        return catchThrowableOfType(SettingsRefused.class, () -> Settings.parse("messagerie.toml", text, type, folder));
    }

    private static SettingsRefused refused(Path file) {
        return catchThrowableOfType(SettingsRefused.class, () -> Settings.read(file, Types.class));
    }
}
