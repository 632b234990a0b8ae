package tg.gouv.messagerie.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditReader;
import tg.gouv.messagerie.platform.audit.AuditSettings;
import tg.gouv.messagerie.platform.audit.AuditTrails;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Outcome;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** What {@code audit verify} and {@code audit list} say of a trail, and with which status they end. */
class AuditCommandsTest {
    @TempDir
    private Path folder;

    private Database database;

    @BeforeEach
    void writeATrail() throws IOException {
        database = TestDatabase.fresh();
        database.migrate("platform");
        Files.createDirectory(folder.resolve("outside"));
        Files.writeString(folder.resolve("messagerie.toml"), "data = \"" + folder + "\"\n");
        AuditSettings usual = AuditSettings.byDefault();
        AuditSettings settings = new AuditSettings(
                Duration.ofSeconds(30),
                usual.coalesceEvery(),
                usual.kindsMax(),
                usual.alarmAfter(),
                Optional.of(folder.resolve("outside")),
                usual.headsAlarmAfter(),
                Optional.empty(),
                usual.connectionsMax());
        try (AuditTrails trails = AuditTrails.open(database, settings, folder, Clock.systemUTC())) {
            for (String user : List.of("ama", "kofi", "yawa")) {
                trails.trail()
                        .record(new AuditEvent.Order(
                                Circumstances.ofSystemUser(user, Clock.systemUTC()),
                                "down",
                                new Subject(Subject.Kind.PROGRAM, "0.1.0"),
                                Outcome.DONE));
            }
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aSoundTrailIsZero() {
        Said said = say(
                Locale.FRENCH, "verify", "--heads", folder.resolve("outside").toString());

        assertThat(said.code()).isZero();
        assertThat(said.out())
                .contains("Le journal d'audit est intact. Lignes : 3. Têtes signées : 1.")
                .contains("Têtes gardées hors de cette machine, toutes concordantes : 1.");
        assertThat(say(Locale.ENGLISH, "verify").out()).contains("No head is kept outside of this machine");
    }

    @Test
    void aChangedRowIsNamedInBothLanguages() {
        sql("update platform.audit_event set outcome = 'refused' where number = 2");

        Said french = say(Locale.FRENCH, "verify");
        Said english = say(Locale.ENGLISH, "verify");

        assertThat(french.code()).isEqualTo(65);
        assertThat(french.err())
                .contains("La ligne 2 ne convient pas", "acte order-down")
                .contains("Lignes qui conviennent avant : 1.");
        assertThat(english.code()).isEqualTo(65);
        assertThat(english.err()).contains("Row 2 does not fit");
    }

    @Test
    void aTrailThatWasRemovedAsAWholeIsMissed() {
        sql("delete from platform.audit_event");
        sql("delete from platform.audit_head");
        sql("delete from platform.audit_chain");

        assertThat(say(Locale.FRENCH, "verify").err()).contains("n'a pas de journal d'audit");
    }

    @Test
    void aFolderOfHeadsThatIsNotThereIs66() {
        Said said = say(
                Locale.FRENCH, "verify", "--heads", folder.resolve("nowhere").toString());

        assertThat(said.code()).isEqualTo(66);
        assertThat(said.err()).contains("nowhere ne peut pas être lu");
    }

    @Test
    void theLastRowsAreListed() {
        assertThat(say(Locale.FRENCH, "list", "--max", "2").out().lines())
                .hasSize(2)
                .allMatch(line -> line.contains("act=order-down"));
        assertThat(say(Locale.FRENCH, "list", "--actor", "system-user:ama")
                        .out()
                        .lines())
                .singleElement()
                .asString()
                .startsWith("number=1 ");
        assertThat(say(Locale.FRENCH, "list", "--since", "2999-01-01").out()).isEmpty();
        assertThat(say(Locale.FRENCH, "list", "--since", "hier").code()).isEqualTo(64);
        assertThat(say(Locale.FRENCH, "list", "--max", "0").code()).isEqualTo(64);
    }

    @Test
    void withoutSettingsNothingIsLookedAt() throws IOException {
        Files.delete(folder.resolve("messagerie.toml"));
        assertThat(say(Locale.FRENCH, "verify").code()).isEqualTo(66);
    }

    private void sql(String statement) {
        Database other = open();
        try (other) {
            other.connections("meddler", "platform", 1).autoCommit(c -> Sql.update(c, statement));
        }
    }

    private Database open() {
        return Databases.open(TestDatabase.settings(TestDatabase.url(database), TestDatabase.password()), folder);
    }

    private Said say(Locale locale, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false, Texts.in(locale));
        List<String> command = new ArrayList<>(List.of("audit"));
        command.addAll(List.of(words));
        command.addAll(List.of("--data", folder.toString()));
        int code = Commands.commandLine(
                        terminal, Clock.systemUTC(), new SpecimenAssembly(() -> new AuditReader(open())))
                .execute(command.toArray(String[]::new));
        return new Said(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private record Said(int code, String out, String err) {}
}
