package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ground other tests stand on. */
class TestDatabaseTest {
    @BeforeEach
    void onOurOwnServer() {
        assumeThat(System.getProperty("messagerie.test.postgresql"))
                .as("a server of these tests' own")
                .isNull();
    }

    @Test
    void jvmsThatTestAtTheSameTimeHaveAServerEachAndAKilledOnesIsTakenOver() throws Exception {
        String ours = Integer.toString(TestServer.RUNNING.port());
        Process killed = Processes.java(List.of(), TestProgram.class);
        String theirs = firstLine(killed);
        assertThat(theirs).isNotEqualTo(ours);
        killed.destroyForcibly().waitFor();

        Process next = Processes.java(List.of(), TestProgram.class);
        assertThat(firstLine(next)).isEqualTo(theirs);
        next.getOutputStream().close();
        assertThat(next.waitFor()).isZero();
    }

    @Test
    void eachFreshDatabaseIsEmptyAndGoneOnceClosed() {
        try (Database first = TestDatabase.fresh();
                Database second = TestDatabase.fresh()) {
            first.migrate("specimen");
            second.migrate("specimen");
            assertThat(insert(first)).isEqualTo(1);
            assertThat(insert(second)).isEqualTo(1);
        }
    }

    private static int insert(Database database) {
        return database.connections("writer", "specimen", 1)
                .autoCommit(c -> Sql.update(c, "insert into thing(name) values ('one')"));
    }

    private static String firstLine(Process program) throws IOException {
        BufferedReader output = program.inputReader();
        return output.readLine();
    }

    /** Another module's tests: they open a database, print their server's port, and end when nobody speaks to them any more. */
    static final class TestProgram {
        private TestProgram() {}

        @SuppressWarnings("SystemOut") // its output is what the test reads
        public static void main(String[] arguments) throws IOException {
            try (Database database = TestDatabase.fresh()) {
                database.migrate("specimen");
                System.out.println(TestServer.RUNNING.port());
                System.in.readAllBytes();
            }
        }
    }
}
