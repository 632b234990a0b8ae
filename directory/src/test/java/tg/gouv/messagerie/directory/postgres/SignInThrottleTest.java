package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.platform.settings.Secret;

class SignInThrottleTest extends SignInTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "akossiwa.mensah@gouv.tg",
                "nobody@gouv.tg",
                "directeur.budget@gouv.tg",
                "directeur.budget@gouv.tg*akossiwa.mensah@gouv.tg",
                "not an address"
            })
    void tooManyWrongSecretsMakeEveryLoginWaitAlike(String login) {
        guess(login, TestSettings.FREE + 1, OFFICE);
        assertThrottled(signIn(login, RIGHT, OFFICE), TestSettings.WAIT);
        assertThrottled(signIn(login, RIGHT, NEXT_OFFICE), TestSettings.WAIT);
        assertThat(hashes()).isEqualTo(TestSettings.FREE + 1);
    }

    @Test
    void theWaitDoublesUpToItsBound() {
        guess(SmallState.AKOSSIWA, TestSettings.FREE, OFFICE);
        Duration wait = TestSettings.WAIT;
        for (int i = 0; i < 10; i++) {
            guess(SmallState.AKOSSIWA, 1, OFFICE);
            assertThrottled(akossiwa(RIGHT, OFFICE), wait);
            pass(wait);
            wait = wait.multipliedBy(2).compareTo(TestSettings.WAIT_MAX) < 0
                    ? wait.multipliedBy(2)
                    : TestSettings.WAIT_MAX;
        }
        assertThat(wait).isEqualTo(TestSettings.WAIT_MAX);
        assertGranted(akossiwa(RIGHT, OFFICE));
    }

    @Test
    void theRightSecretForgivesNothing() {
        guess(SmallState.AKOSSIWA, TestSettings.FREE, OFFICE);
        assertGranted(akossiwa(RIGHT, ELSEWHERE));
        assertGranted(akossiwa(RIGHT, NEXT_OFFICE));
        guess(SmallState.AKOSSIWA, 1, OFFICE);
        assertThrottled(akossiwa(RIGHT, OFFICE), TestSettings.WAIT);
    }

    @Test
    void aLongSilenceForgivesAll() {
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, OFFICE);
        pass(TestSettings.FORGET);
        guess(SmallState.AKOSSIWA, TestSettings.FREE, OFFICE);
        assertGranted(akossiwa(RIGHT, OFFICE));
    }

    @Test
    void nobodyLocksAnAccountAnywhereElse() {
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, ELSEWHERE);
        assertThrottled(akossiwa(RIGHT, ELSEWHERE), TestSettings.WAIT);
        assertGranted(akossiwa(RIGHT, OFFICE));
        assertGranted(signIn(SmallState.KOFI, OTHER_RIGHT, ELSEWHERE));
    }

    @Test
    void aNeighbourDoesNotLockOutTheHostFromWhichTheAccountSignedIn() {
        assertGranted(akossiwa(RIGHT, OFFICE));
        for (int i = 0; i < 5; i++) {
            guess(SmallState.AKOSSIWA, i == 0 ? TestSettings.FREE + 1 : 1, NEXT_OFFICE);
            assertThat(akossiwa(RIGHT, NEXT_OFFICE)).isInstanceOf(SignIn.Throttled.class);
            assertGranted(akossiwa(RIGHT, OFFICE));
            pass(TestSettings.WAIT_MAX_KNOWN);
        }
    }

    @Test
    void waitsAreShortWhereTheAccountSignedInLately() {
        assertGranted(akossiwa(RIGHT, OFFICE));
        guess(SmallState.AKOSSIWA, TestSettings.FREE, NEXT_OFFICE);
        for (int i = 0; i < 6; i++) {
            guess(SmallState.AKOSSIWA, 1, NEXT_OFFICE);
            pass(TestSettings.WAIT_MAX_KNOWN);
        }
        guess(SmallState.AKOSSIWA, 1, NEXT_OFFICE);
        assertThrottled(akossiwa(RIGHT, NEXT_OFFICE), TestSettings.WAIT_MAX_KNOWN);
    }

    @Test
    void aHostIsForgottenWhenTheAccountDidNotSignInThereForLong() {
        assertGranted(akossiwa(RIGHT, OFFICE));
        pass(TestSettings.KNOWN);
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, NEXT_OFFICE);
        assertThrottled(akossiwa(RIGHT, OFFICE), TestSettings.WAIT);
    }

    @Test
    void aHostStaysKnownWhileTheAccountSignsInThere() {
        for (int day = 0; day < 40; day++) {
            assertGranted(akossiwa(RIGHT, OFFICE));
            pass(Duration.ofDays(1));
        }
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, NEXT_OFFICE);
        assertGranted(akossiwa(RIGHT, OFFICE));
    }

    @Test
    void theSameWrongSecretCountsOnceAndCostsOneHash() {
        for (int i = 0; i < 50; i++) {
            assertRefused(akossiwa("last year's", OFFICE));
            assertRefused(signIn("nobody@gouv.tg", "last year's", OFFICE));
            pass(Duration.ofMinutes(1));
        }
        assertThat(hashes()).isEqualTo(2);
        assertGranted(akossiwa(RIGHT, OFFICE));
        assertThat(query("select failures::text from sign_in_attempts where failures > 0"))
                .containsExactly("1", "1");
    }

    @Test
    void ofManyGuessesAtOnceNoMoreAreLookedAtThanOneByOne() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SignIn>> outcomes = IntStream.range(0, 30)
                    .mapToObj(i -> threads.submit(() -> akossiwa("guess " + i, OFFICE)))
                    .toList();
            int refused = 0;
            for (Future<SignIn> outcome : outcomes) {
                refused += outcome.get() instanceof SignIn.Refused ? 1 : 0;
            }
            assertThat(refused).isEqualTo(TestSettings.FREE + 1);
        }
    }

    @Test
    void oneSiteThatGuessesForManyAccountsIsClosedToAccountsNotKnownThere() {
        assertGranted(akossiwa(RIGHT, OFFICE));
        for (int i = 0; i < TestSettings.SITE_FAILURES; i++) {
            guess("nobody." + i + "@gouv.tg", 1, NEXT_OFFICE);
        }
        assertThrottled(signIn(SmallState.KOFI, OTHER_RIGHT, OFFICE), TestSettings.WINDOW);
        assertThrottled(signIn("nobody@gouv.tg", OTHER_RIGHT, OFFICE), TestSettings.WINDOW);
        assertGranted(akossiwa(RIGHT, OFFICE));
        assertGranted(akossiwa(RIGHT, address("41.207.10.200")));
        assertGranted(signIn(SmallState.KOFI, OTHER_RIGHT, ELSEWHERE));
        pass(TestSettings.WINDOW);
        assertGranted(signIn(SmallState.KOFI, OTHER_RIGHT, OFFICE));
    }

    @Test
    void theNetworksOfOneIpv6SiteCountTogether() {
        for (int i = 0; i < TestSettings.SITE_FAILURES; i++) {
            guess(SmallState.AKOSSIWA, 1, address("2001:db8:7:" + i + "::1"));
        }
        InetAddress sameSite = address("2001:db8:7:ffff::1");
        assertThrottled(akossiwa(RIGHT, sameSite), TestSettings.WINDOW);
        assertGranted(akossiwa(RIGHT, address("2001:db8:8::1")));
    }

    @Test
    void aNewPasswordForgivesTheWrongSecretsBefore() {
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, OFFICE);
        assertThrottled(akossiwa(RIGHT, OFFICE), TestSettings.WAIT);
        provisioning.password(account(SmallState.AKOSSIWA).id(), new Secret("mawu-li"));
        assertGranted(akossiwa("mawu-li", OFFICE));
    }

    @Test
    void whatIsOldIsSweptAway() {
        guess(SmallState.AKOSSIWA, 1, ELSEWHERE);
        assertThat(query("select network::text from sign_in_attempts")).containsExactly("196.168.17.0/24");
        assertThat(query("select site::text from sign_in_site")).containsExactly("196.168.17.0/24");
        pass(TestSettings.KNOWN.plusHours(1));
        guess(SmallState.AKOSSIWA, 1, OFFICE);
        assertThat(query("select network::text from sign_in_attempts")).containsExactly("41.207.10.0/24");
        assertThat(query("select site::text from sign_in_site")).containsExactly("41.207.10.0/24");
    }

    @Test
    void noRowHoldsASecretOrALogin() {
        guess("soleil-sur-la-lagune", 1, OFFICE);
        akossiwa("marche-de-lome", OFFICE);
        assertThat(query("select t::text from sign_in_attempts t"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row).doesNotContain("lagune", "lome"));
    }
}
