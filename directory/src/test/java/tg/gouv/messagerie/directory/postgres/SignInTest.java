package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.settings.Secret;

/** Signs in to a small State, from places. */
abstract class SignInTest extends DirectoryTest {
    static final String RIGHT = "soleil-sur-la-lagune";
    static final String OTHER_RIGHT = "marché d'Adawlato";
    static final InetAddress OFFICE = address("41.207.10.5");
    static final InetAddress NEXT_OFFICE = address("41.207.10.77");
    static final InetAddress ELSEWHERE = address("196.168.17.2");

    private final AtomicInteger guesses = new AtomicInteger();

    SignIns signIns;

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(
                Map.of(SmallState.AKOSSIWA, new Secret(RIGHT), SmallState.KOFI, new Secret(OTHER_RIGHT))));
        signIns = directories.signIns();
        hashesBefore = directories.passwordHashes();
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    SignIn signIn(String login, String secret, InetAddress from) {
        return signIns.signIn(login, new Secret(secret), from, Protocol.IMAP);
    }

    SignIn signIn(MailAddress login, String secret, InetAddress from) {
        return signIn(login.toString(), secret, from);
    }

    SignIn akossiwa(String secret, InetAddress from) {
        return signIn(SmallState.AKOSSIWA, secret, from);
    }

    /** Gives wrong secrets, each another one. */
    void guess(String login, int times, InetAddress from) {
        for (int i = 0; i < times; i++) {
            assertThat(signIn(login, "guess " + guesses.incrementAndGet(), from))
                    .isEqualTo(new SignIn.Refused());
        }
    }

    void guess(MailAddress login, int times, InetAddress from) {
        guess(login.toString(), times, from);
    }

    void assertGranted(SignIn outcome, Account account, Account actor) {
        assertGranted(outcome, account, actor, FunctionAccess.HOLDER);
    }

    void assertGranted(SignIn outcome, Account account, Account actor, FunctionAccess access) {
        SignIn.Granted granted = granted(outcome);
        assertThat(granted.account()).isEqualTo(account);
        assertThat(granted.actor()).isEqualTo(actor);
        assertThat(granted.access()).isEqualTo(access);
    }

    static SignIn.Granted granted(SignIn outcome) {
        assertThat(outcome).isInstanceOf(SignIn.Granted.class);
        return (SignIn.Granted) outcome;
    }

    void assertGranted(SignIn outcome) {
        assertThat(outcome).isInstanceOf(SignIn.Granted.class);
    }

    void assertRefused(SignIn outcome) {
        assertThat(outcome).isEqualTo(new SignIn.Refused());
    }

    void assertThrottled(SignIn outcome, Duration wait) {
        assertThat(outcome).isEqualTo(new SignIn.Throttled(now().plus(wait)));
    }

    Instant now() {
        return clock.instant();
    }
}
