package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Domain;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Register.MailboxUser;
import tg.gouv.messagerie.directory.provisioning.StructureIndex.Listed;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;

/** What somebody chooses from who administers a part: its entities and positions, a new address, mailboxes, grants. */
class StructureIndexTest extends DirectoryTest {
    private static final EntityCode HEALTH = new EntityCode("sante");

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of()));
        provisioning.entity(new Entity(HEALTH, "<b>Santé</b>", Optional.empty()));
        provisioning.position(new Position(new PositionCode("medecin"), "Médecin chef", HEALTH));
    }

    @Test
    void findsByWordsWithoutAccentsInThePartOfWhoAsks() {
        assertThat(directories.structure().entities(Right.PEOPLE, "", Optional.empty(), 10))
                .extracting(it -> it.entity().code().value())
                .containsExactly("sante", "energie", "budget");
        assertThat(directories.structure().positions(Right.ASSIGN, "medec SANTE", 10))
                .extracting(it -> it.position().title() + it.entityName())
                .containsExactly("Médecin chef<b>Santé</b>");
        AccountId kofi = grant(Set.of(Right.ASSIGN), SmallState.ENERGY);
        assertThat(as(kofi, () -> directories.structure().positions(Right.ASSIGN, "", 10)))
                .extracting(it -> it.position().code().value())
                .containsExactly("agent-budget", "directeur-budget");
        assertThat(as(kofi, () -> directories.structure().positions(Right.ASSIGN, "medecin", 10)))
                .isEmpty();
        assertThat(catchThrowableOfType(
                                ProvisioningRefused.class,
                                () -> as(
                                        kofi,
                                        () -> directories.structure().entities(Right.PEOPLE, "", Optional.empty(), 10)))
                        .reason())
                .isEqualTo(Reason.NO_RIGHT_IN_THE_STATE);
        for (String text : List.of("%", "x".repeat(101), "a\u0000b")) {
            assertThat(catchThrowableOfType(
                                    ProvisioningRefused.class,
                                    () -> directories.structure().entities(Right.PEOPLE, text, Optional.empty(), 10))
                            .reason())
                    .isEqualTo(Reason.NOTHING_SOUGHT);
        }
    }

    @Test
    void findsGroupsByWordsInTheOrderOfTheirCodesInThePartOfWhoAsks() {
        provisioning.group(new Group(new GroupCode("b.garde"), "Équipe de garde", HEALTH, Set.of()));
        provisioning.group(new Group(new GroupCode("a-garde"), "Garde d'Énergie", SmallState.ENERGY, Set.of()));

        assertThat(groups("gard", Optional.empty())).containsExactly("a-garde", "b.garde");
        assertThat(groups("gard", Optional.of(new GroupCode("a-garde")))).containsExactly("b.garde");
        assertThat(groups("EQUIPE b", Optional.empty())).containsExactly("b.garde");
        assertThat(groups("", Optional.empty())).contains("a-garde", "b.garde");
        AccountId kofi = grant(Set.of(Right.GROUPS), SmallState.ENERGY);
        assertThat(as(kofi, () -> groups("garde", Optional.empty()))).containsExactly("a-garde");
        assertThat(catchThrowableOfType(ProvisioningRefused.class, () -> groups("%", Optional.empty()))
                        .reason())
                .isEqualTo(Reason.NOTHING_SOUGHT);
    }

    private List<String> groups(String text, Optional<GroupCode> after) {
        return directories.structure().groups(Right.GROUPS, text, after, 10).stream()
                .map(it -> it.code().value())
                .toList();
    }

    @Test
    void goesOnBehindAnEntity() {
        List<String> all = new ArrayList<>();
        Optional<EntityCode> after = Optional.empty();
        List<Listed> page = directories.structure().entities(Right.PEOPLE, "", after, 1);
        while (!page.isEmpty()) {
            all.add(page.getFirst().entity().code().value()
                    + page.getFirst().above().map(" "::concat).orElse(""));
            after = Optional.of(page.getFirst().entity().code());
            page = directories.structure().entities(Right.PEOPLE, "", after, 1);
        }
        assertThat(all).hasSize(3).first().isEqualTo("sante");
        assertThat(all.getLast()).matches("budget .+");
    }

    @Test
    void proposesAFreeAddressInTheDomainOfTheNearestEntity() {
        assertThat(propose("Kofi", "Mensah", SmallState.BUDGET_SERVICE)).contains("kofi.mensah2@gouv.tg");
        provisioning.domain(new Domain("energie.gouv.tg", Optional.of(SmallState.ENERGY)));
        assertThat(propose("Kofi", "Mensah", SmallState.BUDGET_SERVICE)).contains("kofi.mensah@energie.gouv.tg");
        assertThat(propose("Éyram", "d'Almeida", HEALTH)).contains("eyram.dalmeida@gouv.tg");
        assertThat(propose("", "שלום", HEALTH)).isEmpty();
        provisioning.domain("autre.tg");
        assertThat(propose("Ama", "Adjo", HEALTH)).isEmpty();
    }

    private Optional<String> propose(String given, String family, EntityCode entity) {
        return directories
                .addressProposals()
                .propose(new PersonName(given, family), entity)
                .map(MailAddress::toString);
    }

    @Test
    void readsFunctionMailboxesAndWhoUsesThem() {
        FunctionMailbox accounts = new FunctionMailbox(
                MailAddress.of("compta@gouv.tg"),
                "Comptabilité",
                new FunctionMailbox.OfEntity(SmallState.BUDGET_SERVICE),
                Map.of(SmallState.CLERK, FunctionAccess.READER));
        AccountId account = provisioning.functionMailbox(accounts);
        assertThat(directories.register().functionMailbox(accounts.address())).contains(accounts);
        assertThat(directories.register().functionMailboxAccount(accounts.address()))
                .contains(account);
        assertThat(directories.register().functionMailboxes(Optional.of(SmallState.ENERGY), Optional.empty(), 10))
                .extracting(FunctionMailbox::address)
                .containsExactly(accounts.address(), SmallState.BUDGET);
        assertThat(directories.register().functionMailboxes(Optional.of(HEALTH), Optional.empty(), 10))
                .isEmpty();
        assertThat(directories.register().functionMailboxUsers(accounts.address(), 10))
                .extracting(MailboxUser::person, MailboxUser::position, MailboxUser::access)
                .containsExactly(tuple(SmallState.KOFI, SmallState.CLERK, FunctionAccess.READER));
        provisioning.state(account, Account.State.CLOSED);
        assertThat(directories.register().functionMailbox(accounts.address())).isEmpty();
    }

    @Test
    void showsTheGrantsOfThePartInWhichOneGives() {
        AccountId kofi = grant(Set.of(Right.GRANT, Right.LOOK), SmallState.ENERGY);
        AccountId akossiwa = account(SmallState.AKOSSIWA).id();
        UUID below = as(
                kofi,
                () -> provisioning.grant(new Grant(
                        new Grant.OfAccount(akossiwa),
                        Set.of(Right.LOOK),
                        Optional.of(SmallState.BUDGET_SERVICE),
                        OptionalInt.of(5),
                        Optional.empty(),
                        Optional.empty())));
        UUID elsewhere = provisioning.grant(new Grant(
                new Grant.OfPosition(new PositionCode("medecin")),
                Set.of(Right.LOOK),
                Optional.of(HEALTH),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        List<Rights.Listed> shown = directories.rights().givenWhere(kofi, Optional.empty(), 10);
        assertThat(shown).hasSize(2);
        Rights.Listed last = shown.getLast();
        assertThat(last.given().id()).isEqualTo(below);
        assertThat(last.holderName()).isEqualTo("Akossiwa Mensah");
        assertThat(last.holderAddress()).contains(SmallState.AKOSSIWA);
        assertThat(last.entityName()).contains("Service du budget");
        assertThat(last.accounts()).hasValue(2);
        assertThat(last.byName()).contains("Kofi Mensah");
        assertThat(directories.rights().givenWhere(kofi, Optional.of(below), 10))
                .isEmpty();
        assertThat(directories.rights().givenWhere(kofi, below)).isPresent();
        assertThat(directories.rights().givenWhere(kofi, elsewhere)).isEmpty();
        assertThat(directories.rights().givenWhere(akossiwa, Optional.empty(), 10))
                .isEmpty();
    }

    @Test
    void aRehearsedActIsJudgedAndLeavesNothing() {
        Group group = new Group(new GroupCode("cadres"), "Cadres", SmallState.ENERGY, Set.of());
        int before = trail.events().size();
        provisioning.rehearse(it -> {
            it.group(group);
            return true;
        });
        assertThat(directories.register().group(group.code())).isEmpty();
        assertThat(trail.events()).hasSize(before);
        AccountId kofi = grant(Set.of(Right.LOOK), SmallState.ENERGY);
        assertThat(catchThrowableOfType(
                                ProvisioningRefused.class,
                                () -> as(
                                        kofi,
                                        () -> provisioning.rehearse(it -> {
                                            it.group(group);
                                            return true;
                                        })))
                        .reason())
                .isEqualTo(Reason.NO_RIGHT);
    }

    private AccountId grant(Set<Right> rights, EntityCode entity) {
        AccountId kofi = account(SmallState.KOFI).id();
        provisioning.grant(new Grant(
                new Grant.OfAccount(kofi),
                rights,
                Optional.of(entity),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        return kofi;
    }

    private <T> T as(AccountId account, Supplier<T> act) {
        AtomicReference<T> result = new AtomicReference<>();
        new Circumstances(clock.instant(), new Actor.Account(account.value()), Optional.empty(), new Origin.Here())
                .run(() -> result.set(act.get()));
        return result.get();
    }
}
