package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest.Said;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** A file of people at the command line, through the socket of the running program. */
class ImportCommandsTest {
    @TempDir
    private static Path folder;

    private static ProgramUnderTest program;
    private static Connections directory;

    @BeforeAll
    static void start() throws Exception {
        program = new ProgramUnderTest(new ProgramAssembly(), folder, "");
        directory = program.database().connections("test-directory", "directory", 1);
        directory.<Integer, RuntimeException>autoCommit(
                c -> Sql.update(c, "insert into domain(name, made) values ('gouv.tg', now()) on conflict do nothing"));
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    @Test
    void aFileGoesInIsToldReadOutAndUndone() throws IOException {
        Path mapping = Files.writeString(
                folder.resolve("mapping.toml"), "[[addresses]]\nrule = \"{given}.{family}@gouv.tg\"\n");
        Path file = Files.writeString(
                folder.resolve("agents.csv"),
                "matricule;prenoms;nom\n"
                        + IntStream.range(0, 3_000)
                                .mapToObj(i -> i + ";Élise;Kpodar" + i + "\n")
                                .collect(Collectors.joining())
                        + "x y;Afi;Mensah\n3000;=cmd;Mensah\n");
        Path refused = folder.resolve("refused.csv");

        Said empty = program.run("export", "people");
        assertThat(empty.code()).as(empty.err()).isZero();
        Said dry = program.run("import", file.toString(), "--mapping", mapping.toString(), "--dry-run");
        assertThat(dry.code()).as(dry.err()).isEqualTo(65);
        assertThat(dry.out().lines()).hasSize(3_002).first().asString().contains("elise.kpodar0@gouv.tg");
        assertThat(people()).isZero();

        Said done = program.run(
                "import", file.toString(), "--mapping", mapping.toString(), "--refused", refused.toString());
        assertThat(done.code()).as(done.err()).isEqualTo(65);
        assertThat(done.err()).contains("ligne 3002, colonne matricule", "ligne 3003, colonne prenoms");
        assertThat(done.out()).contains("UTF-8", "refusées : 2").containsPattern("nouvelles : 3\\D?000");
        assertThat(people()).isEqualTo(3_000);
        assertThat(Files.readAllLines(refused)).hasSize(3);
        assertThat(Files.getPosixFilePermissions(refused)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(program.run("import", file.toString(), "--refused", refused.toString())
                        .code())
                .as("no file is written over")
                .isEqualTo(73);

        Said exported = program.run("export", "people");
        assertThat(exported.out().lines()).hasSize(3_001);
        Path again = Files.writeString(folder.resolve("again.csv"), exported.out());
        Said unchanged = program.run("import", again.toString());
        assertThat(unchanged.code()).as(unchanged.err()).isZero();
        assertThat(unchanged.out()).contains("changées : 0");

        List<String> listed = program.run("import", "list").out().lines().toList();
        assertThat(listed).singleElement().asString().contains("state=done", "made=3000", "agents.csv");
        String id = listed.getFirst().replaceAll("id=(\\S+) .*", "$1");
        Said undone = program.run("import", "undo", id);
        assertThat(undone.code()).as(undone.err()).isZero();
        assertThat(people()).isZero();
        assertThat(program.run("export", "people").out()).isEqualTo(empty.out());
        assertThat(program.run("import", "undo", id).err()).contains("déjà défait");
    }

    @Test
    void whatIsNoFileOfPeopleIsRefusedInASentence() throws IOException {
        assertThat(program.run("import", folder.resolve("absent.csv").toString())
                        .code())
                .isEqualTo(66);
        Path other = Files.writeString(folder.resolve("other.csv"), "a;b\n1;2\n");
        Said refused = program.run("import", other.toString());
        assertThat(refused.code()).isEqualTo(65);
        assertThat(refused.err()).contains("matricule", "import template");
        Path large = folder.resolve("large.csv");
        Files.write(large, new byte[0]);
        assertThat(program.run("import", large.toString()).err()).contains("vide");
        assertThat(ProgramUnderTest.say(new ProgramAssembly(), "import", "template")
                        .out())
                .startsWith("matricule;prenoms;nom;entite;postes");
        assertThat(ProgramUnderTest.say(new ProgramAssembly(), "import", "template", "positions")
                        .out())
                .startsWith("code;intitule;entite")
                .contains("# chef-de-la-solde");
        assertThat(program.run("export", "entities").out()).startsWith("code;nom;parent;regle");
        assertThat(program.run("export", "positions").out()).startsWith("code;intitule;entite");
        assertThat(ProgramUnderTest.say(new ProgramAssembly(), "import", "template", "--mapping")
                        .out())
                .contains("[columns]", "family");
    }

    private static long people() {
        return directory
                .<List<Long>, RuntimeException>autoCommit(
                        c -> Sql.query(c, row -> row.getLong(1), "select count(*) from person"))
                .getFirst();
    }
}
