package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.settings.Secret;

class RightsTest extends DirectoryTest {
    private static final MailAddress YAO = MailAddress.of("yao.agbo@gouv.tg");
    private static final Secret PASSWORD = new Secret("un-bon-mot-de-passe");

    private Rights rights;
    private AccountId akossiwa;
    private AccountId kofi;
    private AccountId yao;

    @BeforeEach
    void provision() {
        rights = directories.rights();
        provisioning.apply(SmallState.state(Map.of()));
        provisioning.person(new Person(
                Optional.empty(), new PersonName("Yao", "Agbo"), YAO, Locale.FRENCH, Optional.of(SmallState.ENERGY)));
        akossiwa = account(SmallState.AKOSSIWA).id();
        kofi = account(SmallState.KOFI).id();
        yao = account(YAO).id();
    }

    @Test
    void aRightInAnEntityIsARightBelowItAndNowhereElse() {
        give(yao, SmallState.BUDGET_SERVICE, Right.LOOK);
        assertThat(rights.may(yao, Right.LOOK, new Place.OfAccount(kofi))).isTrue();
        assertThat(rights.may(yao, Right.LOOK, new Place.OfPosition(SmallState.CLERK)))
                .isTrue();
        assertThat(rights.may(
                        yao,
                        Right.LOOK,
                        new Place.OfAccount(account(SmallState.BUDGET).id())))
                .isTrue();
        assertThat(rights.may(yao, Right.LOOK, new Place.OfAccount(yao))).isFalse();
        assertThat(rights.may(yao, Right.LOOK, new Place.OfEntity(SmallState.ENERGY)))
                .isFalse();
        assertThat(rights.may(yao, Right.LOOK, new Place.WholeState())).isFalse();
        assertThat(rights.may(yao, Right.LOOK, new Place.OfEntity(new EntityCode("nulle-part"))))
                .isFalse();
        assertThat(rights.may(yao, Right.STATE, new Place.OfAccount(kofi))).isFalse();
    }

    @Test
    void aRightOfAPositionIsItsHoldersWhileTheyHoldIt() {
        UUID grant = provisioning.grant(new Grant(
                new Grant.OfPosition(SmallState.DIRECTOR),
                Set.of(Right.PEOPLE),
                Optional.of(SmallState.ENERGY),
                OptionalInt.of(10),
                Optional.empty(),
                Optional.empty()));
        assertThat(rights.heldBy(akossiwa)).singleElement().satisfies(given -> {
            assertThat(given.id()).isEqualTo(grant);
            assertThat(given.holder()).isEqualTo("position:directeur-budget");
            assertThat(given.entity()).contains("energie");
            assertThat(given.accountsMax()).hasValue(10);
            assertThat(given.by()).isEqualTo("program");
        });
        provisioning.assignment(new Assignment(
                SmallState.AKOSSIWA,
                SmallState.DIRECTOR,
                Optional.empty(),
                Optional.of(clock.instant().plusSeconds(60))));
        assertThat(rights.may(akossiwa, Right.PEOPLE, new Place.OfAccount(kofi)))
                .isTrue();
        pass(Duration.ofMinutes(2));
        assertThat(rights.may(akossiwa, Right.PEOPLE, new Place.OfAccount(kofi)))
                .isFalse();
        provisioning.assignment(new Assignment(YAO, SmallState.DIRECTOR));
        assertThat(rights.may(yao, Right.PEOPLE, new Place.OfAccount(kofi))).isTrue();
        provisioning.state(yao, Account.State.SUSPENDED);
        assertThat(rights.may(yao, Right.PEOPLE, new Place.OfAccount(kofi))).isFalse();
    }

    @Test
    void whoGivesGivesWhatTheyHaveNotLongerAndWithItsEndAllEnds() {
        Instant end = clock.instant().plus(Duration.ofDays(1));
        UUID first = provisioning.grant(new Grant(
                new Grant.OfAccount(akossiwa),
                Set.of(Right.LOOK, Right.GRANT),
                Optional.of(SmallState.ENERGY),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(end)));
        assertThat(refused(akossiwa, () -> give(kofi, SmallState.ENERGY, Right.PEOPLE)))
                .isEqualTo(Reason.NO_RIGHT);
        assertThat(refused(
                        akossiwa,
                        () -> provisioning.grant(new Grant(
                                new Grant.OfAccount(kofi),
                                Set.of(Right.LOOK),
                                Optional.empty(),
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.empty()))))
                .isEqualTo(Reason.NO_RIGHT_IN_THE_STATE);
        assertThat(refused(
                        akossiwa,
                        () -> provisioning.grant(new Grant(
                                new Grant.OfAccount(kofi),
                                Set.of(Right.LOOK),
                                Optional.of(SmallState.ENERGY),
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.of(end.plusSeconds(1))))))
                .isEqualTo(Reason.GRANT_TOO_LONG);
        as(akossiwa, () -> give(kofi, SmallState.BUDGET_SERVICE, Right.LOOK));
        assertThat(rights.may(kofi, Right.LOOK, new Place.OfAccount(akossiwa))).isTrue();
        assertThat(refused(kofi, () -> provisioning.revoke(first))).isEqualTo(Reason.NO_RIGHT);
        assertThat(provisioning.revoke(first)).isTrue();
        assertThat(rights.may(kofi, Right.LOOK, new Place.OfAccount(akossiwa))).isFalse();
        assertThat(provisioning.revoke(first)).isFalse();
        assertThat(trail.events().stream().map(AuditEvent::act)).contains("directory-grant", "directory-revoke");
    }

    @Test
    void nobodyTakesAnAccountOfWhoMayMore() {
        give(yao, SmallState.ENERGY, Right.CREDENTIALS, Right.STATE, Right.ASSIGN, Right.PEOPLE);
        as(yao, () -> provisioning.password(kofi, PASSWORD));
        as(yao, () -> provisioning.password(akossiwa, PASSWORD)); // her function mailbox is where Yao may
        give(kofi, Optional.empty(), Right.AUDIT);
        provisioning.grant(new Grant(
                new Grant.OfPosition(SmallState.DIRECTOR),
                Set.of(Right.STRUCTURE),
                Optional.of(SmallState.ENERGY),
                OptionalInt.empty(),
                Optional.of(clock.instant().plus(Duration.ofDays(30))),
                Optional.empty()));
        assertThat(refused(yao, () -> provisioning.password(kofi, PASSWORD))).isEqualTo(Reason.NO_RIGHT_IN_THE_STATE);
        assertThat(refused(yao, () -> directories.activationCodes().issue(SmallState.KOFI, true)))
                .isEqualTo(Reason.NO_RIGHT_IN_THE_STATE);
        assertThat(refused(yao, () -> provisioning.state(kofi, Account.State.SUSPENDED)))
                .isEqualTo(Reason.NO_RIGHT_IN_THE_STATE);
        assertThat(refused(yao, () -> provisioning.password(akossiwa, PASSWORD)))
                .as("what begins later counts")
                .isEqualTo(Reason.NO_RIGHT);
        assertThat(refused(yao, () -> provisioning.assignment(new Assignment(YAO, SmallState.DIRECTOR))))
                .isEqualTo(Reason.NO_RIGHT);
        as(yao, () -> provisioning.assignment(new Assignment(YAO, SmallState.CLERK)));
    }

    @Test
    void aPositionThatIsToBeginIsTakenFromNobodyByWhoHasNotWhatItOpens() {
        give(yao, SmallState.ENERGY, Right.CREDENTIALS, Right.STATE, Right.ASSIGN, Right.PEOPLE);
        PositionCode inspector = new PositionCode("inspecteur");
        provisioning.position(new Position(inspector, "Inspecteur", SmallState.ENERGY));
        provisioning.grant(new Grant(
                new Grant.OfPosition(inspector),
                Set.of(Right.AUDIT),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        Instant soon = clock.instant().plus(Duration.ofDays(30));
        provisioning.assignment(new Assignment(SmallState.KOFI, inspector, Optional.of(soon), Optional.empty()));
        LifeCycle.Departure departure =
                new LifeCycle.Departure(SmallState.KOFI, Optional.of(YAO), Optional.empty(), soon);
        assertThat(refused(yao, () -> provisioning.perform(departure))).isEqualTo(Reason.NO_RIGHT_IN_THE_STATE);
        assertThat(query("select state from account where id = '" + kofi + "'")).containsExactly("active");
        give(yao, Optional.empty(), Right.AUDIT);
        as(yao, () -> provisioning.perform(departure));
    }

    @Test
    void somebodyElsesDevicePasswordsAreAWayIntoTheirAccount() {
        Set<SignIns.Protocol> imap = Set.of(SignIns.Protocol.IMAP);
        DevicePasswords devices = directories.devicePasswords();
        as(kofi, () -> devices.issue(kofi, "telephone", imap, Optional.empty()));
        assertThat(refused(yao, () -> devices.issue(kofi, "autre", imap, Optional.empty())))
                .isEqualTo(Reason.NO_RIGHT);
        assertThat(refused(yao, () -> devices.revokeAll(kofi))).isEqualTo(Reason.NO_RIGHT);
        assertThat(devices.of(kofi)).hasSize(1);
        give(yao, SmallState.BUDGET_SERVICE, Right.CREDENTIALS);
        as(yao, () -> devices.revokeAll(kofi));
        assertThat(devices.of(kofi)).isEmpty();
    }

    @Test
    void aBudgetIsNotExceededByWhoIsJudged() {
        give(yao, SmallState.ENERGY, Right.PEOPLE);
        provisioning.grant(new Grant(
                new Grant.OfPosition(SmallState.CLERK),
                Set.of(Right.PEOPLE),
                Optional.of(SmallState.BUDGET_SERVICE),
                OptionalInt.of(3),
                Optional.empty(),
                Optional.empty()));
        as(kofi, () -> provisioning.person(SmallState.person("Un", MailAddress.of("un@gouv.tg"))));
        Person second = SmallState.person("Deux", MailAddress.of("deux@gouv.tg"));
        assertThat(refused(kofi, () -> provisioning.person(second))).isEqualTo(Reason.BUDGET_SPENT);
        assertThat(refused(yao, () -> provisioning.person(second))).isEqualTo(Reason.BUDGET_SPENT);
        assertThat(directory.byAddress(second.address())).isEmpty();
        provisioning.state(account(MailAddress.of("un@gouv.tg")).id(), Account.State.CLOSED);
        as(kofi, () -> provisioning.person(second));
    }

    @Test
    void whatIsNotAllowedIsCountedInTheTrailAndChangedNothing() {
        trail.events().clear();
        assertThat(refused(kofi, () -> provisioning.state(akossiwa, Account.State.CLOSED)))
                .isEqualTo(Reason.NO_RIGHT);
        assertThat(account(SmallState.AKOSSIWA).state()).isEqualTo(Account.State.ACTIVE);
        assertThat(trail.events()).singleElement().satisfies(event -> {
            assertThat(event).isInstanceOf(AuditEvent.Refusal.class);
            assertThat(event.circumstances().actor()).isEqualTo(new Actor.Account(kofi.value()));
            assertThat(event.subject().text()).isEqualTo("entity:budget");
        });
        for (Locale language : List.of(Locale.FRENCH, Locale.ENGLISH)) {
            assertThat(new ProvisioningRefused(Reason.NO_RIGHT, "state", "budget").sentence(language))
                    .contains("state", "budget");
        }
    }

    @Test
    void anOperatorOfTheMachineMayAndNobodyMayNot() {
        Circumstances.ofSystemUser("root", clock).run(() -> provisioning.state(kofi, Account.State.SUSPENDED));
        assertThat(catchThrowableOfType(
                                ProvisioningRefused.class,
                                () -> new Circumstances(
                                                clock.instant(),
                                                new Actor.Nobody(),
                                                Optional.empty(),
                                                new Origin.Here())
                                        .run(() -> provisioning.state(kofi, Account.State.ACTIVE)))
                        .reason())
                .isEqualTo(Reason.NO_RIGHT);
    }

    private UUID give(AccountId account, EntityCode entity, Right... given) {
        return give(account, Optional.of(entity), given);
    }

    private UUID give(AccountId account, Optional<EntityCode> entity, Right... given) {
        return provisioning.grant(new Grant(
                new Grant.OfAccount(account),
                Set.of(given),
                entity,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private void as(AccountId actor, Runnable act) {
        new Circumstances(clock.instant(), new Actor.Account(actor.value()), Optional.empty(), new Origin.Here())
                .run(act);
    }

    private Reason refused(AccountId actor, ThrowingCallable act) {
        return catchThrowableOfType(
                        ProvisioningRefused.class,
                        () -> as(actor, () -> {
                            try {
                                act.call();
                            } catch (RuntimeException e) {
                                throw e;
                            } catch (Throwable e) {
                                throw new AssertionError(e);
                            }
                        }))
                .reason();
    }
}
