package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class MigrationsTest {
    private Database database;
    private PGSimpleDataSource source;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        source = TestDatabase.address(((TestDatabase) database).name()).dataSource("test", Duration.ofMinutes(1), "");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void bringsASchemaUpToDateOnceAndKeepsTheHistoryInside() throws SQLException {
        database.migrate("specimen");
        database.migrate("specimen");
        assertThat(tables()).containsExactly("specimen.migrations", "specimen.thing");
        assertThat(query("select version from specimen.migrations where version is not null"))
                .containsExactly("001");
    }

    @Test
    void refusesASchemaThatIsNewerThanTheProgram() {
        new Migrations(source, "specimen", "classpath:db/specimen-next").apply();
        assertThatThrownBy(() -> database.migrate("specimen"))
                .isInstanceOf(DatabaseRefused.class)
                .hasMessageContaining("Schema specimen is newer than this program")
                .hasMessageContaining("migration 002");
    }

    @Test
    void refusesASchemaWhoseMigrationsAreNotOurs() {
        new Migrations(source, "specimen", "classpath:db/specimen-edited").apply();
        assertThatThrownBy(() -> database.migrate("specimen"))
                .isInstanceOf(DatabaseRefused.class)
                .hasMessageContaining("differs from the one of this program");
    }

    @Test
    void aStepThatFailsUndoesTheStepsBeforeIt() throws SQLException {
        assertThatThrownBy(() -> new Migrations(source, "specimen", "classpath:db/specimen-broken").apply())
                .isInstanceOf(DatabaseRefused.class)
                .hasMessageContaining("Schema specimen could not be brought up to date")
                .hasMessageContaining("nonsense");
        assertThat(tables()).containsExactly("specimen.migrations");
        assertThat(query("select version from specimen.migrations where version is not null"))
                .isEmpty();
        database.migrate("specimen"); // a mended program continues from there
        assertThat(tables()).contains("specimen.thing");
    }

    @Test
    void aSchemaWithoutMigrationsIsAnError() {
        assertThatThrownBy(() -> database.migrate("forgotten")).isInstanceOf(DatabaseRefused.class);
    }

    private List<String> tables() throws SQLException {
        return query("select schemaname || '.' || tablename from pg_tables"
                + " where schemaname not in ('pg_catalog', 'information_schema') order by 1");
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Sql.query(connection, row -> row.getString(1), sql);
        }
    }
}
