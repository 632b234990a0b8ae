package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.directory.signin.Totp;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.directory.signin.WebSessions.Open;
import tg.gouv.messagerie.directory.signin.WebSessions.Outcome;
import tg.gouv.messagerie.directory.signin.WebSessions.Visitor;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Secret;

/** Sessions in a browser: how they begin, what they stand on, and what ends them. */
class PostgresWebSessionsTest extends SignInTest {
    private static final String LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration MOST = Duration.ofHours(12);
    private static final Outcome REFUSED = new Outcome.Refused();

    private WebSessions sessions;
    private AccountId akossiwa;
    private AccountId kofi;

    @BeforeEach
    void begin() {
        sessions = directories.webSessions();
        akossiwa = account(SmallState.AKOSSIWA).id();
        kofi = account(SmallState.KOFI).id();
        trail.events().clear();
    }

    @Test
    void beginsWithTheMainPasswordAndIsKnown() {
        Secret session = begun();
        Visitor visitor = sessions.visitor(session).orElseThrow();
        assertThat(visitor.owner()).isEqualTo(account(SmallState.AKOSSIWA));
        assertThat(visitor.proved()).isEqualTo(now());
        assertThat(visitor.enrolsOnly()).isFalse();
        assertThat(visitor.program()).isEqualTo("Firefox, Linux");
        assertThat(sessions.of(akossiwa))
                .containsExactly(new Open(visitor.id(), now(), now(), "41.207.10.0/24", "Firefox, Linux"));
        assertThat(sessions.of(kofi)).isEmpty();
        assertThat(sessions.visitor(new Secret("invented"))).isEmpty();
        assertThat(query("select s::text from web_session s"))
                .singleElement()
                .asString()
                .doesNotContain(session.reveal());
        assertThat(trail.events())
                .singleElement()
                .satisfies(event -> assertThat(event.circumstances().origin())
                        .isEqualTo(new Origin.Remote("41.207.10.0/24", "web")));
    }

    @Test
    void aWrongPasswordAnUnknownPersonADevicePasswordAndAFunctionMailboxAreRefusedAlike() {
        String device = as(
                akossiwa,
                () -> directories
                        .devicePasswords()
                        .issue(akossiwa, "Téléphone", Set.of(Protocol.IMAP), Optional.empty())
                        .password()
                        .reveal());
        assertThat(begin(SmallState.AKOSSIWA.toString(), "faux")).isEqualTo(REFUSED);
        assertThat(begin("personne@gouv.tg", RIGHT)).isEqualTo(REFUSED);
        assertThat(begin("", RIGHT)).isEqualTo(REFUSED);
        assertThat(begin(SmallState.AKOSSIWA.toString(), device)).isEqualTo(REFUSED);
        assertThat(begin(SmallState.BUDGET + "*" + SmallState.AKOSSIWA, RIGHT)).isEqualTo(REFUSED);
        assertThat(begin(SmallState.BUDGET.toString(), RIGHT)).isEqualTo(REFUSED);
        enrol();
        assertThat(begin(SmallState.BUDGET + "*" + SmallState.AKOSSIWA, RIGHT)).isEqualTo(REFUSED);
        assertThat(query("select id::text from web_session")).isEmpty();
    }

    @Test
    void whoGuessesWaits() {
        guess(SmallState.AKOSSIWA, TestSettings.FREE + 1, OFFICE);
        assertThat(begin(SmallState.AKOSSIWA.toString(), RIGHT))
                .isEqualTo(new Outcome.Throttled(now().plus(TestSettings.WAIT)));
    }

    @Test
    void aSecondFactorAsksForACodeThatServesOnce() {
        byte[] key = enrol();
        pass(Duration.ofSeconds(90));
        Secret first = waiting();
        Secret second = waiting();
        Secret code = new Secret(Totp.code(key, now()));
        assertThat(sessions.code(first, new Secret(code.reveal().equals("000000") ? "111111" : "000000"), OFFICE))
                .isEqualTo(REFUSED);
        Secret session = secret(sessions.code(first, code, ELSEWHERE));
        assertThat(session.reveal()).isNotEqualTo(first.reveal());
        assertThat(sessions.visitor(session).orElseThrow().owner().id()).isEqualTo(akossiwa);
        assertThat(sessions.of(akossiwa)).singleElement().satisfies(it -> {
            assertThat(it.network()).isEqualTo("196.168.17.0/24");
            assertThat(it.program()).isEqualTo("Firefox, Linux");
        });
        assertThat(sessions.code(second, code, OFFICE)).as("used up").isEqualTo(REFUSED);
        pass(Duration.ofSeconds(30));
        Secret next = new Secret(Totp.code(key, now()));
        assertThat(sessions.code(first, next, OFFICE))
                .as("its session is there")
                .isEqualTo(REFUSED);
        assertThat(sessions.code(second, next, OFFICE)).isInstanceOf(Outcome.Begun.class);
    }

    @Test
    void aRecoveryCodeServesToo() {
        List<String> codes = new ArrayList<>();
        enrol(codes);
        assertThat(sessions.code(waiting(), new Secret(codes.getFirst()), OFFICE))
                .isInstanceOf(Outcome.Begun.class);
        assertThat(sessions.code(waiting(), new Secret(codes.getFirst()), OFFICE))
                .isEqualTo(REFUSED);
        assertThat(trail.events())
                .extracting(AuditEvent::counterpart)
                .contains(
                        Optional.of(new Subject(Subject.Kind.SECRET, "no-code")),
                        Optional.of(new Subject(Subject.Kind.SECRET, "recovery-code")),
                        Optional.of(new Subject(Subject.Kind.SECRET, "wrong-code")));
    }

    @Test
    void wrongCodesCountAsThoseGivenWithThePasswordDo() {
        byte[] key = enrol();
        pass(Duration.ofSeconds(90));
        Secret waiting = waiting();
        for (int i = 0; i < 20; i++) {
            assertThat(sessions.code(waiting, new Secret("wrong " + i), address("10." + i + ".0.1")))
                    .isEqualTo(REFUSED);
        }
        assertThat(sessions.code(waiting, new Secret(Totp.code(key, now())), OFFICE))
                .isInstanceOf(Outcome.Throttled.class);
        pass(Duration.ofMinutes(61));
        assertThat(sessions.code(waiting(), new Secret(Totp.code(key, now())), OFFICE))
                .isInstanceOf(Outcome.Begun.class);
    }

    @Test
    void whoGuessesCodesInOneNetworkWaits() {
        byte[] key = enrol();
        pass(Duration.ofSeconds(90));
        Secret waiting = waiting();
        for (int i = 0; i <= TestSettings.FREE; i++) {
            assertThat(sessions.code(waiting, new Secret("wrong " + i), ELSEWHERE))
                    .isEqualTo(REFUSED);
        }
        assertThat(sessions.code(waiting, new Secret(Totp.code(key, now())), ELSEWHERE))
                .isEqualTo(new Outcome.Throttled(now().plus(TestSettings.WAIT)));
        assertThat(sessions.code(waiting, new Secret(Totp.code(key, now())), OFFICE))
                .isInstanceOf(Outcome.Begun.class);
    }

    @Test
    void whatWaitsForACodeIsNoSessionAndASessionWaitsForNone() {
        Secret session = begun(SmallState.KOFI.toString(), OTHER_RIGHT);
        byte[] key = enrol();
        pass(Duration.ofSeconds(90));
        Secret waiting = waiting();
        assertThat(sessions.visitor(waiting)).isEmpty();
        assertThat(sessions.prove(waiting, new Secret(RIGHT), OFFICE)).isEqualTo(REFUSED);
        assertThat(sessions.of(akossiwa)).isEmpty();
        Secret code = new Secret(Totp.code(key, now()));
        assertThat(sessions.code(session, code, OFFICE)).isEqualTo(REFUSED);
        assertThat(sessions.code(new Secret("invented"), code, OFFICE)).isEqualTo(REFUSED);
        pass(PostgresWebSessions.CODE_WITHIN);
        assertThat(sessions.code(waiting, new Secret(Totp.code(key, now())), OFFICE))
                .as("five minutes later")
                .isEqualTo(REFUSED);
    }

    @Test
    void whatWaitsServesNoMoreWhenThePasswordIsAnotherOrTheAccountIsNotActive() {
        byte[] key = enrol();
        pass(Duration.ofSeconds(90));
        Secret waiting = waiting();
        provisioning.state(akossiwa, Account.State.SUSPENDED);
        assertThat(sessions.code(waiting, new Secret(Totp.code(key, now())), OFFICE))
                .isEqualTo(REFUSED);
        provisioning.state(akossiwa, Account.State.ACTIVE);
        assertThat(sessions.code(waiting, new Secret("wrong"), OFFICE)).isEqualTo(REFUSED);
        provisioning.password(akossiwa, new Secret(OTHER_RIGHT));
        assertThat(sessions.code(waiting, new Secret(Totp.code(key, now())), OFFICE))
                .isEqualTo(REFUSED);
        assertThat(query("select id::text from web_session")).isEmpty();
    }

    @Test
    void endsWithoutARequestForHalfAnHourAndAfterTwelveHoursWhateverHappens() {
        Secret left = begun();
        Secret used = begun();
        Instant begun = now();
        pass(IDLE.minusSeconds(1));
        assertThat(sessions.visitor(used)).isPresent();
        pass(Duration.ofSeconds(1));
        assertThat(sessions.visitor(left)).isEmpty();
        assertThat(sessions.of(akossiwa)).hasSize(1);
        while (now().isBefore(begun.plus(MOST).minus(Duration.ofMinutes(20)))) {
            assertThat(sessions.visitor(used)).isPresent();
            pass(Duration.ofMinutes(20));
        }
        assertThat(sessions.visitor(used)).isPresent();
        pass(Duration.between(now(), begun.plus(MOST)));
        assertThat(sessions.visitor(used)).isEmpty();
        assertThat(sessions.of(akossiwa)).isEmpty();
    }

    @Test
    void whenItWasUsedIsWrittenOnceAMinute() {
        Secret session = begun();
        Instant begun = now();
        pass(Duration.ofSeconds(59));
        assertThat(sessions.visitor(session)).isPresent();
        assertThat(sessions.of(akossiwa).getFirst().seen()).isEqualTo(begun);
        pass(Duration.ofSeconds(1));
        assertThat(sessions.visitor(session)).isPresent();
        assertThat(sessions.of(akossiwa).getFirst().seen()).isEqualTo(begun.plusSeconds(60));
    }

    @Test
    void endsWhenWhatItStandsOnEnds() {
        Secret kofis = begun(SmallState.KOFI.toString(), OTHER_RIGHT);
        Secret session = begun();
        provisioning.state(akossiwa, Account.State.SUSPENDED);
        assertThat(sessions.visitor(session)).as("suspended").isEmpty();
        assertThat(sessions.prove(session, new Secret(RIGHT), OFFICE)).isEqualTo(REFUSED);
        provisioning.state(akossiwa, Account.State.ACTIVE);
        assertThat(sessions.visitor(session)).isPresent();

        as(akossiwa, () -> {
            directories.sessions().signOut(akossiwa);
            return true;
        });
        assertThat(sessions.visitor(session)).as("signed out everywhere").isEmpty();

        session = begun();
        pass(Duration.ofSeconds(1));
        provisioning.password(akossiwa, new Secret("grand-marché-de-Kpalimé"));
        assertThat(sessions.visitor(session)).as("another password").isEmpty();
        provisioning.password(akossiwa, new Secret(RIGHT));

        session = begun();
        byte[] key = enrol();
        assertThat(sessions.visitor(session)).as("a second factor").isEmpty();
        pass(Duration.ofSeconds(90));
        session = secret(sessions.code(waiting(), new Secret(Totp.code(key, now())), OFFICE));
        directories.secondFactors().off(akossiwa, Optional.empty());
        assertThat(sessions.visitor(session)).as("none any more").isEmpty();

        session = begun();
        provisioning.state(akossiwa, Account.State.CLOSED);
        assertThat(sessions.visitor(session)).as("closed").isEmpty();
        assertThat(sessions.visitor(kofis)).as("another's").isPresent();
    }

    @Test
    void aPasswordThatIsChangedWhileSomebodySignsInWithTheOneBeforeBeginsNothing() {
        CompletableFuture<Outcome> signingIn = new CompletableFuture<>();
        look.transaction(c -> {
            Sql.update(
                    c,
                    "update credential set changed = changed + interval '1s' where account_id = ?",
                    akossiwa.value());
            Thread.ofVirtual().start(() -> signingIn.completeAsync(() -> begin(SmallState.AKOSSIWA.toString(), RIGHT)));
            long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (Sql.first(c, row -> true, "select from pg_locks where not granted")
                    .isEmpty()) {
                assertThat(System.nanoTime()).isLessThan(until);
                LockSupport.parkNanos(10_000_000);
            }
            return true;
        });
        assertThat(signingIn.join()).isEqualTo(REFUSED);
        assertThat(query("select id::text from web_session")).isEmpty();
    }

    @Test
    void provingThePasswordAgainGivesAnotherSecretForTheSameSession() {
        Secret before = begun();
        UUID id = sessions.visitor(before).orElseThrow().id();
        Instant begun = now();
        pass(Duration.ofMinutes(10));
        assertThat(sessions.prove(before, new Secret("faux"), OFFICE)).isEqualTo(REFUSED);
        assertThat(sessions.visitor(before)).as("a wrong one changes nothing").isPresent();
        Secret after = secret(sessions.prove(before, new Secret(RIGHT), ELSEWHERE));
        assertThat(sessions.visitor(before)).isEmpty();
        Visitor visitor = sessions.visitor(after).orElseThrow();
        assertThat(visitor.id()).isEqualTo(id);
        assertThat(visitor.proved()).isEqualTo(now());
        assertThat(sessions.of(akossiwa))
                .containsExactly(new Open(id, begun, now(), "196.168.17.0/24", "Firefox, Linux"));
        pass(MOST.minus(Duration.ofMinutes(15)));
        assertThat(query("select expires::text from web_session"))
                .containsExactly(query("select (begun + interval '12h')::text from web_session")
                        .getFirst());
    }

    @Test
    void provingThePasswordCountsWrongOnesAndAsksForNoCodeAgain() {
        byte[] key = enrol();
        pass(Duration.ofSeconds(90));
        Secret session = secret(sessions.code(waiting(), new Secret(Totp.code(key, now())), OFFICE));
        trail.events().clear();
        session = secret(sessions.prove(session, new Secret(RIGHT), OFFICE));
        assertThat(trail.events())
                .singleElement()
                .satisfies(event -> assertThat(event.outcome().text()).isEqualTo("done"));
        for (int i = 0; i <= TestSettings.FREE; i++) {
            assertThat(sessions.prove(session, new Secret("faux " + i), OFFICE)).isEqualTo(REFUSED);
        }
        assertThat(sessions.prove(session, new Secret(RIGHT), OFFICE)).isInstanceOf(Outcome.Throttled.class);
        assertThat(sessions.visitor(session)).isPresent();
    }

    @Test
    void goesOnWithAnotherSecretAfterItsOwnerChangedWhatItStandsOn() {
        Secret before = begun();
        Secret elsewhere = begun();
        Visitor visitor = sessions.visitor(before).orElseThrow();
        pass(Duration.ofMinutes(1));
        provisioning.password(akossiwa, new Secret(OTHER_RIGHT));
        Secret after = sessions.renew(visitor, OFFICE);
        assertThat(sessions.visitor(before)).isEmpty();
        assertThat(sessions.visitor(elsewhere)).isEmpty();
        assertThat(sessions.visitor(after)).contains(visitor);
        assertThat(sessions.of(akossiwa).getFirst().begun())
                .as("its row was gone")
                .isEqualTo(now());

        Visitor again = sessions.visitor(after).orElseThrow();
        Instant begun = now();
        pass(Duration.ofMinutes(1));
        Secret third = sessions.renew(again, OFFICE);
        assertThat(sessions.visitor(after)).isEmpty();
        assertThat(sessions.visitor(third)).contains(again);
        assertThat(sessions.of(akossiwa).getFirst().begun())
                .as("its row was there")
                .isEqualTo(begun);

        provisioning.state(akossiwa, Account.State.SUSPENDED);
        assertThatThrownBy(() -> sessions.renew(again, OFFICE)).isInstanceOf(IllegalStateException.class);
        assertThat(sessions.visitor(third)).isEmpty();
    }

    @Test
    void itsOwnerEndsOneOfTwoAndAnotherPersonNone() {
        Secret first = begun();
        Secret second = begun();
        UUID id = sessions.visitor(first).orElseThrow().id();
        assertReason(Reason.NO_RIGHT, () -> as(kofi, () -> sessions.end(akossiwa, id)));
        assertThat(as(kofi, () -> sessions.end(kofi, id))).as("not his").isFalse();
        assertThat(sessions.visitor(first)).isPresent();
        trail.events().clear();
        assertThat(as(akossiwa, () -> sessions.end(akossiwa, id))).isTrue();
        assertThat(as(akossiwa, () -> sessions.end(akossiwa, id))).isFalse();
        assertThat(sessions.visitor(first)).isEmpty();
        assertThat(sessions.visitor(second)).isPresent();
        assertThat(trail.events()).singleElement().satisfies(event -> {
            assertThat(event.act()).isEqualTo("directory-web-session-ended");
            assertThat(event.subject().id()).isEqualTo(akossiwa.toString());
        });
        sessions.end(second);
        sessions.end(second);
        assertThat(sessions.visitor(second)).isEmpty();
    }

    @Test
    void somebodyWithTheRightEndsIt() {
        UUID id = sessions.visitor(begun()).orElseThrow().id();
        provisioning.grant(new Grant(
                new Grant.OfAccount(kofi),
                Set.of(Right.CREDENTIALS),
                Optional.of(SmallState.ENERGY),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        assertThat(as(kofi, () -> sessions.end(akossiwa, id))).isTrue();
        assertThat(sessions.of(akossiwa)).isEmpty();
    }

    @Test
    void anAccountHasABoundedNumberAndTheOneUsedLongestAgoMakesRoom() {
        Secret first = begun();
        pass(Duration.ofSeconds(1));
        Secret second = begun();
        for (int i = 0; i < PostgresWebSessions.MOST - 1; i++) {
            begun();
        }
        assertThat(sessions.visitor(first)).isEmpty();
        assertThat(sessions.visitor(second)).isPresent();
        assertThat(sessions.of(akossiwa)).hasSize(PostgresWebSessions.MOST);
        enrol();
        for (int i = 0; i < PostgresWebSessions.MOST + 5; i++) {
            waiting();
        }
        assertThat(query("select count(*)::text from web_session")).containsExactly("" + PostgresWebSessions.MOST);
    }

    @Test
    void whatIsOverIsRemoved() {
        begun();
        Secret kept = begun(SmallState.KOFI.toString(), OTHER_RIGHT);
        enrol();
        begun(SmallState.KOFI.toString(), OTHER_RIGHT);
        waiting();
        pass(Duration.ofMinutes(20));
        assertThat(sessions.visitor(kept)).isPresent();
        assertThat(sessions.sweep()).as("what waited").isEqualTo(1);
        pass(Duration.ofMinutes(10));
        assertThat(sessions.sweep()).as("what nobody used").isEqualTo(1);
        assertThat(sessions.sweep()).isZero();
        assertThat(sessions.visitor(kept)).isPresent();
        pass(MOST);
        assertThat(sessions.sweep()).isEqualTo(1);
    }

    private Outcome begin(String login, String password) {
        return begin(login, password, OFFICE);
    }

    private Outcome begin(String login, String password, InetAddress from) {
        return sessions.begin(login, new Secret(password), from, LINUX);
    }

    private Secret begun() {
        return begun(SmallState.AKOSSIWA.toString(), RIGHT);
    }

    private Secret begun(String login, String password) {
        return secret(begin(login, password));
    }

    private Secret waiting() {
        return ((Outcome.CodeNeeded) begin(SmallState.AKOSSIWA.toString(), RIGHT)).waiting();
    }

    private static Secret secret(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Begun.class);
        return ((Outcome.Begun) outcome).session();
    }

    private byte[] enrol() {
        return enrol(new ArrayList<>());
    }

    private byte[] enrol(List<String> codes) {
        byte[] key = new Base32()
                .decode(as(akossiwa, () -> directories.secondFactors().begin(akossiwa))
                        .secret()
                        .reveal());
        as(akossiwa, () -> directories.secondFactors().confirm(akossiwa, new Secret(Totp.code(key, now()))))
                .forEach(code -> codes.add(code.reveal()));
        return key;
    }

    private <T> T as(AccountId actor, Supplier<T> act) {
        AtomicReference<T> result = new AtomicReference<>();
        new Circumstances(
                        clock.instant(),
                        new Actor.Account(actor.value()),
                        Optional.empty(),
                        new Origin.Remote("41.207.10.0/24", "http"))
                .run(() -> result.set(act.get()));
        return result.get();
    }

    private static void assertReason(Reason reason, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        ProvisioningRefused.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }
}
