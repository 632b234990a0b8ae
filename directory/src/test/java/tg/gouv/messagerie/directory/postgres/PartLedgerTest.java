package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.access.PartLedger.Page;
import tg.gouv.messagerie.directory.access.PartLedger.Wanted;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.AuditSettings;
import tg.gouv.messagerie.platform.audit.AuditTrails;
import tg.gouv.messagerie.platform.audit.AuditWalk;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Who answers for a part of the State reads what the sealed trail tells of it, and of nothing else. */
class PartLedgerTest extends DirectoryTest {
    private AuditTrails trails;
    private Connections platform;
    private PartLedger ledger;
    private AccountId akossiwa;
    private AccountId kofi;
    private AccountId yao;

    @BeforeAll
    void seal() {
        database.migrate("platform");
        AuditSettings usual = AuditSettings.byDefault();
        trails = AuditTrails.open(
                database,
                new AuditSettings(
                        Duration.ofMillis(20),
                        usual.coalesceEvery(),
                        usual.kindsMax(),
                        usual.alarmAfter(),
                        usual.headsDirectory(),
                        usual.headsAlarmAfter(),
                        usual.key(),
                        usual.connectionsMax()),
                data,
                clock);
        platform = database.connections("test-platform", "platform", 1);
        ledger = new PartLedger(
                trails.walk(),
                trails.about(),
                directories.partPlaces(),
                directories.rights(),
                directory,
                trails.trail(),
                clock);
    }

    @AfterAll
    void stop() {
        trails.close();
    }

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of()));
        MailAddress address = MailAddress.of("yao.agbo@gouv.tg");
        provisioning.person(new Person(
                Optional.empty(),
                new PersonName("Yao", "Agbo"),
                address,
                Locale.FRENCH,
                Optional.of(SmallState.ENERGY)));
        akossiwa = account(SmallState.AKOSSIWA).id();
        kofi = account(SmallState.KOFI).id();
        yao = account(address).id();
        provisioning.grant(new Grant(
                new Grant.OfAccount(kofi),
                Set.of(Right.AUDIT),
                Optional.of(SmallState.BUDGET_SERVICE),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        trail.events().clear();
    }

    @Test
    void tellsOfWhatIsInThePartTheNewestFirstAndThatItWasRead() {
        long before = record(
                change(Act.PASSWORD, subject(akossiwa)),
                change(Act.PASSWORD, subject(yao)), // in the ministry above
                new AuditEvent.MailboxRights(
                        program(), new Subject(Subject.Kind.MAILBOX, akossiwa + "/42"), Optional.empty()),
                change(Act.ENTITY, new Subject(Subject.Kind.ENTITY, "budget")),
                change(Act.ENTITY, new Subject(Subject.Kind.ENTITY, "energie")),
                change(Act.POSITION, new Subject(Subject.Kind.POSITION, "agent-budget")),
                change(Act.UNLOCK, subject(account(SmallState.BUDGET).id())));
        Page page = as(kofi, () -> ledger.of(SmallState.BUDGET_SERVICE, Wanted.ALL, OptionalLong.empty(), 1_000));
        assertThat(page.next()).isEmpty();
        assertThat(page.entries())
                .filteredOn(each -> each.row().number() > before)
                .extracting(each -> each.sentence(Locale.FRENCH))
                .containsExactly(
                        "Le programme a débloqué le compte de Directeur du Budget (directeur.budget@gouv.tg).",
                        "Le programme a changé le poste agent-budget.",
                        "Le programme a changé l'entité budget.",
                        "Le programme a changé les droits sur une boîte de Akossiwa Mensah (akossiwa.mensah@gouv.tg).",
                        "Le programme a changé le mot de passe de Akossiwa Mensah (akossiwa.mensah@gouv.tg).");
        sealed(); // the reading itself
        Page again = as(kofi, () -> ledger.of(SmallState.BUDGET_SERVICE, Wanted.ALL, OptionalLong.empty(), 1));
        assertThat(again.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.row().act()).isEqualTo("look-part");
            assertThat(entry.sentence(Locale.ENGLISH))
                    .isEqualTo("Kofi Mensah (kofi.mensah@gouv.tg) read the audit trail of budget.");
        });
        assertThat(again.next()).isPresent();
    }

    @Test
    void byActAndByPersonPageByPage() {
        record(
                change(Act.PASSWORD, subject(akossiwa)),
                change(Act.PERSON, subject(akossiwa)),
                change(Act.PASSWORD, subject(kofi)),
                change(Act.PERSON, subject(yao)));
        assertThat(acts(new Wanted(Optional.of("directory-password"), Optional.empty())))
                .containsExactly("directory-password", "directory-password");
        assertThat(acts(new Wanted(Optional.empty(), Optional.of(akossiwa))))
                .containsExactly("directory-person", "directory-password");
        assertThat(acts(new Wanted(Optional.of("directory-person"), Optional.of(akossiwa))))
                .containsExactly("directory-person");
        assertThat(acts(new Wanted(Optional.of("' or true --"), Optional.empty())))
                .isEmpty();
        assertThat(refused(kofi, () -> acts(new Wanted(Optional.empty(), Optional.of(yao)))))
                .isEqualTo(Reason.UNKNOWN_ACCOUNT);
    }

    @Test
    void byDates() {
        record(change(Act.PASSWORD, subject(akossiwa)), change(Act.PERSON, subject(akossiwa)));
        Instant now = Instant.now();
        Optional<AccountId> her = Optional.of(akossiwa);
        for (Optional<AccountId> person : List.of(her, Optional.<AccountId>empty())) {
            assertThat(acts(when(person, now.minusSeconds(60), now.plusSeconds(60))))
                    .contains("directory-person", "directory-password");
            assertThat(acts(when(person, now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)))))
                    .isEmpty();
            assertThat(acts(when(person, now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)))))
                    .isEmpty();
        }
        assertThat(acts(when(her, Instant.EPOCH, now.plusSeconds(60))))
                .containsExactly("directory-person", "directory-password");
    }

    private static Wanted when(Optional<AccountId> person, Instant from, Instant until) {
        return new Wanted(Optional.empty(), person, Optional.of(from), Optional.of(until));
    }

    @Test
    void aPageLooksAtABoundedNumberOfRowsAndTheNextOneGoesOn() {
        AtomicLong asked = new AtomicLong();
        PartLedger long45000 = new PartLedger(
                (before, _, rows) -> {
                    asked.addAndGet(rows);
                    long from = Math.max(1, before.orElse(45_001) - rows);
                    return new AuditWalk.Stretch(List.of(), from > 1 ? OptionalLong.of(from) : OptionalLong.empty());
                },
                trails.about(),
                directories.partPlaces(),
                directories.rights(),
                directory,
                trail,
                clock);
        Page first = as(kofi, () -> long45000.of(SmallState.BUDGET_SERVICE, Wanted.ALL, OptionalLong.empty(), 10));
        assertThat(first.entries()).isEmpty();
        assertThat(first.next()).hasValue(25_001);
        assertThat(asked).hasValue(PartLedger.LOOKED_MAX);
        assertThat(as(kofi, () -> long45000.of(SmallState.BUDGET_SERVICE, Wanted.ALL, OptionalLong.of(5_001), 10))
                        .next())
                .isEmpty();
    }

    @Test
    void onlyWhoHasTheRightThereReadsIt() {
        assertThat(refused(kofi, () -> ledger.of(SmallState.ENERGY, Wanted.ALL, OptionalLong.empty(), 10)))
                .isEqualTo(Reason.NO_RIGHT);
        assertThat(trail.events()).singleElement().satisfies(event -> {
            assertThat(event).isInstanceOf(AuditEvent.Refusal.class);
            assertThat(event.subject().text()).isEqualTo("entity:energie");
        });
        EntityCode nowhere = new EntityCode("nulle-part");
        assertThat(catchThrowableOfType(
                                ProvisioningRefused.class,
                                () -> ledger.of(nowhere, Wanted.ALL, OptionalLong.empty(), 10))
                        .reason())
                .as("an operator")
                .isEqualTo(Reason.UNKNOWN_ENTITY);
    }

    private List<String> acts(Wanted wanted) {
        List<String> acts = new ArrayList<>();
        OptionalLong next = OptionalLong.empty();
        do {
            OptionalLong before = next;
            Page page = as(kofi, () -> ledger.of(SmallState.BUDGET_SERVICE, wanted, before, 1));
            page.entries().stream().map(each -> each.row().act()).forEach(acts::add);
            next = page.next();
        } while (next.isPresent());
        return acts;
    }

    /** Records events, and returns the last number before theirs. */
    private long record(AuditEvent... events) {
        sealed();
        long before = platform.autoCommit(
                        c -> Sql.first(c, row -> row.getLong(1), "select last_number from audit_chain"))
                .orElse(0L);
        for (AuditEvent event : events) {
            trails.trail().record(event);
        }
        sealed();
        return before;
    }

    /** Waits until nothing waits for its seal. */
    private void sealed() {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        long pending;
        do {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            pending = platform.autoCommit(
                            c -> Sql.first(c, row -> row.getLong(1), "select count(*) from audit_pending"))
                    .orElse(0L);
        } while (pending > 0 && System.nanoTime() < until);
        assertThat(pending).isZero();
    }

    private DirectoryChange change(Act act, Subject subject) {
        return new DirectoryChange(program(), act, subject);
    }

    private static Circumstances program() {
        return new Circumstances(Instant.now(), new Actor.Program(), Optional.empty(), new Origin.Here());
    }

    private static Subject subject(AccountId account) {
        return new Subject(Subject.Kind.ACCOUNT, account.toString());
    }

    private <T> T as(AccountId actor, Supplier<T> act) {
        AtomicReference<T> done = new AtomicReference<>();
        new Circumstances(clock.instant(), new Actor.Account(actor.value()), Optional.empty(), new Origin.Here())
                .run(() -> done.set(act.get()));
        return done.get();
    }

    private Reason refused(AccountId actor, Supplier<?> act) {
        return catchThrowableOfType(ProvisioningRefused.class, () -> as(actor, act))
                .reason();
    }
}
