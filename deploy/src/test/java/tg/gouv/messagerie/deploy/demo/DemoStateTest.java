package tg.gouv.messagerie.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.deploy.demo.DemoState.Entity;
import tg.gouv.messagerie.deploy.demo.DemoState.Person;
import tg.gouv.messagerie.deploy.demo.DemoState.Position;
import tg.gouv.messagerie.deploy.demo.DemoState.Role;
import tg.gouv.messagerie.directory.MailAddress;

class DemoStateTest {
    @Test
    void isAMinistryWithFiveBodiesTwelvePositionsAndTwentyPeople() {
        assertThat(DemoState.entities())
                .filteredOn(entity -> entity.parent().isEmpty())
                .hasSize(1);
        assertThat(DemoState.entities())
                .filteredOn(entity -> entity.parent().equals(java.util.Optional.of("energie")))
                .hasSize(5);
        assertThat(DemoState.positions()).hasSize(12);
        assertThat(DemoState.people()).hasSize(20);
    }

    @Test
    void everythingNamesWhatExistsAndWasNamedBefore() {
        List<String> known = new ArrayList<>();
        for (Entity entity : DemoState.entities()) {
            entity.parent().ifPresent(parent -> assertThat(known).contains(parent));
            assertThat(known).doesNotContain(entity.code());
            known.add(entity.code());
        }
        Set<String> positions =
                DemoState.positions().stream().map(Position::code).collect(Collectors.toSet());
        assertThat(DemoState.positions())
                .allSatisfy(position -> assertThat(known).contains(position.entity()));
        assertThat(DemoState.people()).allSatisfy(person -> {
            assertThat(known).contains(person.entity());
            person.position().ifPresent(position -> assertThat(positions).contains(position));
        });
    }

    @Test
    void everyPositionHasOneHolder() {
        List<String> held = DemoState.people().stream()
                .flatMap(person -> person.position().stream())
                .toList();

        assertThat(held)
                .containsExactlyInAnyOrderElementsOf(
                        DemoState.positions().stream().map(Position::code).toList());
    }

    @Test
    void everyNameGivesAnAddressAndHomonymsGetDifferentOnes() {
        LocalParts parts = new LocalParts();

        List<MailAddress> addresses = DemoState.people().stream()
                .map(person -> MailAddress.of(parts.of(person.given(), person.family()) + "@" + DemoState.DOMAIN))
                .toList();

        assertThat(addresses)
                .doesNotHaveDuplicates()
                .extracting(MailAddress::localPart)
                .contains(
                        "akossiwa.mensah",
                        "marie-therese.lawson",
                        "abdoulaye.ouro-bangna",
                        "afi.dalmeida",
                        "francois.de-souza",
                        "elise.kpodar",
                        "aichatou.boukari",
                        "kofi.mensah",
                        "kofi.mensah2");
    }

    @Test
    void hasAnAdministratorAndAFocalPoint() {
        assertThat(DemoState.people()).extracting(Person::roles).allMatch(roles -> roles.contains(Role.PERSON));
        assertThat(DemoState.people())
                .filteredOn(person -> person.roles().contains(Role.ADMINISTRATOR))
                .hasSize(1);
        assertThat(DemoState.people())
                .filteredOn(person -> person.roles().contains(Role.FOCAL_POINT))
                .hasSize(1);
    }
}
