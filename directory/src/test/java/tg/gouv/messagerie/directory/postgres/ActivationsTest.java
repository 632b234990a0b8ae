package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Activation;
import tg.gouv.messagerie.directory.provisioning.Activations;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** Who is told that an account became active, and when. */
class ActivationsTest extends DirectoryTest {
    private static final MailAddress AMA = MailAddress.of("ama.koffi@gouv.tg");

    @TempDir
    private Path folder;

    @Test
    void everyAccountThatAnActMakesIsToldOnceAsItIsWhenTheActEnds() {
        provisioning.apply(SmallState.state(Map.of()));
        assertThat(activated)
                .extracting(Activation::primary)
                .doesNotHaveDuplicates()
                .hasSize((int) directories.accounts());
        assertThat(activated).extracting(Activation::kind).contains(Account.Kind.PERSON, Account.Kind.FUNCTION);

        provisioning.apply(SmallState.state(Map.of()));
        assertThat(activated).hasSize((int) directories.accounts());
    }

    @Test
    void tellsTheLanguageAndTheName() {
        AccountId account = ama(Locale.ENGLISH);

        assertThat(activated)
                .containsExactly(new Activation(account, Account.Kind.PERSON, AMA, "Ama Koffi", Locale.ENGLISH));
    }

    @Test
    void anotherNameOrTheEndOfASuspensionIsNoActivation() {
        AccountId account = ama(Locale.FRENCH);
        activated.clear();

        ama(Locale.ENGLISH);
        provisioning.state(account, Account.State.SUSPENDED);
        provisioning.state(account, Account.State.ACTIVE);

        assertThat(activated).isEmpty();
    }

    @Test
    void anAccountThatWasMadeAndNotYetActivatedIsToldWhenItIs() {
        AccountId account = ama(Locale.FRENCH);
        look.autoCommit(c -> Sql.update(c, "update account set state = 'created'"));
        activated.clear();

        provisioning.state(account, Account.State.ACTIVE);
        provisioning.state(account, Account.State.ACTIVE);

        assertThat(activated).extracting(Activation::account).containsExactly(account);
    }

    @Test
    void anActIsUndoneWhenNobodyCouldBeTold() {
        Activations deaf = (Connection _, List<Activation> _) -> {
            throw new SQLException("no space left");
        };
        Database other =
                Databases.open(TestDatabase.settings(TestDatabase.url(database), TestDatabase.password()), folder);
        try (other;
                Directories node = Directories.open(other, settings(), data, trail, deaf, clock, new SecureRandom())) {
            node.provisioning().domain("gouv.tg");
            assertThatThrownBy(() -> node.provisioning().person(person(Locale.FRENCH)))
                    .isInstanceOf(StoreUnavailable.class);
        }
        assertThat(query("select display_name from account")).isEmpty();
    }

    private AccountId ama(Locale language) {
        provisioning.domain("gouv.tg");
        return provisioning.person(person(language));
    }

    private static Person person(Locale language) {
        return new Person(Optional.empty(), new PersonName("Ama", "Koffi"), AMA, language, Optional.empty());
    }
}
