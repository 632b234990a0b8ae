package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.sieverepository.api.ScriptContent;
import org.apache.james.sieverepository.api.ScriptName;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.utils.UpdatableTickingClock;
import org.apache.james.vacation.api.AccountId;
import org.apache.james.vacation.api.VacationPatch;
import org.apache.james.vacation.api.VacationRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.mail.filters.ScriptBounds;

/** What a delivery is told of an account's filters and absence. */
class PostgresAccountRulesTest {
    private static final int SENDERS_MAX = 3;
    private static final Username AMA = TestStore.user("ama");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final TestStore store = new TestStore();
    private final UpdatableTickingClock clock = new UpdatableTickingClock(NOW);
    private final PostgresAccountRules rules =
            new PostgresAccountRules(store.connections, store.mappers.accounts(), clock, SENDERS_MAX);
    private final SieveRepository scripts = new PostgresSieveRepository(
            store.connections, store.mappers.accounts(), store.trail, Clock.systemUTC(), new ScriptBounds(1_000, 5));
    private final VacationRepository vacations =
            new PostgresVacationRepository(store.mappers.connections(), store.mappers.accounts(), 100);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void tellsTheActiveScriptAndTheEnabledAbsence() throws Exception {
        assertThat(wishes().script()).isEmpty();
        assertThat(wishes().vacation()).isEmpty();

        scripts.putScript(AMA, new ScriptName("un"), new ScriptContent("keep;"));
        scripts.putScript(AMA, new ScriptName("deux"), new ScriptContent("stop;"));
        change(VacationPatch.builder().textBody("absente"));
        assertThat(wishes().script()).isEmpty();
        assertThat(wishes().vacation()).isEmpty();

        scripts.setActive(AMA, new ScriptName("deux"));
        change(VacationPatch.builder().isEnabled(true));
        assertThat(wishes().script())
                .hasValueSatisfying(
                        script -> assertThat(script.content()).isEqualTo("stop;".getBytes(StandardCharsets.UTF_8)));
        assertThat(wishes().vacation())
                .hasValueSatisfying(
                        vacation -> assertThat(vacation.getTextBody()).contains("absente"));
    }

    @Test
    void tellsNothingOfAnAddressThatIsNoAccount() throws Exception {
        MailAddress stranger = new MailAddress("x@ailleurs.test");
        assertThat(rules.of(stranger).script()).isEmpty();
        assertThat(rules.of(stranger).vacation()).isEmpty();
        assertThat(first(stranger, "a@x.test")).isFalse();
    }

    @Test
    void refusesAnAbsenceWhoseTextsAreTooLongTogether() {
        assertThatThrownBy(() ->
                        change(VacationPatch.builder().textBody("x".repeat(60)).htmlBody("x".repeat(41))))
                .isInstanceOf(IllegalArgumentException.class);
        change(VacationPatch.builder().textBody("x".repeat(60)).htmlBody("x".repeat(40)));
    }

    @Test
    void tellsASenderOnceAndAgainWhenTheTimeIsOver() throws Exception {
        assertThat(first(ama(), "Kofi@example.org")).isTrue();
        assertThat(first(ama(), "kofi@example.org")).isFalse();
        assertThat(rules.isFirst(ama(), "autre absence", new MailAddress("kofi@example.org"), NOW.plus(WEEK)))
                .isTrue();
        clock.setInstant(NOW.plus(WEEK).plusSeconds(1));
        assertThat(first(ama(), "kofi@example.org")).isTrue();
        assertThat(first(ama(), "kofi@example.org")).isFalse();
    }

    @Test
    void tellsASenderOnceWhenManyMessagesComeAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> acts = Stream.<Callable<Boolean>>generate(
                            () -> () -> first(ama(), "kofi@example.org"))
                    .limit(8)
                    .toList();
            List<Boolean> told = new ArrayList<>();
            for (Future<Boolean> each : threads.invokeAll(acts)) {
                told.add(each.get());
            }
            assertThat(told.stream().filter(each -> each)).hasSize(1);
        }
    }

    @Test
    void tellsNobodyElseWhenItRemembersTooManyAndForgetsThemInTime() throws Exception {
        for (int i = 0; i < SENDERS_MAX; i++) {
            assertThat(first(ama(), i + "@example.org")).isTrue();
        }
        assertThat(first(ama(), "autre@example.org")).isFalse();
        assertThat(rules.forget()).isZero();
        clock.setInstant(NOW.plus(WEEK).plusSeconds(1));
        assertThat(first(ama(), "0@example.org")).isTrue();
        assertThat(rules.forget()).isEqualTo(SENDERS_MAX - 1);
        assertThat(first(ama(), "autre@example.org")).isTrue();
    }

    private AccountRules.Wishes wishes() throws Exception {
        return rules.of(ama());
    }

    private static MailAddress ama() throws Exception {
        return new MailAddress(AMA.asString());
    }

    private boolean first(MailAddress account, String sender) throws Exception {
        return rules.isFirst(
                account,
                AccountRules.JMAP_ABSENCE,
                new MailAddress(sender),
                clock.instant().plus(WEEK));
    }

    private void change(VacationPatch.Builder patch) {
        vacations.modifyVacation(AccountId.fromUsername(AMA), patch.build()).block();
    }
}
