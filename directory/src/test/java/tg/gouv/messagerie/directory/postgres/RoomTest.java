package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;

/** Rooms and what is lent: whose they are, who books them, what LDAP shows of them. */
class RoomTest extends DirectoryTest {
    private static final MailAddress HALL = MailAddress.of("salle.a@gouv.tg");
    private static final GroupCode AGENTS = new GroupCode("agents");

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of()));
        provisioning.group(
                new Group(AGENTS, "Agents", SmallState.ENERGY, Set.of(new Member.OfAccount(SmallState.KOFI))));
        trail.events().clear();
        activated.clear();
    }

    private static Room room(String name, EntityCode entity, Set<String> features) {
        return new Room(
                HALL,
                name,
                entity,
                Room.Type.ROOM,
                OptionalInt.of(12),
                "Bâtiment B, 2e étage",
                features,
                Opening.parse("Mo-Fr 07:00-18:00; Sa 08:00-12:00"),
                Optional.of(AGENTS));
    }

    @Test
    void aRoomIsMadeChangedShownAndClosed() {
        Room hall = room("Salle A", SmallState.BUDGET_SERVICE, Set.of("Visio", "écran"));
        assertThat(provisioning.room(hall, Optional.empty())).isTrue();
        assertThat(provisioning.room(hall, Optional.empty())).as("it is so").isFalse();
        assertThat(directories.register().room(HALL)).contains(hall);
        assertThat(hall.features()).containsExactlyInAnyOrder("visio", "écran");
        assertThat(trail.events()).hasSize(1).allMatch(it -> it.act().equals("directory-room"));
        assertThat(query(
                        "select dn || ' ' || (attrs -> 'gouvRoomCapacity')::text || (attrs -> 'gouvRoomBookersDN')::text"
                                + " || (attrs -> 'gouvRoomFeature')::text from ldap_entry where source = 'room'"))
                .containsExactly("cn=salle.a,ou=rooms [\"12\"][\"/cn=agents,ou=groups\"][\"visio\", \"écran\"]");
        assertThat(directory.byAddress(HALL)).as("no mailbox").isEmpty();
        assertThat(directory.isRoom(MailAddress.of("salle.a@gouv.tg"))).isTrue();
        assertThat(directory.isRoom(SmallState.KOFI)).isFalse();
        assertThat(activated).as("nobody waits for mail there").isEmpty();
        assertThat(directories.register().rooms(Optional.of(SmallState.ENERGY), Optional.empty(), 10))
                .containsExactly(hall);
        assertThat(refused(() -> provisioning.removeGroup(AGENTS))).isEqualTo(Reason.GROUP_IN_USE);
        assertThat(refused(() -> provisioning.room(
                        room("Salle B", SmallState.ENERGY, Set.of()),
                        Optional.of(room("Autre", SmallState.ENERGY, Set.of())))))
                .isEqualTo(Reason.CHANGED_MEANWHILE);
        AccountId account = directories.register().roomAccount(HALL).orElseThrow();
        provisioning.state(account, Account.State.CLOSED);
        assertThat(directories.register().room(HALL)).isEmpty();
        assertThat(query("select dn from ldap_entry where source = 'room'")).isEmpty();
        assertThat(directory.isRoom(HALL)).isFalse();
        assertThat(refused(() -> provisioning.person(SmallState.person("Ama", HALL))))
                .as("its address stays its own")
                .isEqualTo(Reason.ADDRESS_TAKEN);
        assertThat(provisioning.removeGroup(AGENTS)).isTrue();
    }

    @Test
    void whoHasTheRightThereMakesIt() {
        AccountId kofi = account(SmallState.KOFI).id();
        provisioning.entity(new Entity(new EntityCode("eau"), "Eau", Optional.empty()));
        Room hall = room("Salle A", SmallState.BUDGET_SERVICE, Set.of());
        assertThat(refusedAs(kofi, hall)).containsExactly(Reason.NO_RIGHT);
        provisioning.grant(new Grant(
                new Grant.OfAccount(kofi),
                Set.of(Right.ROOMS),
                Optional.of(SmallState.BUDGET_SERVICE),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        assertThat(refusedAs(kofi, hall)).isEmpty();
        assertThat(refusedAs(kofi, room("Salle A", new EntityCode("eau"), Set.of())))
                .as("into another ministry")
                .containsExactly(Reason.NO_RIGHT);
    }

    @Test
    void whatIsNoRoomIsRefused() {
        assertThatThrownBy(() -> new Room(
                        HALL,
                        "x",
                        SmallState.ENERGY,
                        Room.Type.ROOM,
                        OptionalInt.of(0),
                        "",
                        Set.of(),
                        Opening.ALWAYS,
                        Optional.empty()))
                .isInstanceOfSatisfying(
                        ProvisioningRefused.class, it -> assertThat(it.reason()).isEqualTo(Reason.BAD_ROOM));
        assertThat(refused(() -> provisioning.room(
                        new Room(
                                SmallState.KOFI,
                                "x",
                                SmallState.ENERGY,
                                Room.Type.RESOURCE,
                                OptionalInt.empty(),
                                "",
                                Set.of(),
                                Opening.ALWAYS,
                                Optional.empty()),
                        Optional.empty())))
                .isEqualTo(Reason.ADDRESS_TAKEN);
    }

    @Test
    void openingHoursAreReadAndWritten() {
        assertThat(Opening.parse("mo-fr 07:00-18:00;Sa 08:00-12:00").text())
                .isEqualTo("Mo-Fr 07:00-18:00; Sa 08:00-12:00");
        assertThat(Opening.parse(" ")).isEqualTo(Opening.ALWAYS);
        for (String wrong :
                List.of("Fr-Mo 07:00-18:00", "Mo 18:00-07:00", "Mo", "Lu 07:00-08:00", "Mo 25:00-26:00", ";")) {
            assertThatThrownBy(() -> Opening.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private List<Reason> refusedAs(AccountId actor, Room room) {
        List<Reason> reasons = new ArrayList<>();
        new Circumstances(clock.instant(), new Actor.Account(actor.value()), Optional.empty(), new Origin.Here())
                .run(() -> {
                    try {
                        provisioning.room(room, Optional.empty());
                    } catch (ProvisioningRefused e) {
                        reasons.add(e.reason());
                    }
                });
        return reasons;
    }

    private static Reason refused(Runnable act) {
        return catchThrowableOfType(ProvisioningRefused.class, act::run).reason();
    }
}
