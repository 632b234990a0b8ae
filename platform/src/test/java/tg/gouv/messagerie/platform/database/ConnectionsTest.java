package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private Database database;
    private Connections connections;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        database.migrate("specimen");
        connections = database.connections("specimen", "specimen", 2);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aTransactionIsDurableWhenItReturnsAndUndoneWhenItThrows() {
        connections.transaction(c -> Sql.update(c, "insert into thing(name) values (?)", "kept"));
        assertThatThrownBy(() -> connections.transaction(c -> {
                    Sql.update(c, "insert into thing(name) values (?)", "undone");
                    throw new IllegalArgumentException("changed my mind");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(names()).containsExactly("kept");
    }

    private java.util.List<String> names() {
        return connections.autoCommit(
                c -> Sql.query(c, row -> row.getString(1), "select name from thing order by name"));
    }
}
