package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The routes of a running program, as the command line looks at them and orders. */
public interface RunningRoutes {
    /** Every route, and every topic that has messages and no route here, by name. */
    List<RouteState> states();

    /**
     * What was given up, the last first in each topic.
     *
     * @param topic of one topic alone
     * @param most how many altogether
     */
    List<GivenUp> deadLetters(Optional<String> topic, int most);

    /**
     * Has a message that was given up done again, and writes down who wanted it and why, in one transaction.
     *
     * @return 1, or 0 if there is no such message
     */
    int replay(UUID id, String systemUser, String reason);

    /**
     * The same for every message of a topic, the oldest first, as many as one order moves.
     *
     * @return how many
     */
    int replayAll(String topic, String systemUser, String reason);

    /**
     * How a route is.
     *
     * @param work {@code transacted} or {@code leased}; empty where this node has no route for the topic
     * @param steps what it does, in its words
     * @param started false while it is stopped
     * @param oldestDueSeconds for how long the message that should have been handled first has been due
     * @param handled messages, by this node since its start
     * @param failed attempts, by this node since its start
     * @param lastHour messages, by this node
     * @param meanMicros how long an attempt took on the average
     * @param lastFailure when and why an attempt failed last; empty if none did
     */
    record RouteState(
            String topic,
            String work,
            List<String> steps,
            boolean started,
            long waiting,
            long oldestDueSeconds,
            long dead,
            long handled,
            long failed,
            long lastHour,
            long meanMicros,
            String lastFailure) {}

    /**
     * A message that was given up.
     *
     * @param died when, in UTC
     * @param cause what the last attempt said; no content
     */
    record GivenUp(String id, String topic, int attempts, String died, String cause) {}
}
