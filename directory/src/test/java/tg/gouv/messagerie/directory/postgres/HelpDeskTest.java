package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Locale;
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
import tg.gouv.messagerie.directory.help.PersonStates;
import tg.gouv.messagerie.directory.help.PersonStates.PersonState;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.database.Sql;

/** Who helps sees how an account is, and has it answer again; its owner is told. */
class HelpDeskTest extends SignInTest {
    private PersonStates states;
    private AccountId akossiwa;
    private AccountId kofi;

    @BeforeEach
    void begin() {
        states = directories.personStates();
        akossiwa = account(SmallState.AKOSSIWA).id();
        kofi = account(SmallState.KOFI).id();
        give(kofi, Right.LOOK);
        trail.events().clear();
    }

    @Test
    void seesWhoWaitsWhereAndUntilWhen() {
        assertGranted(akossiwa(RIGHT, OFFICE), account(SmallState.AKOSSIWA), account(SmallState.AKOSSIWA));
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, ELSEWHERE);
        guess(SmallState.AKOSSIWA, 1, NEXT_OFFICE);
        PersonState seen = as(kofi, () -> states.of(akossiwa));
        assertThat(seen.state()).isEqualTo(Account.State.ACTIVE);
        assertThat(seen.passwordSince()).isPresent();
        assertThat(seen.lastSignIn()).contains(clock.instant());
        assertThat(seen.wrongSecrets()).isEqualTo(TestSettings.FREE + 2);
        assertThat(seen.waiting())
                .containsExactly(new PersonStates.Waiting(
                        "196.168.17.0/24",
                        TestSettings.FREE + 1,
                        clock.instant().plus(TestSettings.WAIT)));
        pass(TestSettings.WAIT);
        assertThat(as(kofi, () -> states.of(akossiwa)).waiting()).isEmpty();
    }

    @Test
    void seesDevicesSessionsCodesAndTheSecondFactor() {
        asOwner(() ->
                directories.devicePasswords().issue(akossiwa, "Téléphone", Set.of(Protocol.IMAP), Optional.empty()));
        directories.sessions().began(granted(akossiwa(RIGHT, OFFICE)), Protocol.IMAP, OFFICE, () -> {});
        directories.activationCodes().issue(SmallState.AKOSSIWA, true);
        factor(20);
        PersonState seen = as(kofi, () -> states.of(akossiwa));
        assertThat(seen.devices()).isOne();
        assertThat(seen.sessions()).isOne();
        assertThat(seen.activationCodeUntil()).contains(clock.instant().plus(Duration.ofDays(7)));
        assertThat(seen.secondFactorSince()).contains(clock.instant());
        assertThat(seen.wrongCodes()).isEqualTo(20);
        assertThat(seen.codesClosedUntil()).contains(clock.instant().plus(Duration.ofHours(1)));
        pass(Duration.ofHours(2));
        assertThat(as(kofi, () -> states.of(akossiwa)).wrongCodes()).isZero();
    }

    @Test
    void whoLooksIsToldToTheOwnerAndTheOwnerIsNot() {
        as(kofi, () -> states.of(akossiwa));
        assertThat(trail.events()).singleElement().satisfies(event -> {
            assertThat(event.act()).isEqualTo("look-state");
            assertThat(event.subject().text()).isEqualTo("account:" + akossiwa);
            assertThat(event.circumstances().actor()).isEqualTo(new Actor.Account(kofi.value()));
        });
        trail.events().clear();
        as(akossiwa, () -> states.of(akossiwa));
        assertThat(trail.events()).isEmpty();
        assertThat(refused(akossiwa, () -> states.of(kofi))).isEqualTo(Reason.NO_RIGHT);
        assertThat(trail.events()).singleElement().isInstanceOf(AuditEvent.Refusal.class);
        assertThat(refused(kofi, () -> states.of(new AccountId(new UUID(7, 7)))))
                .isEqualTo(Reason.NO_RIGHT_IN_THE_STATE);
    }

    @Test
    void unlockingForgetsWhatWasCountedAgainstTheAccountAndNothingElse() {
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, ELSEWHERE);
        factor(3);
        assertThat(akossiwa(RIGHT, ELSEWHERE)).isInstanceOf(SignIn.Throttled.class);
        String site = query("select failures::text from sign_in_site").getFirst();
        assertThat(refused(kofi, () -> states.unlock(akossiwa))).isEqualTo(Reason.NO_RIGHT);
        give(kofi, Right.CREDENTIALS);
        trail.events().clear();
        assertThat(as(kofi, () -> states.unlock(akossiwa))).isTrue();
        assertThat(trail.events()).singleElement().satisfies(event -> {
            assertThat(event.act()).isEqualTo("directory-unlock");
            assertThat(event.subject().text()).isEqualTo("account:" + akossiwa);
        });
        assertThat(query("select failures::text from second_factor")).containsExactly("0");
        assertThat(query("select failures::text from sign_in_site")).containsExactly(site);
        assertThat(akossiwa(RIGHT, ELSEWHERE)).isNotInstanceOf(SignIn.Throttled.class);
        as(kofi, () -> states.unlock(akossiwa));
        trail.events().clear();
        assertThat(as(kofi, () -> states.unlock(akossiwa)))
                .as("the second time")
                .isFalse();
        assertThat(trail.events()).isEmpty();
    }

    @Test
    void nobodyUnlocksWhoMayMoreThanTheySinceThatLetsOthersGuessOn() {
        give(kofi, Right.CREDENTIALS);
        give(akossiwa, Right.STATE);
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, ELSEWHERE);
        assertThat(refused(kofi, () -> states.unlock(akossiwa))).isEqualTo(Reason.NO_RIGHT);
        assertThat(akossiwa(RIGHT, ELSEWHERE)).isInstanceOf(SignIn.Throttled.class);
    }

    @Test
    void oneReadsAnotherLanguageWithoutARight() {
        assertThat(as(akossiwa, () -> provisioning.ownLanguage(akossiwa, Locale.ENGLISH)))
                .isTrue();
        assertThat(query("select language from person p join account a on a.id = p.account_id order by language"))
                .containsExactly("en", "fr");
        assertThat(query("select attrs ->> 'preferredLanguage' from ldap_entry where entry_uuid = '" + akossiwa + "'"))
                .containsExactly("[\"en\"]");
        assertThat(trail.events()).singleElement().satisfies(event -> {
            assertThat(event.act()).isEqualTo("directory-person");
            assertThat(event.circumstances().actor()).isEqualTo(new Actor.Account(akossiwa.value()));
        });
        assertThat(as(akossiwa, () -> provisioning.ownLanguage(akossiwa, Locale.ENGLISH)))
                .isFalse();
        assertThat(refused(akossiwa, () -> provisioning.ownLanguage(akossiwa, Locale.GERMAN)))
                .isEqualTo(Reason.BAD_LANGUAGE);
        assertThat(catchThrowableOfType(
                        IllegalStateException.class,
                        () -> as(kofi, () -> provisioning.ownLanguage(akossiwa, Locale.FRENCH))))
                .isNotNull();
    }

    @Test
    void aBudgetTellsWhatThereIsAndTheTightestSaysWhatMayBeMade() {
        provisioning.grant(new Grant(
                new Grant.OfPosition(SmallState.CLERK),
                Set.of(Right.PEOPLE),
                Optional.of(SmallState.BUDGET_SERVICE),
                OptionalInt.of(10),
                Optional.empty(),
                Optional.empty()));
        assertThat(directories.rights().budgets(kofi).values()).containsExactly(new Rights.Budget(2, 8));
        provisioning.grant(new Grant(
                new Grant.OfAccount(akossiwa),
                Set.of(Right.PEOPLE),
                Optional.of(SmallState.ENERGY),
                OptionalInt.of(3),
                Optional.empty(),
                Optional.empty()));
        assertThat(directories.rights().budgets(kofi).values()).containsExactly(new Rights.Budget(2, 1));
        provisioning.state(akossiwa, Account.State.CLOSED);
        assertThat(directories.rights().budgets(kofi).values()).containsExactly(new Rights.Budget(1, 2));
        assertThat(directories.rights().budgets(akossiwa)).as("closed").isEqualTo(Map.of());
    }

    private void factor(int wrong) {
        look.autoCommit(c -> Sql.update(
                c,
                "insert into second_factor(account_id, secret, key_name, made, confirmed, failures, since)"
                        + " values (?, decode(repeat('00', 20), 'hex'), decode(repeat('00', 8), 'hex'), ?, ?, ?, ?)",
                akossiwa.value(),
                Times.of(clock.instant()),
                Times.of(clock.instant()),
                wrong,
                Times.of(clock.instant())));
    }

    private void give(AccountId account, Right... rights) {
        provisioning.grant(new Grant(
                new Grant.OfAccount(account),
                Set.of(rights),
                Optional.of(new EntityCode("energie")),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private void asOwner(Runnable act) {
        as(akossiwa, () -> {
            act.run();
            return true;
        });
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
