package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.LifeCycle.Change;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.settings.Secret;

/** Of who has left everything goes but the id of their account, and nobody is given what was theirs (loi 2019-014). */
class ErasureTest extends DirectoryTest {
    private static final MailAddress MARRIED = MailAddress.of("akossiwa.agbo@gouv.tg");
    private static final LifeCycle ERASURE = new LifeCycle.Erasure(MARRIED, false);

    /** Tables that name accounts and stay: history, or what says nothing of a person. */
    private static final Set<String> KEPT = Set.of(
            "person", // its names are overwritten
            "assignment",
            "right_grant",
            "mailing_list", // stands against the erasure
            "legal_hold", // the same
            "function_mailbox",
            "room",
            "recovery_code", // goes with the second factor
            "group_membership"); // computed

    private AccountId account;

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of(
                SmallState.AKOSSIWA, new Secret("un-bon-mot-de-passe"), SmallState.KOFI, new Secret("un-bon-mot"))));
        account = account(SmallState.AKOSSIWA).id();
        provisioning.perform(new LifeCycle.Renaming(SmallState.AKOSSIWA, new PersonName("Akossiwa", "Agbo"), MARRIED));
        provisioning.group(new Group(
                new GroupCode("agents"),
                "Agents",
                SmallState.ENERGY,
                Set.of(new Member.OfAccount(MARRIED), new Member.OfAccount(SmallState.KOFI))));
        directories.devicePasswords().issue(account, "Téléphone d'Akossiwa", Set.of(Protocol.IMAP), Optional.empty());
        grant(account, Right.LOOK);
        pass(Duration.ofDays(1));
    }

    private void leave() {
        provisioning.perform(new LifeCycle.Departure(
                MARRIED,
                Optional.of(SmallState.KOFI),
                Optional.empty(),
                clock.instant().plus(Duration.ofDays(30))));
        pass(Duration.ofDays(31));
        ((PostgresProvisioning) provisioning).closeDeparted();
    }

    private void leaveLongAgo() {
        leave();
        pass(LifeCycle.ERASED_AFTER);
        trail.events().clear();
    }

    @Test
    void nothingIsLeftButTheIdAndTheHistoryOfActs() {
        leaveLongAgo();
        List<Change> would = provisioning.rehearse(ERASURE).changes();
        assertThat(everything()).as("a rehearsal").anyMatch(row -> row.contains("Agbo"));
        List<Change> did = provisioning.perform(ERASURE).changes();
        assertThat(did).isEqualTo(would);
        assertThat(did.stream().map(it -> it.what() + " " + it.with().orElse("")))
                .contains(
                        "erased-password 1",
                        "erased-devices 1",
                        "erased-addresses 2",
                        "erased-groups 1",
                        "erased-identity 1",
                        "erased-mail ",
                        "kept-positions 1",
                        "kept-rights 1",
                        "kept-audit " + account);
        assertThat(everything())
                .noneMatch(row -> row.contains("kossiwa") || row.contains("Agbo") || row.contains("agbo@"));
        assertThat(query("select state from account where erased is not null")).containsExactly("closed");
        assertThat(query(
                        "select count(*)::text from assignment h join person p on p.id = h.person_id where p.account_id = '"
                                + account + "'"))
                .containsExactly("1");
        assertThat(erased).containsExactly(account);
        assertThat(trail.events()).hasSize(1).allSatisfy(event -> {
            assertThat(event.act()).isEqualTo("directory-erasure");
            assertThat(event.subject().id()).isEqualTo(account.toString());
        });
        assertThat(directories.register().members(new GroupCode("agents"), Optional.empty(), 10))
                .containsExactly(SmallState.KOFI);
        assertThat(refused(ERASURE)).as("nobody has the address").isEqualTo(Reason.UNKNOWN_PERSON);
        assertThat(catchThrowableOfType(
                                ProvisioningRefused.class, () -> provisioning.state(account, Account.State.ACTIVE))
                        .reason())
                .as("what was erased does not come back")
                .isEqualTo(Reason.UNKNOWN_ACCOUNT);
    }

    @Test
    void nobodyIsGivenTheirAddressesNorTheirName() {
        leaveLongAgo();
        provisioning.perform(ERASURE);
        for (MailAddress theirs : List.of(MARRIED, SmallState.AKOSSIWA)) {
            assertThat(catchThrowableOfType(
                                    ProvisioningRefused.class,
                                    () -> provisioning.person(SmallState.person("Autre", theirs)))
                            .reason())
                    .isEqualTo(Reason.ADDRESS_RESERVED);
            assertThat(catchThrowableOfType(
                                    ProvisioningRefused.class,
                                    () -> provisioning.alias(
                                            account(SmallState.KOFI).id(), theirs))
                            .reason())
                    .isEqualTo(Reason.ADDRESS_RESERVED);
        }
        assertThat(look.<Boolean, RuntimeException>autoCommit(
                        c -> new PostgresPresent(c).reserved().test(MARRIED)))
                .as("an import gives the next number")
                .isTrue();
        assertThat(look.<Map<?, ?>, RuntimeException>autoCommit(
                        c -> new PostgresPresent(c).owners(List.of(MARRIED.toString(), "libre@gouv.tg"))))
                .hasSize(1);
        provisioning.domain("sante.gouv.tg");
        provisioning.person(SmallState.person("Autre", MailAddress.of("akossiwa.mensah@sante.gouv.tg")));
        assertThat(query("select name from ldap_name where name like 'akossiwa%'"))
                .as("LDAP programs know her by it")
                .containsExactly("akossiwa.mensah@sante.gouv.tg");
        assertThat(query("select digest::text from reserved_address"))
                .hasSize(3)
                .noneMatch(it -> it.contains("agbo"));
    }

    @Test
    void whatStandsAgainstItIsSaid() {
        assertThat(refused(ERASURE)).isEqualTo(Reason.NOT_CLOSED);
        provisioning.mailingList(new MailingList(
                MailAddress.of("agents@gouv.tg"), new GroupCode("agents"), MailingLists.Writers.STATE, MARRIED));
        leave();
        assertThat(refused(ERASURE)).isEqualTo(Reason.OWNS_A_LIST);
        provisioning.mailingList(new MailingList(
                MailAddress.of("agents@gouv.tg"),
                new GroupCode("agents"),
                MailingLists.Writers.STATE,
                SmallState.KOFI));
        assertThat(refused(ERASURE)).isEqualTo(Reason.CLOSED_LATELY);
        provisioning.perform(new LifeCycle.Hold(MARRIED, "enquête 12/2026"));
        ProvisioningRefused held = catchThrowableOfType(
                ProvisioningRefused.class, () -> provisioning.perform(new LifeCycle.Erasure(MARRIED, true)));
        assertThat(held.reason()).isEqualTo(Reason.ON_HOLD);
        assertThat(held.sentence(Locale.FRENCH)).contains("enquête 12/2026").contains("program");
        assertThat(provisioning
                        .perform(new LifeCycle.Hold(MARRIED, "enquête 12/2026"))
                        .changes())
                .isEmpty();
        assertThat(provisioning.perform(new LifeCycle.HoldEnd(MARRIED)).changes())
                .hasSize(1);
        assertThat(provisioning.perform(new LifeCycle.HoldEnd(MARRIED)).changes())
                .isEmpty();
        assertThat(provisioning.perform(new LifeCycle.Erasure(MARRIED, true)).changes())
                .as("at once, since it was said so")
                .isNotEmpty();
        provisioning.state(account(SmallState.KOFI).id(), Account.State.CLOSED);
        assertThat(refused(new LifeCycle.Erasure(SmallState.KOFI, true)))
                .as("closed without departure")
                .isEqualTo(Reason.HOLDS_A_POSITION);
    }

    @Test
    void itNeedsTheRightAndWhateverTheirAccountOpened() {
        leaveLongAgo();
        AccountId kofi = account(SmallState.KOFI).id();
        assertThat(refusedAs(kofi, ERASURE)).isEqualTo(Reason.NO_RIGHT);
        assertThat(refusedAs(kofi, new LifeCycle.Hold(MARRIED, "x"))).isEqualTo(Reason.NO_RIGHT);
        grant(kofi, Right.PERSONAL_DATA);
        assertThat(refusedAs(kofi, ERASURE)).as("she had the right to look").isEqualTo(Reason.NO_RIGHT);
        grant(kofi, Right.LOOK);
        as(kofi, () -> assertThat(provisioning.perform(ERASURE).changes()).isNotEmpty());
    }

    @Test
    void whoIsKilledAtAnyStatementHasErasedNothingAndDoesItAgain() {
        leaveLongAgo();
        DyingDatabase dying = new DyingDatabase(database);
        try (Directories other =
                Directories.open(dying, settings(), data, trail, (_, _) -> {}, clock, new SecureRandom())) {
            List<String> before = everything();
            int statements = 0;
            boolean done = false;
            while (!done) {
                assertThat(everything())
                        .as("killed at statement %s", statements)
                        .isEqualTo(before);
                dying.after(++statements);
                try {
                    other.provisioning().perform(ERASURE);
                    done = true;
                } catch (StoreUnavailable _) {
                    // again
                }
            }
            assertThat(statements).isGreaterThan(15);
        }
        assertThat(everything()).noneMatch(row -> row.contains("kossiwa"));
    }

    @Test
    void everyTableThatNamesAccountsIsErasedOrKept() {
        assertThat(query("""
                select distinct c.conrelid::regclass::text from pg_constraint c
                where c.contype = 'f' and c.confrelid in ('account'::regclass, 'person'::regclass) order by 1
                """))
                .allSatisfy(table -> assertThat(KEPT.contains(table)
                                || ErasureRows.statements().stream()
                                        .anyMatch(sql -> sql.matches("(?s).*\\b" + table + "\\b.*")))
                        .as("%s is erased, or the test says why not", table)
                        .isTrue());
    }

    /** Every row of the schema, but the changes that LDAP programs read for thirty days, and the log of this. */
    private List<String> everything() {
        List<String> all = new ArrayList<>();
        for (String table : query("""
                select tablename from pg_tables where schemaname = 'directory'
                    and tablename not in ('ldap_change', 'flyway_schema_history') order by 1
                """)) {
            all.addAll(query("select '" + table + " ' || t::text from \"" + table + "\" t order by 1"));
        }
        return all;
    }

    private void grant(AccountId holder, Right right) {
        provisioning.grant(new Grant(
                new Grant.OfAccount(holder),
                Set.of(right),
                Optional.of(new EntityCode("energie")),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private Reason refused(LifeCycle act) {
        return catchThrowableOfType(ProvisioningRefused.class, () -> provisioning.perform(act))
                .reason();
    }

    private Reason refusedAs(AccountId actor, LifeCycle act) {
        List<Reason> reasons = new ArrayList<>();
        as(actor, () -> reasons.add(refused(act)));
        return reasons.getFirst();
    }

    private void as(AccountId actor, Runnable act) {
        new Circumstances(clock.instant(), new Actor.Account(actor.value()), Optional.empty(), new Origin.Here())
                .run(act);
    }
}
