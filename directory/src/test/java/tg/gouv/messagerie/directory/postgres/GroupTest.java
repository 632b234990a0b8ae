package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists.Writers;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;

class GroupTest extends DirectoryTest {
    private static final GroupCode DIRECTORS = new GroupCode("directeurs");
    private static final GroupCode COUNCIL = new GroupCode("conseil");
    private static final MailAddress LIST = MailAddress.of("directeurs@gouv.tg");
    private static final MailAddress AFI = MailAddress.of("afi.agbo@gouv.tg");

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of()));
        trail.events().clear();
    }

    @Test
    void whoIsInAGroupFollowsByItselfWhenPeopleMove() {
        provisioning.group(group(
                DIRECTORS,
                new Member.People(Optional.of(SmallState.ENERGY), Optional.of("fr"), Optional.of("DIRÉCTEUR"))));
        provisioning.group(group(COUNCIL, new Member.OfGroup(DIRECTORS), new Member.OfAccount(SmallState.KOFI)));
        assertThat(members(DIRECTORS)).containsExactly(SmallState.AKOSSIWA);
        assertThat(members(COUNCIL)).containsExactly(SmallState.AKOSSIWA, SmallState.KOFI);

        pass(Duration.ofDays(1));
        provisioning.perform(new LifeCycle.HandOver(SmallState.DIRECTOR, SmallState.AKOSSIWA, SmallState.KOFI));
        assertThat(members(DIRECTORS)).containsExactly(SmallState.KOFI);
        assertThat(members(COUNCIL)).containsExactly(SmallState.KOFI);

        provisioning.position(new Position(SmallState.DIRECTOR, "Chef du Budget", SmallState.BUDGET_SERVICE));
        assertThat(members(DIRECTORS)).isEmpty();
    }

    @Test
    void anAssignmentThatBeginsOrEndsByItselfIsFollowedToo() {
        provisioning.group(group(DIRECTORS, new Member.OfPosition(SmallState.DIRECTOR)));
        provisioning.assignment(new Assignment(
                SmallState.KOFI,
                SmallState.DIRECTOR,
                Optional.of(clock.instant().plus(Duration.ofDays(1))),
                Optional.of(clock.instant().plus(Duration.ofDays(2)))));
        assertThat(members(DIRECTORS)).containsExactly(SmallState.AKOSSIWA);
        pass(Duration.ofHours(25));
        ((PostgresProvisioning) provisioning).projectDue(Duration.ofDays(30));
        assertThat(members(DIRECTORS)).containsExactly(SmallState.AKOSSIWA, SmallState.KOFI);
        pass(Duration.ofDays(1));
        ((PostgresProvisioning) provisioning).projectDue(Duration.ofDays(30));
        assertThat(members(DIRECTORS)).containsExactly(SmallState.AKOSSIWA);
    }

    @Test
    void anEntityThatMovesTakesItsPeopleIntoTheGroupsOfItsNewPlaceAndOutOfThoseOfTheOld() {
        EntityCode health = new EntityCode("sante");
        provisioning.entity(new Entity(health, "Ministère de la Santé", Optional.empty()));
        provisioning.group(group(DIRECTORS, new Member.People(SmallState.ENERGY)));
        provisioning.group(new Group(COUNCIL, "Conseil", health, Set.of(new Member.People(health))));
        assertThat(members(DIRECTORS)).hasSize(2);
        provisioning.entity(new Entity(SmallState.BUDGET_SERVICE, "Service du budget", Optional.of(health)));
        assertThat(members(DIRECTORS)).isEmpty();
        assertThat(members(COUNCIL)).hasSize(2);
    }

    @Test
    void aListDeliversToWhoeverReceivesInItsGroupAndIsNoAccountForMail() {
        provisioning.group(
                group(DIRECTORS, new Member.People(SmallState.ENERGY), new Member.OfAccount(SmallState.BUDGET)));
        AccountId list = provisioning.mailingList(list(Writers.MEMBERS));
        assertThat(directories
                        .mailingLists()
                        .byAddresses(Set.of(LIST, SmallState.KOFI))
                        .get(LIST))
                .extracting(it -> it.id(), it -> it.name(), it -> it.writers(), it -> it.owner())
                .containsExactly(list, "Groupe directeurs", Writers.MEMBERS, SmallState.KOFI);
        assertThat(readers(list)).containsExactly(SmallState.AKOSSIWA, SmallState.BUDGET, SmallState.KOFI);
        assertThat(directory.byAddress(LIST)).isEmpty();
        assertThat(activated).noneMatch(it -> it.account().equals(list));

        provisioning.state(account(SmallState.KOFI).id(), Account.State.CLOSED);
        assertThat(readers(list)).containsExactly(SmallState.AKOSSIWA, SmallState.BUDGET);
        provisioning.state(list, Account.State.CLOSED);
        assertThat(directories.mailingLists().byAddresses(Set.of(LIST))).isEmpty();
        assertThat(provisioning.mailingList(list(Writers.MEMBERS))).isEqualTo(list);
        assertThat(readers(list)).as("open again").hasSize(2);
        provisioning.state(list, Account.State.CLOSED);
        assertThat(provisioning.removeGroup(DIRECTORS)).isTrue();
    }

    @Test
    void whoHoldsAFunctionMailboxThatIsInTheGroupIsAMemberAndAReaderIsNot() {
        provisioning.group(group(DIRECTORS, new Member.OfAccount(SmallState.BUDGET)));
        AccountId list = provisioning.mailingList(list(Writers.MEMBERS));
        assertThat(directories
                        .mailingLists()
                        .isMember(list, account(SmallState.AKOSSIWA).id()))
                .isTrue();
        assertThat(directories
                        .mailingLists()
                        .isMember(list, account(SmallState.KOFI).id()))
                .isFalse();
    }

    @Test
    void whatIsReadIsWhatWasWrittenAndWritingItAgainChangesNothing() {
        Group group = group(
                DIRECTORS,
                new Member.OfAccount(SmallState.KOFI),
                new Member.OfPosition(SmallState.CLERK),
                new Member.People(Optional.empty(), Optional.of("en"), Optional.of("Directeur, adjoint")),
                new Member.People(SmallState.ENERGY));
        provisioning.group(group);
        provisioning.mailingList(list(Writers.ANYONE));
        assertThat(directories.register().group(DIRECTORS)).contains(group);
        assertThat(directories.register().mailingList(LIST)).contains(list(Writers.ANYONE));
        assertThat(directories.register().groups(Optional.of(SmallState.ENERGY), Optional.empty(), 10))
                .containsExactly(group);
        trail.events().clear();
        assertThat(provisioning.apply(State.groups(List.of(group), List.of(list(Writers.ANYONE)))))
                .extracting(it -> it.changed(), it -> it.unchanged())
                .containsExactly(0, 2);
        assertThat(trail.events()).isEmpty();
    }

    @Test
    void aGroupIsNotRemovedWhileItIsNeededAndItsPeopleAreToldOfNothingElse() {
        provisioning.group(group(DIRECTORS, new Member.OfAccount(SmallState.KOFI)));
        provisioning.group(group(COUNCIL, new Member.OfGroup(DIRECTORS)));
        assertThat(reason(() -> provisioning.removeGroup(DIRECTORS))).isEqualTo(Reason.GROUP_IN_USE);
        assertThat(provisioning.removeGroup(COUNCIL)).isTrue();
        assertThat(provisioning.removeGroup(COUNCIL)).isFalse();
        assertThat(query("select attrs ->> 'memberOf' from ldap_entry where dn = 'uid=kofi.mensah,ou=people'"))
                .containsExactly("[\"/cn=directeurs,ou=groups\"]");
        assertThat(provisioning.removeGroup(DIRECTORS)).isTrue();
        assertThat(query("select dn from ldap_entry where source = 'group'")).isEmpty();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        provisioning.group(group(DIRECTORS));
        provisioning.group(group(COUNCIL, new Member.OfGroup(DIRECTORS)));
        provisioning.mailingList(list(Writers.ANYONE));
        assertThat(reason(() -> provisioning.group(group(DIRECTORS, new Member.OfGroup(COUNCIL)))))
                .isEqualTo(Reason.GROUP_CYCLE);
        assertThat(reason(() -> provisioning.group(group(DIRECTORS, new Member.OfGroup(DIRECTORS)))))
                .isEqualTo(Reason.GROUP_CYCLE);
        assertThat(reason(() -> provisioning.group(group(DIRECTORS, new Member.OfAccount(LIST)))))
                .isEqualTo(Reason.UNKNOWN_PERSON);
        assertThat(reason(() -> provisioning.group(group(DIRECTORS, new Member.OfGroup(new GroupCode("rien"))))))
                .isEqualTo(Reason.UNKNOWN_GROUP);
        assertThat(reason(() -> provisioning.mailingList(
                        new MailingList(MailAddress.of("autre@gouv.tg"), DIRECTORS, Writers.ANYONE, SmallState.KOFI))))
                .isEqualTo(Reason.GROUP_HAS_A_LIST);
        assertThat(reason(() -> provisioning.mailingList(
                        new MailingList(MailAddress.of("conseil@gouv.tg"), COUNCIL, Writers.ANYONE, LIST))))
                .isEqualTo(Reason.NOT_AN_OWNER);
        assertThat(reason(() -> provisioning.mailingList(
                        new MailingList(SmallState.KOFI, COUNCIL, Writers.ANYONE, SmallState.KOFI))))
                .isEqualTo(Reason.ADDRESS_TAKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "account:kofi.mensah@gouv.tg",
                "position:directeur-budget",
                "group:directeurs",
                "people:",
                "people:entity=energie",
                "people:language=fr,title=Directeur, adjoint = tout",
                "people:entity=energie,language=en,title=chef"
            })
    void aMemberIsReadFromItsText(String text) {
        assertThat(Member.of(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "kofi.mensah@gouv.tg", "people:sex=f", "people:language=de", "position:", "people:entity"})
    void whatIsNoMemberIsRefused(String text) {
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> Member.of(text)))
                .isNotNull();
    }

    @Test
    void whoAdministersAPartMakesGroupsOfItAndWritesToNobodyElse() {
        provisioning.person(new Person(
                Optional.empty(), new PersonName("Afi", "Agbo"), AFI, Locale.FRENCH, Optional.of(SmallState.ENERGY)));
        AccountId afi = account(AFI).id();
        provisioning.grant(new Grant(
                new Grant.OfAccount(afi),
                Set.of(Right.GROUPS),
                Optional.of(SmallState.BUDGET_SERVICE),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        as(afi, () -> {
            provisioning.group(new Group(
                    DIRECTORS,
                    "Budget",
                    SmallState.BUDGET_SERVICE,
                    Set.of(new Member.People(SmallState.BUDGET_SERVICE))));
            assertThat(reason(() -> provisioning.group(group(COUNCIL)))).isEqualTo(Reason.NO_RIGHT);
            assertThat(reason(() -> provisioning.group(new Group(
                            DIRECTORS,
                            "Budget",
                            SmallState.BUDGET_SERVICE,
                            Set.of(new Member.People(Optional.empty(), Optional.empty(), Optional.empty()))))))
                    .isEqualTo(Reason.NO_RIGHT_IN_THE_STATE);
            provisioning.mailingList(list(Writers.STATE));
            assertThat(reason(() -> provisioning.group(new Group(DIRECTORS, "Budget", SmallState.ENERGY, Set.of()))))
                    .isEqualTo(Reason.NO_RIGHT);
        });
    }

    private void as(AccountId actor, Runnable act) {
        new Circumstances(clock.instant(), new Actor.Account(actor.value()), Optional.empty(), new Origin.Here())
                .run(act);
    }

    private static Group group(GroupCode code, Member... members) {
        return new Group(code, "Groupe " + code, SmallState.ENERGY, Set.of(members));
    }

    private static MailingList list(Writers writers) {
        return new MailingList(LIST, DIRECTORS, writers, SmallState.KOFI);
    }

    private List<MailAddress> members(GroupCode group) {
        return directories.register().members(group, Optional.empty(), 100);
    }

    private List<MailAddress> readers(AccountId list) {
        return directories.mailingLists().readers(list, Optional.empty(), 100);
    }

    private static Reason reason(org.assertj.core.api.ThrowableAssert.ThrowingCallable act) {
        return catchThrowableOfType(ProvisioningRefused.class, act).reason();
    }
}
