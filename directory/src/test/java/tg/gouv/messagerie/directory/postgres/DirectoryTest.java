package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Activation;
import tg.gouv.messagerie.directory.provisioning.Activations;
import tg.gouv.messagerie.directory.provisioning.Departed;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** A directory in a database of its own, empty before each test, with a clock that the test moves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DirectoryTest {
    final TestClock clock = new TestClock();
    final MemoryTrail trail = new MemoryTrail();
    final List<Activation> activated = new CopyOnWriteArrayList<>();
    final List<Departed> departed = new CopyOnWriteArrayList<>();
    final List<AccountId> erased = new CopyOnWriteArrayList<>();
    Path data;
    Database database;
    Connections look;
    Directories directories;
    Directory directory;
    Provisioning provisioning;
    long hashesBefore;

    @BeforeAll
    void open(@TempDir Path folder) {
        data = folder;
        database = TestDatabase.fresh();
        directories = Directories.open(database, settings(), data, trail, heard(), clock, new SecureRandom());
        look = database.connections("test", "directory", 2);
        directory = directories.directory();
        provisioning = directories.provisioning();
    }

    @AfterAll
    void close() {
        directories.close();
        database.close();
    }

    @BeforeEach
    void empty() {
        look.autoCommit(c -> Sql.update(
                c, "truncate domain, entity, account, sign_in_attempts, sign_in_site, reserved_address cascade"));
        look.autoCommit(c -> Sql.update(c, "delete from ldap_entry where source is not null"));
        look.autoCommit(c -> Sql.update(c, "truncate ldap_change"));
        trail.events().clear();
        activated.clear();
        departed.clear();
        erased.clear();
        hashesBefore = directories.passwordHashes();
    }

    @AfterEach
    void budgetsAreCountedByWhatThereIs() {
        assertThat(query("""
                select coalesce(entity_id, entity)::text || ': ' || coalesce(n.accounts, 0) || ' of ' || coalesce(there, 0)
                from entity_accounts n full join (
                    select p.entity_id as entity, count(*) as there from person p join account a on a.id = p.account_id and a.state <> 'closed'
                    where p.entity_id is not null group by 1) t on entity = entity_id
                where coalesce(n.accounts, 0) <> coalesce(there, 0)""")).isEmpty();
    }

    private Activations heard() {
        return new Activations() {
            @Override
            public void activated(Connection connection, List<Activation> accounts) {
                activated.addAll(accounts);
            }

            @Override
            public void departed(Connection connection, List<Departed> accounts) {
                departed.addAll(accounts);
            }

            @Override
            public void erased(Connection connection, List<AccountId> accounts) {
                erased.addAll(accounts);
            }
        };
    }

    DirectorySettings settings() {
        return TestSettings.cheap();
    }

    Account account(MailAddress address) {
        return directory.byAddress(address).orElseThrow();
    }

    /** How many passwords this test has hashed so far. */
    long hashes() {
        return directories.passwordHashes() - hashesBefore;
    }

    void pass(Duration time) {
        clock.pass(time);
    }

    List<String> query(String sql) {
        return look.autoCommit(c -> Sql.query(c, row -> row.getString(1), sql));
    }
}
