package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox.OfEntity;

class PostgresDirectoryTest extends DirectoryTest {
    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of()));
    }

    @Test
    void findsAnAccountByItsAddressInAnyCase() {
        Account account = account(MailAddress.of("Akossiwa.MENSAH@Gouv.TG"));
        assertThat(account.displayName()).isEqualTo("Akossiwa Mensah");
        assertThat(account.kind()).isEqualTo(Account.Kind.PERSON);
        assertThat(account.primary()).isEqualTo(SmallState.AKOSSIWA);
        assertThat(account.addresses()).containsExactly(SmallState.AKOSSIWA);
    }

    @Test
    void aSubAddressIsItsAccounts() {
        MailAddress projects = MailAddress.of("akossiwa.mensah+projets@gouv.tg");
        assertThat(directory.byAddresses(List.of(projects, SmallState.KOFI)))
                .containsOnly(
                        Map.entry(projects, account(SmallState.AKOSSIWA)),
                        Map.entry(SmallState.KOFI, account(SmallState.KOFI)));
    }

    @Test
    void anAddressNobodyHasIsAbsent() {
        assertThat(directory.byAddresses(List.of(MailAddress.of("nobody@gouv.tg"), MailAddress.of("ama@example.org"))))
                .isEmpty();
        assertThat(directory.byAddresses(List.of())).isEmpty();
    }

    @Test
    void manyMoreAddressesThanOneStatementCarriesAreFound() {
        List<MailAddress> many = new ArrayList<>();
        for (int i = 0; i < 2 * PostgresDirectory.STATEMENT_MAX; i++) {
            many.add(MailAddress.of("nobody." + i + "@gouv.tg"));
        }
        many.add(SmallState.KOFI);
        many.addFirst(SmallState.AKOSSIWA);
        assertThat(directory.byAddresses(many)).containsOnlyKeys(SmallState.AKOSSIWA, SmallState.KOFI);
    }

    @Test
    void whoIsSuspendedStillReceivesAndWhoLeftDoesNot() {
        AccountId kofi = account(SmallState.KOFI).id();
        provisioning.state(kofi, Account.State.SUSPENDED);
        assertThat(account(SmallState.KOFI).state()).isEqualTo(Account.State.SUSPENDED);
        provisioning.state(kofi, Account.State.CLOSED);
        assertThat(directory.byAddress(SmallState.KOFI)).isEmpty();
        provisioning.state(kofi, Account.State.CREATED);
        assertThat(directory.byAddress(SmallState.KOFI)).isEmpty();
        assertThat(directory.byId(kofi)).map(Account::state).contains(Account.State.CREATED);
    }

    @Test
    void accountsAreFoundByTheirIds() {
        Account akossiwa = account(SmallState.AKOSSIWA);
        Account budget = account(SmallState.BUDGET);
        AccountId nobody = new AccountId(UUID.fromString("01234567-89ab-7def-8123-456789abcdef"));
        assertThat(directory.byIds(List.of(akossiwa.id(), nobody, budget.id(), budget.id())))
                .containsOnly(Map.entry(akossiwa.id(), akossiwa), Map.entry(budget.id(), budget));
        assertThat(directory.byId(nobody)).isEmpty();
    }

    @Test
    void theHolderOfAPositionHoldsItsFunctionMailboxWhileTheAssignmentLasts() {
        AccountId akossiwa = account(SmallState.AKOSSIWA).id();
        Account budget = account(SmallState.BUDGET);
        assertThat(directory.functionMailboxes(akossiwa)).containsOnly(Map.entry(budget, FunctionAccess.HOLDER));
        assertThat(directory.functionMailboxes(account(SmallState.KOFI).id())).isEmpty();
        provisioning.assignment(new Assignment(
                SmallState.AKOSSIWA,
                SmallState.DIRECTOR,
                Optional.empty(),
                Optional.of(clock.instant().plusSeconds(60))));
        provisioning.assignment(new Assignment(
                SmallState.KOFI,
                SmallState.DIRECTOR,
                Optional.of(clock.instant().plusSeconds(60)),
                Optional.empty()));
        pass(Duration.ofSeconds(59));
        assertThat(directory.functionMailboxes(akossiwa)).containsOnlyKeys(budget);
        assertThat(directory.functionMailboxes(account(SmallState.KOFI).id())).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(directory.functionMailboxes(akossiwa)).isEmpty();
        assertThat(directory.functionMailboxes(account(SmallState.KOFI).id())).containsOnlyKeys(budget);
    }

    @Test
    void otherPositionsMayReadOrHoldAFunctionMailbox() {
        MailAddress outside = MailAddress.of("monde.exterieur@gouv.tg");
        provisioning.functionMailbox(new FunctionMailbox(
                outside,
                "Monde extérieur",
                new OfEntity(SmallState.ENERGY),
                Map.of(SmallState.CLERK, FunctionAccess.READER)));
        AccountId kofi = account(SmallState.KOFI).id();
        assertThat(directory.functionMailboxes(kofi)).containsOnly(Map.entry(account(outside), FunctionAccess.READER));
        provisioning.assignment(new Assignment(SmallState.KOFI, SmallState.DIRECTOR));
        provisioning.functionMailbox(new FunctionMailbox(
                outside,
                "Monde extérieur",
                new OfEntity(SmallState.ENERGY),
                Map.of(SmallState.CLERK, FunctionAccess.READER, SmallState.DIRECTOR, FunctionAccess.HOLDER)));
        assertThat(directory.functionMailboxes(kofi))
                .containsEntry(account(outside), FunctionAccess.HOLDER)
                .containsEntry(account(SmallState.BUDGET), FunctionAccess.HOLDER);
    }

    @Test
    void aHolderOrMailboxThatIsNotActiveOpensNothing() {
        AccountId akossiwa = account(SmallState.AKOSSIWA).id();
        AccountId budget = account(SmallState.BUDGET).id();
        provisioning.state(akossiwa, Account.State.SUSPENDED);
        assertThat(directory.functionMailboxes(akossiwa)).isEmpty();
        provisioning.state(akossiwa, Account.State.ACTIVE);
        provisioning.state(budget, Account.State.SUSPENDED);
        assertThat(directory.functionMailboxes(akossiwa)).isEmpty();
        provisioning.state(budget, Account.State.ACTIVE);
        assertThat(directory.functionMailboxes(akossiwa)).hasSize(1);
    }

    @Test
    void knowsTheDomainsThatAreOurs() {
        provisioning.domain("Presidence.TG");
        assertThat(directory.domains()).containsExactlyInAnyOrder("gouv.tg", "presidence.tg");
        assertThat(directories.accounts()).isEqualTo(3);
    }
}
