package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox.OfEntity;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.Person.RegistrationNumber;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning.Applied;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.Secret;

class PostgresProvisioningTest extends DirectoryTest {
    private static final Map<MailAddress, Secret> PASSWORDS =
            Map.of(SmallState.AKOSSIWA, new Secret("ama-na-lome"), SmallState.KOFI, new Secret("kofi-na-lome"));

    @TempDir
    private Path folder;

    private Applied first;

    @BeforeEach
    void provision() {
        first = provisioning.apply(SmallState.state(PASSWORDS));
    }

    @Test
    void everyChangeIsAuditedWithoutContentAndWhatChangesNothingIsNot() {
        assertThat(trail.events()).hasSize(12).allSatisfy(event -> {
            assertThat(event.circumstances().actor()).isEqualTo(new Actor.Program());
            assertThat(event.circumstances().at()).isEqualTo(clock.instant());
        });
        assertThat(trail.events().stream().map(AuditEvent::act).distinct())
                .contains("directory-domain", "directory-person", "directory-password", "directory-assignment");
        trail.events().clear();
        provisioning.apply(SmallState.state(PASSWORDS));
        assertThat(trail.events()).isEmpty();
    }

    @Test
    void anActIsWhoseItWasAskedFor() {
        trail.events().clear();
        AccountId account = account(SmallState.KOFI).id();
        Circumstances.ofSystemUser("root", clock).run(() -> provisioning.state(account, Account.State.SUSPENDED));
        assertThat(trail.events()).singleElement().satisfies(event -> {
            assertThat(event.act()).isEqualTo("directory-account-state");
            assertThat(event.circumstances().actor().text()).isEqualTo("system-user:root");
            assertThat(event.subject().text()).isEqualTo("account:" + account);
            assertThat(event.counterpart().orElseThrow().text()).isEqualTo("state:suspended");
        });
    }

    @Test
    void anActThatIsRefusedOrNotAuditedDidNotHappen() {
        trail.events().clear();
        assertThatThrownBy(() -> provisioning.state(new AccountId(UUID.randomUUID()), Account.State.CLOSED))
                .isInstanceOf(ProvisioningRefused.class);
        assertThat(trail.events()).isEmpty();
        AuditTrail full = new AuditTrail() {
            @Override
            public void record(Connection connection, List<? extends AuditEvent> events) throws SQLException {
                throw new SQLException("no space left");
            }

            @Override
            public void record(AuditEvent event) {}

            @Override
            public void count(AuditEvent.Frequent event) {}
        };
        Database other =
                Databases.open(TestDatabase.settings(TestDatabase.url(database), TestDatabase.password()), folder);
        try (other;
                Directories unaudited =
                        Directories.open(other, settings(), data, full, (_, _) -> {}, clock, new SecureRandom())) {
            assertThatThrownBy(() -> unaudited.provisioning().domain("example.tg"))
                    .isInstanceOf(StoreUnavailable.class);
        }
        assertThat(query("select name from domain")).doesNotContain("example.tg");
    }

    @Test
    void whatIsAppliedTwiceChangesNothingAndHashesNothing() {
        assertThat(first).isEqualTo(new Applied(12, 0));
        assertThat(hashes()).isEqualTo(2);
        List<String> before = rows();
        pass(Duration.ofDays(1));
        assertThat(provisioning.apply(SmallState.state(PASSWORDS))).isEqualTo(new Applied(0, 12));
        assertThat(rows()).isEqualTo(before);
        assertThat(hashes()).isEqualTo(2);
    }

    @Test
    void eachActDoneTwiceChangesNothing() {
        Person ama = new Person(
                Optional.of(new RegistrationNumber("045.123-A")),
                new PersonName("Ama", "Koffi"),
                MailAddress.of("ama.koffi@gouv.tg"),
                Locale.ENGLISH,
                Optional.empty());
        Assignment ended = new Assignment(
                ama.address(),
                SmallState.CLERK,
                Optional.of(clock.instant().minusSeconds(60)),
                Optional.of(clock.instant()));
        FunctionMailbox mailbox = new FunctionMailbox(
                MailAddress.of("budget@gouv.tg"),
                "Budget",
                new OfEntity(SmallState.BUDGET_SERVICE),
                Map.of(SmallState.CLERK, FunctionAccess.READER));
        List<String> once = List.of();
        for (int time = 0; time < 2; time++) {
            provisioning.domain("presidence.tg");
            provisioning.entity(new Entity(new EntityCode("presidence"), "Présidence", Optional.empty()));
            provisioning.position(new Position(new PositionCode("huissier"), "Huissier", new EntityCode("presidence")));
            AccountId account = provisioning.person(ama);
            provisioning.assignment(ended);
            provisioning.assignment(new Assignment(ama.address(), new PositionCode("huissier")));
            provisioning.functionMailbox(mailbox);
            provisioning.alias(account, MailAddress.of("ama@presidence.tg"));
            provisioning.state(account, Account.State.SUSPENDED);
            if (time == 0) {
                once = rows();
                pass(Duration.ofHours(1));
            }
        }
        assertThat(rows()).isEqualTo(once);
    }

    @Test
    void aStateWithOneFaultChangesNothingAtAll() {
        List<String> before = rows();
        State faulty = new State(
                List.of("presidence.tg"),
                List.of(new Entity(new EntityCode("presidence"), "Présidence", Optional.empty())),
                List.of(),
                List.of(SmallState.person("Ama", MailAddress.of("ama@presidence.tg"))),
                List.of(new Assignment(MailAddress.of("ama@presidence.tg"), new PositionCode("presidente"))),
                List.of(),
                Map.of());
        assertRefused(Reason.UNKNOWN_POSITION, () -> provisioning.apply(faulty), "ama@presidence.tg", "presidente");
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void aPasswordIsGivenOnlyToWhoHasNoneUnlessItIsAskedForAlone() {
        String before = hashOf(SmallState.KOFI);
        provisioning.apply(SmallState.state(Map.of(SmallState.KOFI, new Secret("another one"))));
        assertThat(hashOf(SmallState.KOFI)).isEqualTo(before);
        provisioning.password(account(SmallState.KOFI).id(), new Secret("another one"));
        assertThat(hashOf(SmallState.KOFI)).isNotEqualTo(before).startsWith("$argon2id$v=19$m=8192,t=1,p=1$");
    }

    @Test
    void whoGetsAnotherAddressKeepsTheFormerOneAndTheAccount() {
        MailAddress married = MailAddress.of("akossiwa.lawson@gouv.tg");
        Person numbered = numbered("12345", SmallState.person("Ablavi", MailAddress.of("ablavi.mensah@gouv.tg")));
        AccountId account = provisioning.person(numbered);
        AccountId renamed = provisioning.person(new Person(
                numbered.registrationNumber(),
                new PersonName("Ablavi", "Lawson"),
                married,
                Locale.FRENCH,
                Optional.empty()));
        assertThat(renamed).isEqualTo(account);
        Account now = account(MailAddress.of("ablavi.mensah@gouv.tg"));
        assertThat(now.id()).isEqualTo(account);
        assertThat(now.primary()).isEqualTo(married);
        assertThat(now.displayName()).isEqualTo("Ablavi Lawson");
        provisioning.person(numbered);
        assertThat(account(married).primary()).isEqualTo(numbered.address());
    }

    @Test
    void anAddressThatWasSomebodysIsNotGivenToAnother() {
        MailAddress old = MailAddress.of("ablavi.mensah@gouv.tg");
        AccountId ablavi = provisioning.person(numbered("12345", SmallState.person("Ablavi", old)));
        provisioning.person(numbered("12345", SmallState.person("Ablavi", MailAddress.of("a.mensah@gouv.tg"))));
        assertRefused(
                Reason.ADDRESS_TAKEN,
                () -> provisioning.person(SmallState.person("Ablavi", old)),
                "ablavi.mensah@gouv.tg",
                "Ablavi Mensah <a.mensah@gouv.tg>");
        assertRefused(
                Reason.ADDRESS_TAKEN,
                () -> provisioning.person(numbered("54321", SmallState.person("Ablavi", old))),
                "a.mensah@gouv.tg");
        provisioning.state(ablavi, Account.State.CLOSED);
        assertRefused(
                Reason.ADDRESS_TAKEN,
                () -> provisioning.functionMailbox(new FunctionMailbox(old, "Boîte", SmallState.CLERK)),
                "ablavi.mensah@gouv.tg");
        assertRefused(
                Reason.ADDRESS_TAKEN,
                () -> provisioning.alias(account(SmallState.KOFI).id(), SmallState.AKOSSIWA),
                "Akossiwa Mensah");
    }

    @Test
    void refusesWhatIsUnknownOrBadAndSaysWhichAndWhatToDo() {
        AccountId nobody = new AccountId(UUID.fromString("01234567-89ab-7def-8123-456789abcdef"));
        assertRefused(
                Reason.UNKNOWN_ENTITY,
                () -> provisioning.entity(new Entity(
                        new EntityCode("daf"), "Affaires financières", Optional.of(new EntityCode("nulle")))),
                "daf",
                "nulle",
                "make it first");
        assertRefused(
                Reason.UNKNOWN_PERSON,
                () -> provisioning.assignment(new Assignment(SmallState.BUDGET, SmallState.CLERK)),
                "directeur.budget@gouv.tg");
        assertRefused(
                Reason.UNKNOWN_ACCOUNT, () -> provisioning.state(nobody, Account.State.CLOSED), nobody.toString());
        assertRefused(Reason.UNKNOWN_ACCOUNT, () -> provisioning.password(nobody, new Secret("x")), nobody.toString());
        assertRefused(
                Reason.DOMAIN_NOT_OURS,
                () -> provisioning.person(SmallState.person("Ama", MailAddress.of("ama@gouv.tgg"))),
                "gouv.tgg");
        for (String bad : List.of("ama+projets@gouv.tg", "a*b@gouv.tg")) {
            assertRefused(
                    Reason.BAD_ADDRESS, () -> provisioning.person(SmallState.person("Ama", MailAddress.of(bad))), bad);
        }
        assertRefused(Reason.BAD_DOMAIN, () -> provisioning.domain("gouv tg"), "gouv tg");
        assertRefused(
                Reason.BAD_PERIOD,
                () -> provisioning.assignment(new Assignment(
                        SmallState.KOFI,
                        SmallState.DIRECTOR,
                        Optional.of(clock.instant()),
                        Optional.of(clock.instant().minusSeconds(1)))),
                "kofi.mensah@gouv.tg");
        assertRefused(
                Reason.BAD_PASSWORD,
                () -> provisioning.password(account(SmallState.KOFI).id(), new Secret("tab\tulation")));
    }

    @Test
    void anEntityCannotBecomeAPartOfItsOwnParts() {
        assertRefused(
                Reason.ENTITY_CYCLE,
                () -> provisioning.entity(
                        new Entity(SmallState.ENERGY, "Énergie", Optional.of(SmallState.BUDGET_SERVICE))),
                "energie",
                "budget");
        assertRefused(
                Reason.ENTITY_CYCLE,
                () -> provisioning.entity(new Entity(SmallState.ENERGY, "Énergie", Optional.of(SmallState.ENERGY))),
                "energie");
    }

    @Test
    void twoMovesAtOnceMakeNoCycle() throws Exception {
        for (int round = 0; round < 10; round++) {
            EntityCode one = new EntityCode("one." + round);
            EntityCode two = new EntityCode("two." + round);
            provisioning.entity(new Entity(one, "Une", Optional.empty()));
            provisioning.entity(new Entity(two, "Deux", Optional.empty()));
            int refused = refusedOfTwoAtOnce(
                    () -> provisioning.entity(new Entity(one, "Une", Optional.of(two))),
                    () -> provisioning.entity(new Entity(two, "Deux", Optional.of(one))));
            assertThat(refused).isEqualTo(1);
        }
    }

    @Test
    void ofTwoPeopleProvisionedAtOnceWithOneAddressExactlyOneGetsIt() throws Exception {
        for (int round = 0; round < 10; round++) {
            MailAddress wanted = MailAddress.of("ama." + round + "@gouv.tg");
            Person one = numbered("1-" + round, SmallState.person("Ama", wanted));
            Person two = numbered("2-" + round, SmallState.person("Afi", wanted));
            int refused = refusedOfTwoAtOnce(() -> provisioning.person(one), () -> provisioning.person(two));
            assertThat(refused).isEqualTo(1);
            assertThat(account(wanted).addresses()).containsExactly(wanted);
        }
        assertThat(directories.accounts()).isEqualTo(3 + 10);
    }

    @Test
    void theSamePersonProvisionedByManyAtOnceIsOnePerson() throws Exception {
        Person ama = SmallState.person("Ama", MailAddress.of("ama@gouv.tg"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<AccountId>> accounts = IntStream.range(0, 20)
                    .mapToObj(_ -> threads.submit(() -> provisioning.person(ama)))
                    .toList();
            for (Future<AccountId> each : accounts) {
                assertThat(each.get()).isEqualTo(account(ama.address()).id());
            }
        }
    }

    @Test
    void anAssignmentThatEndedStaysAndTheNextOneIsAnother() {
        provisioning.assignment(new Assignment(
                SmallState.KOFI,
                SmallState.CLERK,
                Optional.empty(),
                Optional.of(clock.instant().plusSeconds(60))));
        pass(Duration.ofMinutes(2));
        provisioning.assignment(new Assignment(SmallState.KOFI, SmallState.CLERK));
        assertThat(query("select count(*)::text from assignment a join position p on p.id = a.position_id"
                        + " where p.code = 'agent-budget'"))
                .containsExactly("2");
    }

    @Test
    void namesAreComposedTrimmedAndOnOneLine() {
        Person person = new Person(
                Optional.empty(),
                new PersonName(" E\u0301lise ", "Kpodar"),
                MailAddress.of("elise.kpodar@gouv.tg"),
                Locale.FRENCH,
                Optional.empty());
        provisioning.person(person);
        assertThat(account(person.address()).displayName()).isEqualTo("\u00c9lise Kpodar");
        assertThat(new PersonName(" ", "Kpodar").display()).isEqualTo("Kpodar");
        assertRefused(Reason.BAD_NAME, () -> new PersonName("Élise", " "));
        for (String bad : List.of("a\nb", "a\u0000b", "a\u202eb", "a\ud800b", "x".repeat(101))) {
            assertRefused(Reason.BAD_NAME, () -> new PersonName(bad, "Kpodar"));
        }
    }

    @Test
    void theSchemaItselfGivesNoPasswordToAFunction() {
        AccountId budget = account(SmallState.BUDGET).id();
        assertRefused(
                Reason.NO_PASSWORD_FOR_A_FUNCTION,
                () -> provisioning.password(budget, new Secret("ama-na-lome")),
                budget.toString());
        assertThatThrownBy(() -> look.autoCommit(c -> Sql.update(
                        c,
                        "insert into credential(account_id, hash, changed) values (?, '$argon2id$', now())",
                        budget.value())))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("23503");
    }

    private int refusedOfTwoAtOnce(Runnable one, Runnable two) throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        int refused = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> outcomes = List.of(one, two).stream()
                    .map(act -> threads.submit(() -> {
                        both.countDown();
                        both.await();
                        try {
                            act.run();
                            return false;
                        } catch (ProvisioningRefused e) {
                            return true;
                        }
                    }))
                    .toList();
            for (Future<Boolean> outcome : outcomes) {
                refused += outcome.get() ? 1 : 0;
            }
        }
        return refused;
    }

    private static Person numbered(String number, Person person) {
        return new Person(
                Optional.of(new RegistrationNumber(number)),
                person.name(),
                person.address(),
                person.language(),
                person.entity());
    }

    private static void assertRefused(Reason reason, ThrowingCallable act, String... parts) {
        ProvisioningRefused refusal = catchThrowableOfType(ProvisioningRefused.class, act);
        assertThat(refusal).isNotNull();
        for (String part : parts) {
            assertThat(refusal).hasMessageContaining(part);
        }
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.sentence(Locale.FRENCH)).contains(parts.length == 0 ? "" : parts[0]);
    }

    private String hashOf(MailAddress address) {
        return query("select c.hash from credential c join address d on d.account_id = c.account_id where d.address = '"
                        + address + "'")
                .getFirst();
    }

    /** Every row of the directory. */
    private List<String> rows() {
        return List.of(
                        "domain",
                        "entity",
                        "position",
                        "account",
                        "person",
                        "assignment",
                        "address",
                        "function_mailbox",
                        "function_holder",
                        "credential")
                .stream()
                .flatMap(table -> query("select t::text from " + table + " t order by 1").stream())
                .toList();
    }
}
