package tg.gouv.messagerie.directory.postgres;

import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** A directory in a database of its own, with a clock that the test moves. */
abstract class DirectoryTest {
    static final SecureRandom RANDOM = new SecureRandom();

    final TestClock clock = new TestClock();
    Database database;
    Directories directories;
    Directory directory;
    Provisioning provisioning;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        directories = Directories.open(database, settings(), clock, RANDOM);
        directory = directories.directory();
        provisioning = directories.provisioning();
    }

    @AfterEach
    void close() {
        directories.close();
        database.close();
    }

    DirectorySettings settings() {
        return DirectorySettings.byDefault();
    }

    Account account(MailAddress address) {
        return directory.byAddress(address).orElseThrow();
    }

    void pass(Duration time) {
        clock.pass(time);
    }
}
