package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Activated;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Issued;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.signin.PasswordHashes;
import tg.gouv.messagerie.directory.signin.PasswordRules;
import tg.gouv.messagerie.directory.signin.SecretSignIns;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Secret;

/** A code serves once, for its account, in its time; before that the account opens nothing. */
class ActivationCodesTest extends SignInTest {
    private static final MailAddress AFI = MailAddress.of("afi.mensah@gouv.tg");
    private static final String NEW = "mawu-li 2026";

    private ActivationCodes codes;
    private AccountId afi;

    @BeforeEach
    void person() {
        codes = directories.activationCodes();
        afi = provisioning.person(SmallState.person("Afi", AFI));
        trail.events().clear();
        hashesBefore = directories.passwordHashes();
    }

    private Activated activate(MailAddress who, String code, String password, InetAddress from) {
        return codes.activate(who.toString(), new Secret(code), new Secret(password), from);
    }

    private Activated activate(String code) {
        return activate(AFI, code, NEW, OFFICE);
    }

    private String code() {
        return codes.issue(AFI, false).code().reveal();
    }

    private static String wrong(int i) {
        return "0000-0000-0000-%04d".formatted(i);
    }

    private List<String> told() {
        return trail.events().stream()
                .filter(AuditEvent.DirectoryChange.class::isInstance)
                .map(event -> event.act() + " " + event.subject().id())
                .toList();
    }

    @Test
    void anAccountOpensNothingUntilItsCodeGaveItAPassword() {
        Issued issued = codes.issue(AFI, false);
        String code = issued.code().reveal();
        assertThat(code).matches("([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}");
        assertThat(issued.expires()).isEqualTo(now().plus(Duration.ofDays(7)));
        assertRefused(signIn(AFI, code, OFFICE));
        assertRefused(signIn(AFI, "", OFFICE));
        assertRefused(signIn(AFI, NEW, OFFICE));

        assertThat(activate(code)).isEqualTo(new Activated.Done(afi));

        assertGranted(signIn(AFI, NEW, OFFICE));
        assertThat(told())
                .containsExactly(
                        "directory-activation-code-issued " + afi,
                        "directory-activation-code-used " + afi,
                        "directory-password " + afi);
        assertThat(query("select t::text from activation_code t")).isEmpty();
    }

    @Test
    void aCodeIsReadAsPeopleTypeIt() {
        String code = code();
        String typed = " "
                + code.toLowerCase(Locale.ROOT)
                        .replace("-", " ")
                        .replace('0', 'o')
                        .replace('1', 'l');
        assertThat(activate(typed)).isEqualTo(new Activated.Done(afi));
    }

    @Test
    void aCodeServesOnceAndOnlyTheLastOne() {
        String first = code();
        String second = code();
        assertThat(activate(first)).isEqualTo(new Activated.Refused());
        assertThat(activate(second)).isEqualTo(new Activated.Done(afi));
        assertThat(activate(second)).isEqualTo(new Activated.Refused());
        assertThat(activate(SmallState.KOFI, second, NEW, OFFICE)).isEqualTo(new Activated.Refused());
    }

    @Test
    void aCodeIsOfItsAccountAlone() {
        String code = code();
        assertThat(activate(SmallState.KOFI, code, NEW, OFFICE)).isEqualTo(new Activated.Refused());
        assertThat(codes.activate(SmallState.BUDGET + "*" + AFI, new Secret(code), new Secret(NEW), OFFICE))
                .isEqualTo(new Activated.Refused());
        assertGranted(signIn(SmallState.KOFI, OTHER_RIGHT, ELSEWHERE));
        assertThat(activate(code)).isEqualTo(new Activated.Done(afi));
    }

    @Test
    void aCodeIsOverInItsTimeAndTheTrailTellsIt() {
        String code = code();
        pass(Duration.ofDays(7));
        assertThat(activate(code)).isEqualTo(new Activated.Refused());
        assertThat(told())
                .containsExactly("directory-activation-code-issued " + afi, "directory-activation-code-expired " + afi);
        assertThat(codes.sweep()).isZero();
        assertRefused(signIn(AFI, NEW, OFFICE));
        assertThat(activate(code())).isEqualTo(new Activated.Done(afi));
    }

    @Test
    void whoGuessesWaitsAsWhoGuessesPasswordsAndCountsWithThem() {
        String code = code();
        guess(AFI, 1, OFFICE);
        for (int i = 0; i < TestSettings.FREE; i++) {
            assertThat(activate(wrong(i))).isEqualTo(new Activated.Refused());
        }
        assertThat(activate(code)).isEqualTo(new Activated.Throttled(now().plus(TestSettings.WAIT)));
        assertThat(signIn(AFI, NEW, OFFICE)).isInstanceOf(SignIn.Throttled.class);
        assertThat(activate(AFI, code, NEW, ELSEWHERE)).isEqualTo(new Activated.Done(afi));
    }

    @Test
    void unknownAccountsAreAnsweredAndCostAsMuch() {
        code();
        long before = directories.passwordHashes();
        assertThat(activate(wrong(1))).isEqualTo(new Activated.Refused());
        long known = directories.passwordHashes() - before;
        assertThat(activate(MailAddress.of("nobody@gouv.tg"), wrong(1), NEW, OFFICE))
                .isEqualTo(new Activated.Refused());
        assertThat(activate(SmallState.KOFI, wrong(1), NEW, OFFICE)).isEqualTo(new Activated.Refused());
        assertThat(directories.passwordHashes() - before).isEqualTo(3 * known);
        assertThat(known).isEqualTo(1);
    }

    @Test
    void whoHasJustChosenAPasswordSignsInWithoutAnotherHash() {
        String code = code();
        long before = directories.passwordHashes();
        assertThat(activate(code)).isEqualTo(new Activated.Done(afi));
        assertThat(directories.webSessions().begin(AFI.toString(), new Secret(NEW), OFFICE, "test"))
                .isInstanceOf(WebSessions.Outcome.Begun.class);
        assertThat(directories.passwordHashes() - before).isEqualTo(1);
        assertThat(query("select hash from credential where account_id = '" + afi + "'"))
                .singleElement()
                .asString()
                .startsWith("$argon2id$");
    }

    @Test
    void aCodeThatWasIssuedWithASlowHashServesStill() {
        String code = code();
        String slow = slowHash(code.replace("-", ""));
        look.autoCommit(
                c -> Sql.update(c, "update activation_code set hash = ? where account_id = ?", slow, afi.value()));
        assertThat(activate(wrong(1))).isEqualTo(new Activated.Refused());
        assertThat(activate(code)).isEqualTo(new Activated.Done(afi));
    }

    private String slowHash(String secret) {
        try (PasswordHashes hashes = new PasswordHashes(settings().signIn(), new SecureRandom())) {
            return hashes.hash(new Secret(secret)).orElseThrow();
        }
    }

    @Test
    void ofManyWhoUseItAtOnceExactlyOneWins() throws Exception {
        String code = code();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Activated>> outcomes = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> activate(AFI, code, NEW + i, OFFICE)))
                    .toList();
            int done = 0;
            int winner = -1;
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i).get() instanceof Activated.Done) {
                    done++;
                    winner = i;
                }
            }
            assertThat(done).isEqualTo(1);
            assertGranted(signIn(AFI, NEW + winner, ELSEWHERE));
        }
        assertThat(told().stream().filter(it -> it.contains("used"))).hasSize(1);
    }

    @Test
    void aPasswordThatIsGuessedIsNotTakenAndTheCodeServesStill() {
        String code = code();
        for (String weak : List.of("court", "motdepasse2026", "afi" + "-2026-2026")) {
            assertThat(activate(AFI, code, weak, OFFICE)).isEqualTo(new Activated.BadPassword());
        }
        assertThat(activate(code)).isInstanceOf(Activated.Done.class);
    }

    @Test
    void whatEndsBeforeItsCommitHasUsedNothing() {
        String code = code();
        SecureRandom random = new SecureRandom();
        try (PasswordHashes hashes = new PasswordHashes(settings().signIn(), random);
                PostgresSessions sessions = new PostgresSessions(database, look, trail, clock, Duration.ofSeconds(4))) {
            SecretSignIns byCodes = new SecretSignIns(
                    PostgresSignInStore.ofCodes(look, new FactorKeys(Optional.empty(), data, new SecureRandom())),
                    hashes,
                    settings().signIn(),
                    clock,
                    random,
                    _ -> {});
            ActivationCodes dying = new PostgresActivationCodes(
                    look,
                    byCodes,
                    byCodes,
                    (PostgresProvisioning) provisioning,
                    hashes,
                    new ChosenPasswords(look, new PasswordRules(settings().signIn())),
                    new Unwritten(),
                    sessions,
                    clock,
                    random,
                    Duration.ofDays(7));
            assertThatThrownBy(() -> dying.activate(AFI.toString(), new Secret(code), new Secret(NEW), OFFICE))
                    .hasMessageContaining("killed");
            assertThatThrownBy(() -> dying.issue(AFI, false)).hasMessageContaining("killed");
        }
        assertRefused(signIn(AFI, NEW, OFFICE));
        assertThat(activate(code)).isEqualTo(new Activated.Done(afi));
    }

    /** A trail whose writer is killed. */
    private static final class Unwritten implements AuditTrail {
        @Override
        public void record(Connection connection, List<? extends AuditEvent> events) {
            throw new IllegalStateException("killed");
        }

        @Override
        public void record(AuditEvent event) {
            throw new IllegalStateException("killed");
        }

        @Override
        public void count(AuditEvent.Frequent event) {}
    }

    @Test
    void aPasswordThatCannotBeLeavesTheCodeUnused() {
        String code = code();
        for (String bad : List.of("", "a\u0000b", "x".repeat(1_025))) {
            assertThat(activate(AFI, code, bad, OFFICE)).isEqualTo(new Activated.BadPassword());
        }
        assertThat(activate(code)).isEqualTo(new Activated.Done(afi));
    }

    @Test
    void aCodeIsForActivePeopleWithoutAPassword() {
        assertThat(refusal(MailAddress.of("nobody@gouv.tg"))).isEqualTo(Reason.UNKNOWN_PERSON);
        assertThat(refusal(SmallState.BUDGET)).isEqualTo(Reason.NO_PASSWORD_FOR_A_FUNCTION);
        assertThat(refusal(SmallState.KOFI)).isEqualTo(Reason.HAS_A_PASSWORD);
        String code = codes.issue(SmallState.KOFI, true).code().reveal();
        assertGranted(signIn(SmallState.KOFI, OTHER_RIGHT, OFFICE));
        assertThat(activate(SmallState.KOFI, code, NEW, OFFICE)).isInstanceOf(Activated.Done.class);
        assertRefused(signIn(SmallState.KOFI, OTHER_RIGHT, OFFICE));
        provisioning.state(afi, Account.State.SUSPENDED);
        assertThat(refusal(AFI)).isEqualTo(Reason.NOT_ACTIVE);
    }

    @Test
    void anAccountThatWasNeverActiveIsMadeSoByItsCodeAndOpensNothingBefore() {
        provisioning.state(afi, Account.State.CREATED);
        activated.clear();
        String code = code();
        assertThat(directory.byAddress(AFI)).isEmpty();
        assertThat(activate(AFI, "AAAA-AAAA-AAAA-AAAA", NEW, OFFICE)).isInstanceOf(Activated.Refused.class);
        assertThat(directory.byAddress(AFI)).isEmpty();
        assertThat(activate(code)).isEqualTo(new Activated.Done(afi));
        assertThat(account(AFI).state()).isEqualTo(Account.State.ACTIVE);
        assertThat(activated).extracting(it -> it.account()).containsExactly(afi);
        assertThat(query("select dn from ldap_entry where dn like 'uid=afi%'")).hasSize(1);
        assertGranted(signIn(AFI, NEW, OFFICE));
    }

    private Reason refusal(MailAddress address) {
        try {
            codes.issue(address, false);
            throw new AssertionError("a code for " + address);
        } catch (ProvisioningRefused e) {
            return e.reason();
        }
    }

    @Test
    void noRowAndNoEventHoldsTheCode() {
        String code = code();
        String bare = code.replace("-", "");
        assertThat(query("select t::text from activation_code t"))
                .singleElement()
                .satisfies(row -> assertThat(row).contains("{SSHA256}").doesNotContain(code, bare));
        activate(code);
        assertThat(trail.events().toString()).doesNotContain(code, bare, NEW);
    }
}
