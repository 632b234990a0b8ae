package tg.gouv.messagerie.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.database.DatabaseSettings;
import tg.gouv.messagerie.platform.settings.Specimens.Colour;
import tg.gouv.messagerie.platform.settings.Specimens.Limits;
import tg.gouv.messagerie.platform.settings.Specimens.Peer;
import tg.gouv.messagerie.platform.settings.Specimens.Types;

class SettingsTest {
    @TempDir
    private Path folder;

    /** The settings of two parts of the program. */
    record Parts(
            @Doc("The database.") DatabaseSettings database,
            @Doc("Large objects.") BlobSettings blobs) {}

    @Test
    void anEmptyFileGivesEveryDefault() {
        assertThat(parse("", Types.class).value())
                .isEqualTo(new Types(
                        "Lomé",
                        true,
                        7,
                        9_000_000_000L,
                        Duration.ofMillis(500),
                        ByteSize.parse("32KB"),
                        Endpoint.parse("127.0.0.1:993"),
                        Path.of("/srv/mail"),
                        Colour.DARK_YELLOW,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(ByteSize.parse("1MB")),
                        List.of(),
                        List.of(Endpoint.parse("[::1]:25"), Endpoint.parse("127.0.0.1:25")),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        new Limits(10, Duration.ofHours(2))));
    }

    @Test
    void everyTypeIsRead() throws Exception {
        SecretFilesTest.write(folder.resolve("key"), "s3same\n");
        String text = """
                text = "a"
                on = false
                number = -7
                large = 1
                time = "7d"
                size = "512B"
                door = "[::1]:0"
                place = "../spool"
                colour = "red"
                perhaps-text = "b"
                perhaps-number = 2
                perhaps-time = "2h"
                perhaps-secret = "key"
                usually-size = "4GB"
                texts = ["c", "d"]
                doors = []
                colours = ["red", "green"]
                peer = { name = "e", weight = 3 }
                limits.count-max = 5
                [[peers]]
                name = "f"
                [[peers]]
                name = "g"
                weight = 9
                """;
        assertThat(parse(text, Types.class).value())
                .isEqualTo(new Types(
                        "a",
                        false,
                        -7,
                        1,
                        Duration.ofDays(7),
                        new ByteSize(512),
                        new Endpoint("::1", 0),
                        folder.resolve("../spool"),
                        Colour.RED,
                        Optional.of("b"),
                        Optional.of(2),
                        Optional.of(Duration.ofHours(2)),
                        Optional.of(new Secret("s3same")),
                        Optional.of(ByteSize.parse("4GB")),
                        List.of("c", "d"),
                        List.of(),
                        List.of(Colour.RED, Colour.GREEN),
                        Optional.of(new Peer("e", 3)),
                        List.of(new Peer("f", 1), new Peer("g", 9)),
                        new Limits(5, Duration.ofHours(2))));
    }

    @Test
    void theFileMayComeFromAnyEditor() throws Exception {
        Path file = Files.writeString(folder.resolve("messagerie.toml"), "\uFEFFtext = \"é\"\r\nplace = \"spool\"\r\n");

        Types types = Settings.read(file, Types.class).value();

        assertThat(types.text()).isEqualTo("é");
        assertThat(types.place()).isEqualTo(folder.resolve("spool"));
    }

    @Test
    void showsEffectiveValuesWithTheirOriginAndNoSecret() throws Exception {
        SecretFilesTest.write(folder.resolve("db"), "s3same");
        String text = """
                [database]
                url = "jdbc:postgresql://db.gouv.tg/messagerie"
                password = "db"
                root-certificate = "ca.pem"
                waiting-max = 0x10

                [blobs]
                kind = "postgresql"
                """;

        Settings<Parts> settings = parse(text, Parts.class);

        assertThat(settings.show()).isEqualTo("""
                # messagerie.toml

                [database]
                url = "jdbc:postgresql://db.gouv.tg/messagerie" # line 2
                user = "messagerie" # default
                password = "***" # line 3
                root-certificate = "%s/ca.pem" # line 4
                acquire-timeout = "5s" # default
                waiting-max = 16 # line 5
                statement-timeout = "30s" # default
                idle-in-transaction-timeout = "60s" # default

                [database.embedded]
                port = 0 # default
                shared-buffers = "128MB" # default
                connections-max = 100 # default
                # run-as: not set
                start-timeout = "5m" # default
                stop-timeout = "6s" # default

                [blobs]
                kind = "postgresql" # line 8
                # path: not set
                connections-max = 4 # default
                """.formatted(folder));
        assertThat(settings.value().toString()).doesNotContain("s3same");
    }

    @Test
    void whatIsShownIsASettingsFileThatMeansTheSame() {
        String text =
                "text = \"a\\\"\\\\\\t\\u001b\"\n[[peers]]\nname=\"f\"\n[[peers]]\nname = \"g\"\n[peer]\nname=\"x\"\n";
        Settings<Types> settings = parse(text, Types.class);

        assertThat(parse(settings.show(), Types.class).value()).isEqualTo(settings.value());
        assertThat(settings.show()).contains("# line 1", "[[peers]]\nname = \"f\" # line 3\nweight = 1 # default\n");
    }

    @Test
    void theManualIsTheFileOfDefaults() {
        assertThat(parse(Settings.reference(Parts.class), Parts.class).value())
                .isEqualTo(new Parts(DatabaseSettings.embeddedByDefault(), BlobSettings.byDefault()));
        assertThat(parse(Settings.reference(DatabaseSettings.class), DatabaseSettings.class)
                        .value())
                .isEqualTo(DatabaseSettings.embeddedByDefault());
        assertThat(parse(Settings.reference(Types.class), Types.class).value())
                .isEqualTo(parse("", Types.class).value());
    }

    @Test
    void theManualSaysWhatEachSettingDoesItsTypeAndItsDefault() {
        assertThat(Settings.reference(Parts.class)).contains("""

                # How long an operation waits for a free connection.
                # Type: duration; default "5s".
                acquire-timeout = "5s"
                """, """

                # The file that holds this user's password; demanded with a URL.
                # Type: file that holds a secret in its first line, mode 0600; optional.
                #password = "/…"
                """, """

                # Large objects.
                [blobs]

                # Where large objects are kept: directory (a folder of this machine) or postgresql (the database).
                # Type: one of postgresql, directory; default "directory".
                kind = "directory"
                """);
        assertThat(Settings.reference(Specimens.Whole.class)).contains("""

                # Address and port to listen on.
                # Type: text; must be given.
                #listen = "…"
                """);
        assertThat(Settings.reference(Types.class)).contains("""

                # Peers.
                #[[peers]]

                # Its name.
                # Type: text; must be given.
                #name = "…"

                # Its weight.
                # Type: integer; default 1.
                #weight = 1
                """);
    }

    record Unsupported(@Doc("A map.") Map<String, String> map) {}

    record Undocumented(String text) {}

    record NotToml(@Doc(value = "A.", byDefault = "yes") String text) {}

    record WrongDefault(@Doc(value = "A.", byDefault = "3") String text) {}

    record DefaultTable(@Doc(value = "A.", byDefault = "{}") Limits limits) {}

    record Endless(@Doc("A.") Optional<Endless> again) {}

    record Sealed(@Doc("A.") Shape shape) {}

    sealed interface Shape {
        record Round() implements Shape {}
    }

    record Failing(@Doc(value = "A.", byDefault = "0") int divisor) {
        Failing {
            divisor = 1 / divisor;
        }
    }

    @Test
    void aRecordThatIsNoneOfSettingsIsOurFaultAndNamed() {
        ourFault(Unsupported.class, "Unsupported.map has a type that settings cannot have");
        ourFault(Sealed.class, "Sealed.shape has a type that settings cannot have");
        ourFault(Undocumented.class, "Undocumented.text has no @Doc");
        ourFault(NotToml.class, "NotToml.text has a default that is not TOML");
        ourFault(WrongDefault.class, "the default of text is wrong");
        ourFault(DefaultTable.class, "DefaultTable.limits is a table");
        ourFault(Endless.class, "Endless contains itself");
        ourFault(Failing.class, "Failing failed instead of refusing");
    }

    @Test
    void keysAreTheNamesInKebabCase() {
        assertThat(List.of("user", "idleTimeout", "maxMessageSize", "tlsV13", "listenOnIPAddress"))
                .extracting(Table::kebab)
                .containsExactly("user", "idle-timeout", "max-message-size", "tls-v13", "listen-on-ip-address");
    }

    private void ourFault(Class<? extends Record> type, String sentence) {
        assertThatThrownBy(() -> parse("", type))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(sentence);
    }

    private <R extends Record> Settings<R> parse(String text, Class<R> type) {
        return Settings.parse("messagerie.toml", text, type, folder);
    }
}
