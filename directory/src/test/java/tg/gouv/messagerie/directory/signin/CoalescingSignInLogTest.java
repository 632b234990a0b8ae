package tg.gouv.messagerie.directory.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.audit.Subject;

class CoalescingSignInLogTest {
    private static final AccountId AMA = new AccountId(UUID.fromString("01234567-89ab-7def-8123-456789abcdef"));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
    private final List<String> lines = new ArrayList<>();
    private final MemoryTrail trail = new MemoryTrail();
    private final CoalescingSignInLog log = new CoalescingSignInLog(now::get, Duration.ofMinutes(1), lines::add, trail);

    @Test
    void theFirstIsToldAtOnceAndTheOthersTogetherWhenTheIntervalIsOver() {
        for (int i = 0; i < 5; i++) {
            log.record(event(SignInEvent.Outcome.GRANTED, "41.207.10.0/24"));
        }
        log.record(event(SignInEvent.Outcome.REFUSED, "41.207.10.0/24"));
        String granted = "sign-in outcome=GRANTED actor=" + AMA + " protocol=IMAP network=41.207.10.0/24 times=";
        assertThat(lines).containsExactly(granted + 1, granted.replace("GRANTED", "REFUSED") + 1);
        now.updateAndGet(it -> it.plusSeconds(60));
        log.record(event(SignInEvent.Outcome.GRANTED, "41.207.10.0/24"));
        assertThat(lines.subList(2, lines.size())).containsExactly(granted + 4, granted + 1);
    }

    @Test
    void whatWasKeptBackIsToldAtTheEnd() {
        log.record(event(SignInEvent.Outcome.REFUSED, "41.207.10.0/24"));
        log.record(event(SignInEvent.Outcome.REFUSED, "41.207.10.0/24"));
        log.close();
        assertThat(lines).hasSize(2);
    }

    @Test
    void tooManyKindsOfEventsAreOneLine() {
        for (int i = 0; i < 12_000; i++) {
            log.record(event(SignInEvent.Outcome.REFUSED, "10." + i / 256 + "." + i % 256 + ".0/24"));
        }
        log.close();
        assertThat(lines).hasSize(10_001).last().isEqualTo("sign-in outcome=others times=2000");
    }

    @Test
    void aLoginThatNobodyHasIsNotWritten() {
        log.record(new SignInEvent(
                SignInEvent.Outcome.REFUSED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "41.207.10.0/24",
                SignIns.Protocol.JMAP));
        assertThat(lines)
                .containsExactly("sign-in outcome=REFUSED actor=nobody protocol=JMAP network=41.207.10.0/24 times=1");
    }

    @Test
    void theAuditTrailIsToldEachOneWithoutTheTextOfAnUnknownLogin() {
        log.record(event(SignInEvent.Outcome.GRANTED, "41.207.10.0/24"));
        log.record(event(SignInEvent.Outcome.GRANTED, "41.207.10.0/24"));
        log.record(new SignInEvent(
                SignInEvent.Outcome.THROTTLED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "41.207.10.0/24",
                SignIns.Protocol.JMAP));
        assertThat(trail.events()).hasSize(3);
        AuditEvent granted = trail.events().getFirst();
        assertThat(granted.circumstances().actor()).isEqualTo(new Actor.Account(AMA.value()));
        assertThat(granted.subject()).isEqualTo(new Subject(Subject.Kind.ACCOUNT, AMA.toString()));
        AuditEvent unknown = trail.events().getLast();
        assertThat(unknown.circumstances().actor()).isEqualTo(new Actor.Nobody());
        assertThat(unknown.outcome().text()).isEqualTo("throttled");
    }

    private static SignInEvent event(SignInEvent.Outcome outcome, String network) {
        return new SignInEvent(
                outcome, Optional.of(AMA), Optional.empty(), Optional.empty(), network, SignIns.Protocol.IMAP);
    }
}
