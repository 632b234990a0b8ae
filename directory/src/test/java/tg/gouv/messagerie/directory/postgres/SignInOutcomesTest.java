package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox.OfEntity;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.Person.RegistrationNumber;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.platform.settings.Secret;

class SignInOutcomesTest extends SignInTest {
    private static final String FUNCTION_LOGIN = SmallState.BUDGET + "*" + SmallState.AKOSSIWA;

    @Test
    void theRightSecretOpensTheAccountInAnyCase() {
        Account akossiwa = account(SmallState.AKOSSIWA);
        assertGranted(akossiwa(RIGHT, OFFICE), akossiwa, akossiwa);
        assertGranted(signIn(" Akossiwa.Mensah@GOUV.tg ", RIGHT, OFFICE), akossiwa, akossiwa);
    }

    @Test
    void accentsMayBeTypedInEitherForm() {
        assertGranted(signIn(SmallState.KOFI, "marche\u0301 d'Adawlato", OFFICE));
    }

    @Test
    void aliasesAndFormerAddressesSignIn() {
        MailAddress first = MailAddress.of("ama.koffi@gouv.tg");
        MailAddress now = MailAddress.of("ama.lawson@gouv.tg");
        MailAddress alias = MailAddress.of("ama@gouv.tg");
        for (MailAddress primary : List.of(first, now)) {
            Person person = SmallState.person("Ama", primary);
            provisioning.person(new Person(
                    Optional.of(new RegistrationNumber("77")),
                    person.name(),
                    primary,
                    person.language(),
                    person.entity()));
        }
        Account ama = account(now);
        provisioning.alias(ama.id(), alias);
        provisioning.password(ama.id(), new Secret("ama-na-lome"));
        for (MailAddress login : List.of(first, now, alias)) {
            assertGranted(signIn(login, "ama-na-lome", OFFICE), account(now), account(now));
        }
    }

    @Test
    void aHolderOpensTheFunctionMailboxWithHerOwnSecret() {
        assertGranted(signIn(FUNCTION_LOGIN, RIGHT, OFFICE), account(SmallState.BUDGET), account(SmallState.AKOSSIWA));
        assertRefused(signIn(FUNCTION_LOGIN, OTHER_RIGHT, OFFICE));
    }

    @Test
    void aReaderOpensItToReadOnly() {
        MailAddress outside = MailAddress.of("monde.exterieur@gouv.tg");
        provisioning.functionMailbox(new FunctionMailbox(
                outside,
                "Monde extérieur",
                new OfEntity(SmallState.ENERGY),
                Map.of(SmallState.CLERK, FunctionAccess.READER)));
        assertGranted(
                signIn(outside + "*" + SmallState.KOFI, OTHER_RIGHT, OFFICE),
                account(outside),
                account(SmallState.KOFI),
                FunctionAccess.READER);
    }

    @Test
    void whoNoLongerHoldsThePositionOpensItsMailboxNoMoreThoughTheSecretIsRemembered() {
        assertGranted(signIn(FUNCTION_LOGIN, RIGHT, OFFICE));
        provisioning.assignment(new Assignment(
                SmallState.AKOSSIWA, SmallState.DIRECTOR, Optional.empty(), Optional.of(now().plusSeconds(1))));
        pass(Duration.ofSeconds(1));
        assertRefused(signIn(FUNCTION_LOGIN, RIGHT, OFFICE));
        assertGranted(akossiwa(RIGHT, OFFICE));
    }

    @Test
    void aFunctionMailboxThatIsNotActiveIsNotOpened() {
        provisioning.state(account(SmallState.BUDGET).id(), Account.State.CLOSED);
        assertRefused(signIn(FUNCTION_LOGIN, RIGHT, OFFICE));
    }

    @ParameterizedTest
    @EnumSource(names = "ACTIVE", mode = EnumSource.Mode.EXCLUDE)
    void onlyAnActiveAccountSignsIn(Account.State state) {
        assertGranted(akossiwa(RIGHT, OFFICE));
        provisioning.state(account(SmallState.AKOSSIWA).id(), state);
        assertRefused(akossiwa(RIGHT, OFFICE));
        assertRefused(signIn(FUNCTION_LOGIN, RIGHT, OFFICE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "akossiwa.mensah@gouv.tg",
                "nobody@gouv.tg",
                "akossiwa.mensah@example.org",
                "akossiwa.mensah+projets@gouv.tg",
                "directeur.budget@gouv.tg",
                "directeur.budget@gouv.tg*kofi.mensah@gouv.tg",
                "directeur.budget@gouv.tg*nobody.either@gouv.tg",
                "nobody@gouv.tg*akossiwa.mensah@gouv.tg",
                "*akossiwa.mensah@gouv.tg",
                "directeur.budget@gouv.tg*nothing",
                "akossiwa.mensah@gouv.tg*akossiwa.mensah@gouv.tg",
                "akossiwa.mensah",
                "",
                "'; drop table account; --",
                "\u0000"
            })
    void everyRefusalCostsOneHash(String login) {
        assertRefused(signIn(login, "wrong", OFFICE));
        assertThat(hashes()).isEqualTo(1);
        assertRefused(signIn(login, "tab\tulation", OFFICE));
        assertThat(hashes()).isEqualTo(2);
        assertRefused(signIn(login, "wrong", OFFICE));
        assertThat(hashes()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "directeur.budget@gouv.tg*kofi.mensah@gouv.tg",
                "nobody@gouv.tg*kofi.mensah@gouv.tg",
                "akossiwa.mensah@gouv.tg*kofi.mensah@gouv.tg",
                "*kofi.mensah@gouv.tg"
            })
    void theRightSecretOfSomebodyWithoutAccessIsRefusedAtTheSameCost(String login) {
        assertRefused(signIn(login, OTHER_RIGHT, OFFICE));
        assertThat(hashes()).isEqualTo(1);
    }

    @Test
    void aClosedAccountCostsTheHashOfAnUnknownOne() {
        provisioning.state(account(SmallState.AKOSSIWA).id(), Account.State.CLOSED);
        assertRefused(akossiwa(RIGHT, OFFICE));
        assertThat(hashes()).isEqualTo(1);
    }

    @Test
    void aRememberedSecretCostsNoHash() {
        assertGranted(akossiwa(RIGHT, OFFICE));
        assertThat(hashes()).isEqualTo(1);
        for (int i = 0; i < 20; i++) {
            assertGranted(akossiwa(RIGHT, OFFICE));
            assertGranted(akossiwa(RIGHT, ELSEWHERE));
        }
        assertThat(hashes()).isEqualTo(1);
    }

    @Test
    void aRememberedSecretDoesNotOutliveAChangeOfPassword() {
        assertGranted(akossiwa(RIGHT, OFFICE));
        provisioning.password(account(SmallState.AKOSSIWA).id(), new Secret("mawu-li"));
        assertRefused(akossiwa(RIGHT, OFFICE));
        assertGranted(akossiwa("mawu-li", OFFICE));
        provisioning.password(account(SmallState.AKOSSIWA).id(), new Secret(RIGHT));
        assertRefused(akossiwa("mawu-li", OFFICE));
        assertGranted(akossiwa(RIGHT, OFFICE));
    }

    @Test
    void aRememberedSecretOpensNoOtherAccount() {
        assertGranted(akossiwa(RIGHT, OFFICE));
        assertRefused(signIn(SmallState.KOFI, RIGHT, OFFICE));
    }

    @Test
    void manyConnectionsOfOneClientAtOnceAreOneHash() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SignIn>> outcomes = IntStream.range(0, 20)
                    .mapToObj(_ -> threads.submit(() -> akossiwa(RIGHT, OFFICE)))
                    .toList();
            for (Future<SignIn> outcome : outcomes) {
                assertGranted(outcome.get());
            }
        }
        assertThat(hashes()).isEqualTo(1);
    }
}
