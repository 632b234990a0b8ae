package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.james.core.Username;
import org.apache.james.events.Event;
import org.apache.james.events.EventDeadLetters;
import org.apache.james.events.EventSerializer;
import org.apache.james.events.Group;
import org.apache.james.mailbox.events.GenericGroup;
import org.apache.james.utils.UpdatableTickingClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.platform.database.Sql;

/** What we promise of events that no part could handle, beyond James's contract. */
class PostgresDeadLettersTest {
    private static final int MOST = 3;
    private static final Group LISTENER = new GenericGroup("essai");

    private final TestStore store = new TestStore();
    private final UpdatableTickingClock clock = new UpdatableTickingClock(Instant.parse("2026-02-03T04:05:06Z"));
    private final AtomicLong kept = new AtomicLong();
    private final EventDeadLetters letters =
            new PostgresDeadLetters(store.mappers.connections(), new Numbers(), clock, MOST, kept);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keepsTheNewestAndSaysHowMany() {
        List<EventDeadLetters.InsertionId> ids = new ArrayList<>();
        for (int i = 0; i < MOST + 2; i++) {
            clock.setInstant(clock.instant().plusSeconds(1));
            ids.add(stored(i));
        }
        assertThat(letters.failedIds(LISTENER).collectList().block()).isEqualTo(ids.subList(2, MOST + 2));
        assertThat(kept.get()).isEqualTo(MOST);
        assertThat(letters.failedEvent(LISTENER, ids.getLast()).block()).isEqualTo(new Numbered("4"));
        letters.remove(LISTENER, ids.getLast()).block();
        assertThat(kept.get()).isEqualTo(MOST - 1);
    }

    @Test
    void areKnownToTheNextRunAndToAnotherNodeAfterItsSweep() {
        stored(1);
        PostgresRepositories other =
                new PostgresRepositories(store.connections, store.mappers, Clock.systemUTC(), MailSettings.byDefault());
        assertThat(other.deadLettersKept()).isZero();
        other.sweep();
        assertThat(other.deadLettersKept()).isEqualTo(1);
        assertThat(other.deadLetters(new Numbers())
                        .groupsWithFailedEvents()
                        .collectList()
                        .block())
                .containsExactly(LISTENER);
    }

    @Test
    void ofAListenerThatIsGoneDoNotHideTheOthers() {
        store.connections.autoCommit(c -> Sql.update(
                c,
                "insert into event_dead_letter values (gen_random_uuid(), 'tg.gouv.messagerie.Ancien', '1', now())"));
        stored(1);
        assertThat(letters.groupsWithFailedEvents().collectList().block()).containsExactly(LISTENER);
    }

    private EventDeadLetters.InsertionId stored(int number) {
        return Objects.requireNonNull(
                letters.store(LISTENER, new Numbered(String.valueOf(number))).block());
    }

    private record Numbered(String number) implements Event {
        @Override
        public Username getUsername() {
            return Username.of(number);
        }

        @Override
        public boolean isNoop() {
            return false;
        }

        @Override
        public EventId getEventId() {
            return EventId.of("6e0dd59d-660e-4d9b-b22f-0354479f47b4");
        }
    }

    private static final class Numbers implements EventSerializer {
        @Override
        public String toJson(Event event) {
            return ((Numbered) event).number();
        }

        @Override
        public Event asEvent(String serialized) {
            return new Numbered(serialized);
        }
    }
}
