package tg.gouv.messagerie.deploy;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import tg.gouv.messagerie.deploy.command.RunningRoutes;
import tg.gouv.messagerie.deploy.routes.Routes;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.outbox.DeadLetter;
import tg.gouv.messagerie.platform.outbox.Figures;
import tg.gouv.messagerie.platform.outbox.Outbox;
import tg.gouv.messagerie.platform.outbox.TopicState;

/** The program's routes and their outbox, as the command line looks at them; what it orders is audited in the act's transaction. */
final class OrderedRoutes implements RunningRoutes {
    /** One transaction's worth. */
    private static final int REPLAYED_MAX = 10_000;

    private final Routes routes;
    private final Outbox outbox;
    private final AuditTrail trail;
    private final InstantSource clock;

    OrderedRoutes(Routes routes, Outbox outbox, AuditTrail trail, InstantSource clock) {
        this.routes = routes;
        this.outbox = outbox;
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public List<RouteState> states() {
        Map<String, TopicState> topics = new TreeMap<>(
                outbox.topics().stream().collect(Collectors.toMap(TopicState::topic, Function.identity())));
        List<RouteState> states = new ArrayList<>();
        for (Routes.State route : routes.states()) {
            Figures did = route.figures();
            TopicState topic = topics.remove(route.topic());
            states.add(new RouteState(
                    route.topic(),
                    route.transacted() ? "transacted" : "leased",
                    route.steps(),
                    route.started(),
                    topic == null ? 0 : topic.waiting(),
                    topic == null ? 0 : topic.oldestDue().toSeconds(),
                    topic == null ? 0 : topic.dead(),
                    did.handled(),
                    did.failed(),
                    did.lastHour(),
                    did.mean().toNanos() / 1_000,
                    did.last().map(it -> it.at() + " " + it.error()).orElse("")));
        }
        topics.values()
                .forEach(each -> states.add(new RouteState(
                        each.topic(),
                        "",
                        List.of(),
                        true,
                        each.waiting(),
                        each.oldestDue().toSeconds(),
                        each.dead(),
                        0,
                        0,
                        0,
                        0,
                        "")));
        return states;
    }

    @Override
    public List<GivenUp> deadLetters(Optional<String> topic, int most) {
        List<String> asked = topic.map(List::of)
                .orElseGet(() -> outbox.topics().stream()
                        .filter(it -> it.dead() > 0)
                        .map(TopicState::topic)
                        .toList());
        List<GivenUp> letters = new ArrayList<>();
        for (String each : asked) {
            outbox.deadLetters(each, most - letters.size()).forEach(it -> letters.add(givenUp(it)));
            if (letters.size() == most) {
                break;
            }
        }
        return letters;
    }

    @Override
    public int replay(UUID id, String systemUser, String reason) {
        return outbox.replay(id, note(systemUser, reason, _ -> new Subject(Subject.Kind.MESSAGE, id.toString())))
                ? 1
                : 0;
    }

    @Override
    public int replayAll(String topic, String systemUser, String reason) {
        return outbox.replayAll(
                topic, REPLAYED_MAX, note(systemUser, reason, it -> new Subject(Subject.Kind.TOPIC, it)));
    }

    private Outbox.Note note(String systemUser, String reason, Function<String, Subject> subject) {
        return (connection, topic, _) -> trail.record(
                connection,
                new AuditEvent.Replay(
                        Circumstances.ofSystemUser(systemUser, clock),
                        subject.apply(topic),
                        new Subject(Subject.Kind.REASON, reason)));
    }

    private static GivenUp givenUp(DeadLetter letter) {
        return new GivenUp(
                letter.id().toString(),
                letter.topic(),
                letter.attempts(),
                letter.died().toString(),
                letter.error());
    }
}
