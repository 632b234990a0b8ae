package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox.OfEntity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox.OfPosition;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.Person.RegistrationNumber;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.platform.database.Sql;

class LdapProjectionTest extends DirectoryTest {
    private static final List<String> ENTITIES = List.of("energie", "budget", "eau", "sante");
    private static final List<String> POSITIONS = List.of("ministre", "directeur", "agent", "huissier", "conseil");
    private static final List<String> GROUPS = List.of("directeurs", "agents", "femmes", "comite");
    private static final List<String> NAMES = List.of("Ama", "Kofi", "Élise", "N'Guessan", "Ɖéla", "Akossiwa");
    private static final List<String> FUNCTIONS = List.of("ministre@gouv.tg", "presse@gouv.tg", "#caisse@gouv.tg");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void afterAnyActsTheEntriesAreWhatTheyWouldBeFromScratch(long seed) {
        Random random = new Random(seed);
        provisioning.domain("gouv.tg");
        provisioning.domain("sante.gouv.tg");
        for (int round = 0; round < 8; round++) {
            for (int i = 0; i < 12; i++) {
                act(random);
            }
            provisioning().projectDue(Duration.ofDays(30));
            List<String> kept = entries();
            look.autoCommit(c -> Sql.update(c, "delete from ldap_entry where source is not null"));
            look.autoCommit(c -> Sql.update(c, "delete from ldap_projection"));
            List<String> members = memberships();
            look.autoCommit(c -> Sql.update(c, "delete from group_membership"));
            provisioning().projectAll();
            assertThat(members).as("seed " + seed + ", round " + round).isEqualTo(memberships());
            assertThat(kept).as("seed " + seed + ", round " + round).isEqualTo(entries());
        }
        assertThat(entries()).isNotEmpty();
    }

    @Test
    void anActThatChangesNothingWritesNoEntryAndTellsNothing() {
        provisioning.apply(SmallState.state(Map.of()));
        assertThat(query("select kind || ' ' || dn from ldap_change order by 1"))
                .containsExactly(
                        "add cn=agent-budget,ou=positions",
                        "add cn=directeur-budget,ou=positions",
                        "add cn=directeur.budget,ou=functions",
                        "add ou=budget,ou=entities",
                        "add ou=energie,ou=entities",
                        "add uid=akossiwa.mensah,ou=people",
                        "add uid=kofi.mensah,ou=people");
        look.autoCommit(c -> Sql.update(c, "truncate ldap_change"));
        provisioning.apply(SmallState.state(Map.of()));
        provisioning().projectAll();
        assertThat(query("select dn from ldap_change")).isEmpty();
    }

    @Test
    void aPersonKeepsTheirNameInTheTreeWhateverBecomesOfThemAndNobodyElseGetsIt() {
        provisioning.domain("gouv.tg");
        provisioning.domain("eau.tg");
        Person ama = person("1", "Ama", "ama.koffi@gouv.tg");
        provisioning.person(ama);
        provisioning.person(person("1", "Amavi", "amavi.lawson@gouv.tg"));
        provisioning.person(person("2", "Ama", "ama.koffi@eau.tg"));
        assertThat(query("select dn from ldap_entry where source = 'person' order by 1"))
                .containsExactly("uid=ama.koffi,ou=people", "uid=ama.koffi@eau.tg,ou=people");
        assertThat(attribute("uid=ama.koffi,ou=people", "mail")).isEqualTo("[\"amavi.lawson@gouv.tg\"]");
        assertThat(attribute("uid=ama.koffi,ou=people", "gouvMailAlternateAddress"))
                .isEqualTo("[\"ama.koffi@gouv.tg\"]");
    }

    @Test
    void whoLeavesIsNotShownAndWhoComesBackIsWhoTheyWere() {
        provisioning.apply(SmallState.state(Map.of()));
        Account kofi = account(SmallState.KOFI);
        String uuid = "select entry_uuid::text from ldap_entry where dn = 'uid=kofi.mensah,ou=people'";
        assertThat(query(uuid)).containsExactly(kofi.id().toString());
        provisioning.state(kofi.id(), Account.State.CLOSED);
        assertThat(query(uuid)).isEmpty();
        assertThat(attribute("cn=agent-budget,ou=positions", "roleOccupant")).isNull();
        provisioning.state(kofi.id(), Account.State.SUSPENDED);
        assertThat(query(uuid)).containsExactly(kofi.id().toString());
        assertThat(query("select kind from ldap_change where dn like 'uid=kofi%' order by seq"))
                .containsExactly("add", "delete", "add");
    }

    @Test
    void anAssignmentBeginsAndEndsInTheTreeByItself() {
        provisioning.apply(SmallState.state(Map.of()));
        provisioning.assignment(new Assignment(
                SmallState.KOFI,
                SmallState.DIRECTOR,
                Optional.of(clock.instant().plusSeconds(60)),
                Optional.of(clock.instant().plusSeconds(120))));
        assertThat(attribute("cn=directeur.budget,ou=functions", "member"))
                .isEqualTo("[\"/uid=akossiwa.mensah,ou=people\"]");
        pass(Duration.ofSeconds(60));
        provisioning().projectDue(Duration.ofDays(30));
        assertThat(attribute("cn=directeur.budget,ou=functions", "member")).contains("kofi");
        assertThat(attribute("uid=kofi.mensah,ou=people", "title")).contains("Directeur du Budget");
        pass(Duration.ofSeconds(60));
        provisioning().projectDue(Duration.ofDays(30));
        assertThat(attribute("cn=directeur.budget,ou=functions", "member")).doesNotContain("kofi");
        assertThat(attribute("uid=kofi.mensah,ou=people", "title")).isEqualTo("[\"Agent du Budget\"]");
    }

    @Test
    void aNameIsFoundWithoutItsAccents() {
        provisioning.domain("gouv.tg");
        provisioning.person(person("1", "Élise Ɖéla", "e.dela@gouv.tg"));
        assertThat(query("select value from ldap_index where attr = 'cn' and value like '%dela%'"))
                .containsExactly("elise dela mensah");
    }

    @ParameterizedTest
    @CsvSource({
        "Ministère de l’Énergie, ministere de l'energie",
        "'  DODZI   Ɔkpɔ ', dodzi okpo",
        "ŒUVRE, oeuvre",
        "Straße, strasse",
        "Ｆｕｌｌ, full",
        "ЭНЕРГИЯ, энергия"
    })
    void namesAreFolded(String written, String folded) {
        Optional<String> found =
                look.autoCommit(c -> Sql.first(c, row -> row.getString(1), "select ldap_fold(?)", written));
        assertThat(found).contains(folded);
    }

    private void act(Random random) {
        try {
            switch (random.nextInt(13)) {
                case 0 ->
                    provisioning.entity(new Entity(
                            new EntityCode(one(random, ENTITIES)),
                            "Service " + random.nextInt(3),
                            random.nextBoolean()
                                    ? Optional.empty()
                                    : Optional.of(new EntityCode(one(random, ENTITIES)))));
                case 1 ->
                    provisioning.position(new Position(
                            new PositionCode(one(random, POSITIONS)),
                            "Poste " + random.nextInt(3),
                            new EntityCode(one(random, ENTITIES))));
                case 2, 3 -> {
                    int number = random.nextInt(NAMES.size());
                    provisioning.person(new Person(
                            Optional.of(new RegistrationNumber("N" + number)),
                            new PersonName(one(random, NAMES), "Mensah"),
                            someone(random, number),
                            Locale.FRENCH,
                            random.nextBoolean()
                                    ? Optional.empty()
                                    : Optional.of(new EntityCode(one(random, ENTITIES)))));
                }
                case 4 ->
                    provisioning.assignment(new Assignment(
                            someone(random, random.nextInt(NAMES.size())),
                            new PositionCode(one(random, POSITIONS)),
                            random.nextBoolean()
                                    ? Optional.empty()
                                    : Optional.of(clock.instant().plusSeconds(random.nextInt(100))),
                            random.nextBoolean()
                                    ? Optional.empty()
                                    : Optional.of(clock.instant().plusSeconds(1 + random.nextInt(200)))));
                case 5 -> {
                    Map<PositionCode, FunctionAccess> holders = new HashMap<>();
                    holders.put(new PositionCode(one(random, POSITIONS)), FunctionAccess.READER);
                    holders.put(new PositionCode(one(random, POSITIONS)), FunctionAccess.HOLDER);
                    provisioning.functionMailbox(new FunctionMailbox(
                            MailAddress.of(one(random, FUNCTIONS)),
                            "Fonction " + random.nextInt(3),
                            random.nextBoolean()
                                    ? new OfPosition(new PositionCode(one(random, POSITIONS)))
                                    : new OfEntity(new EntityCode(one(random, ENTITIES))),
                            random.nextBoolean() ? Map.of() : holders));
                }
                case 6 -> {
                    Optional<Account> account = directory.byAddress(someone(random, random.nextInt(NAMES.size())));
                    account.ifPresent(it -> provisioning.alias(
                            it.id(), MailAddress.of("alias" + random.nextInt(20) + "@sante.gouv.tg")));
                }
                case 7 -> {
                    List<String> accounts = query("select id::text from account order by id");
                    if (!accounts.isEmpty()) {
                        provisioning.state(
                                new AccountId(UUID.fromString(one(random, accounts))),
                                one(random, List.of(Account.State.values())));
                    }
                }
                case 12 ->
                    provisioning.room(
                            new Room(
                                    MailAddress.of("salle" + random.nextInt(3) + "@gouv.tg"),
                                    "Salle " + random.nextInt(3),
                                    new EntityCode(one(random, ENTITIES)),
                                    one(random, List.of(Room.Type.values())),
                                    random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(12),
                                    random.nextBoolean() ? "" : "Bâtiment B",
                                    random.nextBoolean() ? Set.of() : Set.of("visio", "écran"),
                                    random.nextBoolean() ? Opening.ALWAYS : Opening.parse("Mo-Fr 07:00-18:00"),
                                    random.nextBoolean()
                                            ? Optional.empty()
                                            : Optional.of(new GroupCode(one(random, GROUPS)))),
                            Optional.empty());
                case 8, 9 ->
                    provisioning.group(new Group(
                            new GroupCode(one(random, GROUPS)),
                            "Groupe " + random.nextInt(3),
                            new EntityCode(one(random, ENTITIES)),
                            Stream.generate(() -> member(random))
                                    .limit(random.nextInt(4))
                                    .collect(Collectors.toSet())));
                case 10 -> {
                    if (random.nextBoolean()) {
                        provisioning.removeGroup(new GroupCode(one(random, GROUPS)));
                    } else {
                        provisioning.mailingList(new MailingList(
                                MailAddress.of("liste" + random.nextInt(3) + "@gouv.tg"),
                                new GroupCode(one(random, GROUPS)),
                                MailingLists.Writers.STATE,
                                someone(random, random.nextInt(NAMES.size()))));
                    }
                }
                default -> {
                    pass(Duration.ofSeconds(random.nextInt(60)));
                    if (random.nextBoolean()) {
                        provisioning().projectDue(Duration.ofDays(30));
                    }
                }
            }
        } catch (ProvisioningRefused e) {
            // such is a life at random
        }
    }

    private static Member member(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Member.OfAccount(someone(random, random.nextInt(NAMES.size())));
            case 1 -> new Member.OfPosition(new PositionCode(one(random, POSITIONS)));
            case 2 -> new Member.OfGroup(new GroupCode(one(random, GROUPS)));
            default ->
                new Member.People(
                        random.nextBoolean() ? Optional.empty() : Optional.of(new EntityCode(one(random, ENTITIES))),
                        random.nextBoolean() ? Optional.empty() : Optional.of("fr"),
                        random.nextBoolean() ? Optional.empty() : Optional.of("PÔSTE " + random.nextInt(3)));
        };
    }

    private static MailAddress someone(Random random, int number) {
        return MailAddress.of((random.nextBoolean() ? "agent" : "chef." + number)
                + (random.nextBoolean() ? "@gouv.tg" : "@sante.gouv.tg"));
    }

    private static Person person(String number, String given, String address) {
        return new Person(
                Optional.of(new RegistrationNumber(number)),
                new PersonName(given, "Mensah"),
                MailAddress.of(address),
                Locale.FRENCH,
                Optional.empty());
    }

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private PostgresProvisioning provisioning() {
        return (PostgresProvisioning) provisioning;
    }

    private String attribute(String dn, String name) {
        return query("select attrs ->> '" + name + "' from ldap_entry where dn = '" + dn + "'")
                .getFirst();
    }

    /** Every projected entry with what of it is indexed. */
    private List<String> memberships() {
        return query("select group_id || ' ' || account_id from group_membership order by 1");
    }

    private List<String> entries() {
        return query("""
                select concat_ws(' ', e.source, e.entry_uuid, e.parent_id, e.path, e.dn, e.attrs,
                    (select string_agg(i.attr || '=' || i.value, ';' order by i.attr, i.value) from ldap_index i where i.entry_id = e.id))
                from ldap_entry e where e.source is not null order by e.path
                """);
    }
}
