package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The routes of a {@link Specimen}: one that works, and what a route left that is not there any more. */
final class SpecimenRoutes implements RunningRoutes {
    static final UUID DEAD = new UUID(0, 7);

    private final List<String> orders = new CopyOnWriteArrayList<>();

    /** What was ordered so far. */
    List<String> orders() {
        return orders;
    }

    @Override
    public List<RouteState> states() {
        return List.of(
                new RouteState(
                        "account-activated",
                        "transacted",
                        List.of("default-mailboxes", "welcome"),
                        true,
                        3,
                        12,
                        0,
                        40,
                        2,
                        22,
                        1_500,
                        "2026-02-01T08:00:00Z java.lang.IllegalStateException: no"),
                new RouteState("notice-sent", "", List.of(), true, 0, 0, 1, 0, 0, 0, 0, ""));
    }

    @Override
    public List<GivenUp> deadLetters(Optional<String> topic, int most) {
        return topic.filter(it -> !it.equals("notice-sent")).isPresent()
                ? List.of()
                : List.of(new GivenUp(DEAD.toString(), "notice-sent", 12, "2026-02-01T08:00:00Z", "no such person"));
    }

    @Override
    public int replay(UUID id, String systemUser, String reason) {
        orders.add(systemUser + " replayed " + id + " because " + reason);
        return id.equals(DEAD) ? 1 : 0;
    }

    @Override
    public int replayAll(String topic, String systemUser, String reason) {
        orders.add(systemUser + " replayed all of " + topic + " because " + reason);
        return topic.equals("notice-sent") ? 1 : 0;
    }
}
