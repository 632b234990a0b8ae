package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Departed;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.LifeCycle.Change;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

class LifeCycleTest extends DirectoryTest {
    private static final EntityCode HEALTH = new EntityCode("sante");
    private static final PositionCode DOCTOR = new PositionCode("medecin-chef");
    private static final MailAddress MARRIED = MailAddress.of("akossiwa.agbo@gouv.tg");

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of()));
        provisioning.entity(new Entity(HEALTH, "Ministère de la Santé", Optional.empty()));
        provisioning.position(new Position(DOCTOR, "Médecin-chef", HEALTH));
        pass(Duration.ofDays(100));
        trail.events().clear();
    }

    @Test
    void whoIsReassignedHasTheNewPositionsMailboxesAndNotTheOldOnesAndStaysTheSameAccount() {
        AccountId akossiwa = account(SmallState.AKOSSIWA).id();
        assertThat(directory.functionMailboxes(akossiwa)).hasSize(1);
        assertThat(done(new LifeCycle.Reassignment(SmallState.AKOSSIWA, Optional.empty(), DOCTOR)))
                .containsExactly(
                        new Change("assignment", "akossiwa.mensah@gouv.tg", Optional.of("directeur-budget")),
                        new Change("assignment", "akossiwa.mensah@gouv.tg", Optional.of("medecin-chef")),
                        new Change("person", "akossiwa.mensah@gouv.tg", Optional.empty()));
        assertThat(directory.functionMailboxes(akossiwa)).isEmpty();
        assertThat(account(SmallState.AKOSSIWA).id()).isEqualTo(akossiwa);
        assertThat(
                        query(
                                "select e.code from person p join entity e on e.id = p.entity_id where p.given_name = 'Akossiwa'"))
                .containsExactly("sante");
        assertThat(query("select count(*)::text from assignment where ends is not null"))
                .containsExactly("1");
    }

    @Test
    void aFunctionMailboxChangesHandsInOneAct() {
        done(new LifeCycle.HandOver(SmallState.DIRECTOR, SmallState.AKOSSIWA, SmallState.KOFI));
        assertThat(directory.functionMailboxes(account(SmallState.AKOSSIWA).id()))
                .isEmpty();
        assertThat(directory.functionMailboxes(account(SmallState.KOFI).id())).hasSize(1);
        assertThat(refused(new LifeCycle.HandOver(SmallState.DIRECTOR, SmallState.AKOSSIWA, SmallState.KOFI)))
                .isEqualTo(Reason.NOT_HELD);
    }

    @Test
    void theNameBeforeStillReceives() {
        AccountId akossiwa = account(SmallState.AKOSSIWA).id();
        done(new LifeCycle.Renaming(SmallState.AKOSSIWA, new PersonName("Akossiwa", "Agbo"), MARRIED));
        assertThat(account(SmallState.AKOSSIWA).id()).isEqualTo(akossiwa);
        assertThat(account(MARRIED).id()).isEqualTo(akossiwa);
        assertThat(account(MARRIED).primary()).isEqualTo(MARRIED);
        assertThat(account(MARRIED).displayName()).isEqualTo("Akossiwa Agbo");
        assertThat(refused(
                        new LifeCycle.Renaming(SmallState.KOFI, new PersonName("Kofi", "Agbo"), SmallState.AKOSSIWA)))
                .isEqualTo(Reason.ADDRESS_TAKEN);
    }

    @Test
    void whoIsSuspendedReceivesAndComesBack() {
        done(new LifeCycle.Suspension(SmallState.KOFI));
        assertThat(account(SmallState.KOFI).state()).isEqualTo(Account.State.SUSPENDED);
        done(new LifeCycle.Resumption(SmallState.KOFI));
        assertThat(account(SmallState.KOFI).state()).isEqualTo(Account.State.ACTIVE);
        assertThat(provisioning
                        .perform(new LifeCycle.Resumption(SmallState.KOFI))
                        .changes())
                .isEmpty();
    }

    @Test
    void whoLeavesHoldsNothingOpensNothingAndIsReadAndAnsweredUntilTheAccountCloses() {
        AccountId akossiwa = account(SmallState.AKOSSIWA).id();
        AccountId kofi = account(SmallState.KOFI).id();
        Instant until = clock.instant().plus(Duration.ofDays(60));
        assertThat(done(departure(Optional.of(SmallState.KOFI), until)))
                .containsExactly(
                        new Change("assignment", "akossiwa.mensah@gouv.tg", Optional.of("directeur-budget")),
                        new Change("account-state", "akossiwa.mensah@gouv.tg", Optional.of("suspended")),
                        new Change("departure", "akossiwa.mensah@gouv.tg", Optional.of(kofi.toString())));
        assertThat(departed)
                .containsExactly(new Departed(akossiwa, "Akossiwa Mensah", true, Optional.of(SmallState.BUDGET)));
        assertThat(account(SmallState.AKOSSIWA).state().receives()).isTrue();
        assertThat(account(SmallState.AKOSSIWA).state().signsIn()).isFalse();
        assertThat(directory.functionMailboxes(kofi))
                .containsExactly(Map.entry(account(SmallState.AKOSSIWA), FunctionAccess.READER));
        assertThat(provisioning
                        .perform(departure(Optional.of(SmallState.KOFI), until))
                        .changes())
                .isEmpty();
        done(departure(Optional.empty(), until));
        assertThat(directory.functionMailboxes(kofi)).isEmpty();

        pass(Duration.ofDays(59));
        ((PostgresProvisioning) provisioning).closeDeparted();
        assertThat(account(SmallState.AKOSSIWA).state()).isEqualTo(Account.State.SUSPENDED);
        pass(Duration.ofDays(1));
        ((PostgresProvisioning) provisioning).closeDeparted();
        assertThat(directory.byAddress(SmallState.AKOSSIWA)).isEmpty();
        assertThat(refused(departure(Optional.empty(), clock.instant().plusSeconds(1))))
                .isEqualTo(Reason.HAS_CLOSED);
    }

    @Test
    void whatWasToBeginAfterTheDepartureDoesNot() {
        provisioning.assignment(new Assignment(
                SmallState.AKOSSIWA, DOCTOR, Optional.of(clock.instant().plus(Duration.ofDays(9))), Optional.empty()));
        assertThat(done(departure(Optional.empty(), clock.instant().plus(Duration.ofDays(60)))))
                .contains(new Change("assignment", "akossiwa.mensah@gouv.tg", Optional.of("medecin-chef")));
        assertThat(query(
                        "select p.code from assignment a join position p on p.id = a.position_id where a.ends is null"))
                .containsExactly("agent-budget");
    }

    @Test
    void whoComesBackIsReadByNobodyElse() {
        Instant until = clock.instant().plus(Duration.ofDays(60));
        done(departure(Optional.of(SmallState.KOFI), until));
        done(new LifeCycle.Resumption(SmallState.AKOSSIWA));
        assertThat(account(SmallState.AKOSSIWA).state()).isEqualTo(Account.State.ACTIVE);
        assertThat(departed).extracting(Departed::away).containsExactly(true, false);
        assertThat(directory.functionMailboxes(account(SmallState.KOFI).id())).isEmpty();
        pass(Duration.ofDays(61));
        ((PostgresProvisioning) provisioning).closeDeparted();
        assertThat(account(SmallState.AKOSSIWA).state()).isEqualTo(Account.State.ACTIVE);
    }

    @Test
    void aDepartureThatMakesNoSenseIsRefused() {
        Instant until = clock.instant().plus(Duration.ofDays(60));
        assertThat(refused(departure(Optional.of(SmallState.AKOSSIWA), until))).isEqualTo(Reason.READS_THEMSELVES);
        assertThat(refused(departure(Optional.of(SmallState.BUDGET), until))).isEqualTo(Reason.UNKNOWN_PERSON);
        assertThat(refused(departure(Optional.empty(), clock.instant()))).isEqualTo(Reason.ENDS_IN_THE_PAST);
        assertThat(refused(new LifeCycle.Departure(
                        SmallState.AKOSSIWA, Optional.empty(), Optional.of(MailAddress.of("rien@gouv.tg")), until)))
                .isEqualTo(Reason.UNKNOWN_PERSON);
    }

    private static LifeCycle departure(Optional<MailAddress> reader, Instant until) {
        return new LifeCycle.Departure(SmallState.AKOSSIWA, reader, Optional.of(SmallState.BUDGET), until);
    }

    @Test
    void aRehearsalChangesNothingAndIsNotAudited() {
        List<String> before = everything();
        for (LifeCycle act : acts()) {
            assertThat(provisioning.rehearse(act).changes()).isNotEmpty();
        }
        assertThat(everything()).isEqualTo(before);
        assertThat(trail.events()).isEmpty();
    }

    @Test
    void anActThatEndsAtAnyOfItsStatementsHasDoneNothingAndIsDoneAgain() {
        DyingDatabase dying = new DyingDatabase(database);
        try (Directories other =
                Directories.open(dying, settings(), data, trail, (_, _) -> {}, clock, new SecureRandom())) {
            for (LifeCycle act : acts()) {
                empty();
                provision();
                List<String> before = shape();
                int statements = 0;
                do {
                    assertThat(shape())
                            .as("%s, ended at statement %s", act, statements)
                            .isEqualTo(before);
                    dying.after(++statements);
                } while (!performs(other, act));
                assertThat(statements).isGreaterThan(5);
                assertThat(shape()).isNotEqualTo(before);
                assertThat(trail.events()).isNotEmpty();
            }
        }
    }

    private static boolean performs(Directories directories, LifeCycle act) {
        try {
            directories.provisioning().perform(act);
            return true;
        } catch (StoreUnavailable _) {
            return false;
        }
    }

    private List<LifeCycle> acts() {
        return List.of(
                new LifeCycle.Reassignment(SmallState.AKOSSIWA, Optional.of(SmallState.DIRECTOR), DOCTOR),
                new LifeCycle.HandOver(SmallState.DIRECTOR, SmallState.AKOSSIWA, SmallState.KOFI),
                new LifeCycle.Renaming(SmallState.AKOSSIWA, new PersonName("Akossiwa", "Agbo"), MARRIED),
                new LifeCycle.Suspension(SmallState.KOFI),
                departure(Optional.of(SmallState.KOFI), Instant.parse("2199-01-01T00:00:00Z")));
    }

    /** Does an act whose rehearsal must have said the same. */
    private List<Change> done(LifeCycle act) {
        List<Change> would = provisioning.rehearse(act).changes();
        List<Change> did = provisioning.perform(act).changes();
        assertThat(did).isEqualTo(would).isNotEmpty();
        assertThat(trail.events().stream().map(AuditEvent::act)).hasSizeGreaterThanOrEqualTo(did.size());
        return did;
    }

    private Reason refused(LifeCycle act) {
        Reason rehearsed = catchThrowableOfType(ProvisioningRefused.class, () -> provisioning.rehearse(act))
                .reason();
        assertThat(catchThrowableOfType(ProvisioningRefused.class, () -> provisioning.perform(act))
                        .reason())
                .isEqualTo(rehearsed);
        return rehearsed;
    }

    private List<String> everything() {
        List<String> all = new ArrayList<>();
        for (String table : List.of(
                "account", "person", "address", "assignment", "position", "entity", "departure", "ldap_entry")) {
            all.addAll(query("select t::text from " + table + " t order by 1"));
        }
        return all;
    }

    /** What there is, without ids and times, which are made anew. */
    private List<String> shape() {
        List<String> all = new ArrayList<>(query("""
                select a.state || ' ' || a.display_name || ' ' || d.address || ' ' || d.role
                from account a join address d on d.account_id = a.id order by 1
                """));
        all.addAll(query("""
                select r.family_name || ' ' || coalesce(e.code, '-') || ' ' || p.code || ' ' || (a.ends is null)
                from assignment a join person r on r.id = a.person_id join position p on p.id = a.position_id
                left join entity e on e.id = r.entity_id order by 1
                """));
        return all;
    }
}
