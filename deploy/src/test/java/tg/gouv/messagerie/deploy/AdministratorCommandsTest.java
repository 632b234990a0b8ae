package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest.Said;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** The first administrator of an empty service, from a code on a terminal to a password. */
class AdministratorCommandsTest {
    private static final String FIRST = "afi.mensah@gouv.tg";
    private static final String PASSWORD = "soleil sur la lagune";

    @TempDir
    private static Path folder;

    private static ProgramUnderTest program;
    private static Connections directory;
    private static Connections audit;

    @BeforeAll
    static void start() throws Exception {
        program = new ProgramUnderTest(
                new ProgramAssembly(),
                folder,
                "[routes]\nadministrators = [\"" + FIRST + "\", \"kofi.mensah@gouv.tg\"]\n");
        directory = program.database().connections("test-directory", "directory", 1);
        audit = program.database().connections("test-audit", "platform", 1);
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    private static Said code(String... more) {
        return program.run(Stream.concat(Stream.of("administrator", "code"), Stream.of(more))
                .toArray(String[]::new));
    }

    /** What who types these lines is told. */
    private static Said activate(String address, String... lines) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(UTF_8)));
        try {
            return program.run("activate", address);
        } finally {
            System.setIn(before);
        }
    }

    private static List<String> rows(Connections connections, String sql) {
        return connections.<List<String>, RuntimeException>autoCommit(c -> Sql.query(c, row -> row.getString(1), sql));
    }

    @Test
    void theFirstAdministratorGetsAPasswordByACodeThatIsShownOnce() throws Exception {
        assertThat(code().code()).as("no terminal reads it").isEqualTo(64);
        Said nameless = code("--print");
        assertThat(nameless.code()).isEqualTo(65);
        assertThat(nameless.err()).contains("--given");
        Said stranger = code("--print", "inconnu@gouv.tg", "--given", "X", "--family", "Y");
        assertThat(stranger.code()).isEqualTo(65);
        assertThat(stranger.err()).contains("inconnu@gouv.tg n'est pas dans routes.administrators");

        Said issued = code("--print", "--given", "Afi", "--family", "Mensah");
        assertThat(issued.code()).as(issued.err()).isZero();
        String code = issued.out().strip();
        assertThat(code).matches("(\\w{4}-){3}\\w{4}");
        assertThat(issued.err()).contains(FIRST).doesNotContain(code);
        assertThat(rows(directory, "select account_id::text from credential")).isEmpty();

        Said wrong = activate(FIRST, "AAAA-AAAA-AAAA-AAAA", PASSWORD);
        assertThat(wrong.code()).isEqualTo(77);
        assertThat(wrong.err()).contains("Refusé");
        assertThat(activate("inconnu@gouv.tg", code, PASSWORD).code()).isEqualTo(77);
        assertThat(activate(FIRST, code).code()).as("no password").isEqualTo(66);
        assertThat(activate(FIRST, code, "").code()).isEqualTo(65);
        Said done = activate(FIRST, code.toLowerCase(Locale.ROOT), PASSWORD);
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(rows(directory, "select account_id::text from credential")).hasSize(1);

        assertThat(activate(FIRST, code, PASSWORD).code()).isEqualTo(77);
        assertThat(code("--print").err()).contains("--reset");
        assertThat(code("--print", "--reset").code()).isZero();

        String trail = String.join("\n", rows(audit, "select t::text from audit_pending t"))
                + String.join("\n", rows(audit, "select t::text from audit_event t"));
        assertThat(trail)
                .contains("directory-activation-code-issued", "directory-activation-code-used")
                .contains("system-user:" + System.getProperty("user.name"))
                .doesNotContain(code, PASSWORD);
        assertThat(kept()).as("what is on the disk").doesNotContain(code, PASSWORD);
    }

    /** The texts of the data directory. */
    private static String kept() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
