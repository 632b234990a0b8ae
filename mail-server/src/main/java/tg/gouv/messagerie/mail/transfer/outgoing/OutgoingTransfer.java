package tg.gouv.messagerie.mail.transfer.outgoing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingStore.Ready;
import tg.gouv.messagerie.mail.transfer.outgoing.Sessions.Opened;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * One thread looks for destinations with something due, takes some of it, and starts a lane: a virtual thread that opens one
 * connection and hands over what was taken, then takes more. One more thread renews what the lanes hold and counts what waits. Nobody
 * interrupts them: pgjdbc closes the socket of a virtual thread that is interrupted.
 *
 * Slow destinations hold at most their own lanes, dead ones at most one each and half of all together.
 *
 * After the final 250 a message is never sent again by this life: if its outcome cannot be written, the lane tries to until it can,
 * and its lease is renewed. Should the program end before, or the connection be lost between the end of the message and the reply,
 * nobody can know (RFC 1047), and it is sent again, with the same Message-ID.
 */
/** Hands mail over to other servers, until closed. */
public final class OutgoingTransfer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutgoingTransfer.class);

    /** RFC 5321 section 4.5.3.1.8: what every server takes. */
    private static final int RECIPIENTS_MAX = 100;

    /** One claim's worth. */
    private static final int CLAIM_MAX = 200;

    private static final int RENEWALS = 3;
    private static final Duration COUNTED_EVERY = Duration.ofSeconds(10);
    private static final Duration WRITTEN_AGAIN_AFTER = Duration.ofSeconds(1);

    /** How long conversations may go on once this is closing; then they are broken off. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(10);

    private final OutgoingStore store;
    private final OutgoingSettings settings;
    private final Sessions sessions;
    private final Schedule schedule;
    private final Duration lastWrite;
    private final Clock clock;
    private final Uuid7 ids;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("outgoing-", 0).factory());
    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<Lane> lanes = ConcurrentHashMap.newKeySet();
    /** Claims that could not be given back: PostgreSQL was away. A life takes nothing over from itself. */
    private final Set<UUID> left = ConcurrentHashMap.newKeySet();

    private volatile OutgoingFigures figures = OutgoingFigures.NOTHING;

    /** What the transfer needs to know of its surroundings. */
    public record Surroundings(
            String hostName,
            int ownPort,
            Names names,
            Connector connector,
            Reports reports,
            Clock clock,
            Uuid7 ids,
            RandomGenerator random) {}

    /** Starts; what a former life of this node held is taken up at once. */
    public static OutgoingTransfer start(OutgoingStore store, OutgoingSettings settings, Surroundings around) {
        return start(store, settings, around, Patience.ofTheStandard(settings.connectTimeout()));
    }

    static OutgoingTransfer start(
            OutgoingStore store, OutgoingSettings settings, Surroundings around, Patience patience) {
        OutgoingTransfer transfer = new OutgoingTransfer(store, settings, around, patience);
        store.releaseFormerLives();
        store.onArrival(transfer.wake::release);
        transfer.threads.execute(transfer::dispatch);
        transfer.threads.execute(transfer::tend);
        return transfer;
    }

    private OutgoingTransfer(OutgoingStore store, OutgoingSettings settings, Surroundings around, Patience patience) {
        this.store = store;
        this.settings = settings;
        this.lastWrite = patience.lastWrite();
        this.clock = around.clock();
        this.ids = around.ids();
        this.schedule = new Schedule(settings, around.reports(), around.random());
        this.sessions = new Sessions(
                settings,
                around.hostName(),
                around.ownPort(),
                around.names(),
                around.connector(),
                new Routes(around.names(), around.hostName(), around.random()),
                patience);
    }

    /** What waits, as it was counted some seconds ago at most; answers at once. */
    public OutgoingFigures figures() {
        return figures;
    }

    // Looking for work

    private void dispatch() {
        boolean failed = false;
        while (!isClosing()) {
            try {
                wake.drainPermits();
                boolean started = startLanes();
                failed = false;
                if (!started) {
                    awaitWake();
                }
            } catch (StoreUnavailable e) {
                if (!failed) {
                    LOG.warn("event=outgoing-waits reason=\"{}\"", e.getMessage());
                }
                failed = true;
                awaitWake();
            } catch (RuntimeException e) {
                LOG.error("event=outgoing-failed", e);
                awaitWake();
            }
        }
    }

    private void awaitWake() {
        try {
            boolean _ = wake.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            closing.countDown(); // the program is being broken off
        }
    }

    private boolean startLanes() {
        int free = settings.connectionsMax() - lanes.size();
        if (free <= 0) {
            return false;
        }
        boolean started = false;
        for (Ready ready : ready(free)) {
            if (lanes.size() >= settings.connectionsMax() || isClosing()) {
                break;
            }
            if (mayStart(ready)) {
                started |= startLane(ready);
            }
        }
        return started;
    }

    private List<Ready> ready(int free) {
        if (settings.relay().isPresent()) {
            return store.readyForRelay(now());
        }
        Set<Destination> full = lanes.stream()
                .map(lane -> lane.destination)
                .filter(each -> lanesTo(each) >= settings.connectionsPerDestinationMax())
                .collect(Collectors.toSet());
        return store.ready(now(), full, free + settings.connectionsMax());
    }

    private boolean mayStart(Ready ready) {
        if (ready.failures() == 0) {
            return lanesTo(ready.destination()) < settings.connectionsPerDestinationMax();
        }
        long toTheDead = lanes.stream().filter(lane -> lane.failures > 0).count();
        return lanesTo(ready.destination()) == 0 && toTheDead < Math.max(1, settings.connectionsMax() / 2);
    }

    private long lanesTo(Destination destination) {
        return lanes.stream()
                .filter(lane -> lane.destination.equals(destination))
                .count();
    }

    private boolean startLane(Ready ready) {
        Lane lane = new Lane(ready.destination(), ready.failures(), ids.next());
        lanes.add(lane); // before the claim: it is renewed from its beginning
        List<OutgoingMail> first;
        try {
            first = claim(lane);
        } catch (StoreUnavailable e) {
            lanes.remove(lane);
            left.add(lane.lease); // the connection may have been lost after the commit
            throw e;
        }
        if (first.isEmpty()) {
            lanes.remove(lane);
            return false;
        }
        try {
            threads.execute(() -> run(lane, first));
            return true;
        } catch (RejectedExecutionException _) {
            lanes.remove(lane); // it is closing, and gives everything back
            return false;
        }
    }

    private List<OutgoingMail> claim(Lane lane) {
        Instant now = now();
        return store.claim(lane.destination, CLAIM_MAX, lane.lease, now, now.plus(settings.lease()));
    }

    /** One connection, and what it is for. */
    private static final class Lane {
        private final Destination destination;
        private final int failures;
        private final UUID lease;
        private int carried;
        private boolean delivered;

        Lane(Destination destination, int failures, UUID lease) {
            this.destination = destination;
            this.failures = failures;
            this.lease = lease;
        }
    }

    // Handing over

    private void run(Lane lane, List<OutgoingMail> first) {
        Optional<Instant> leftAlone = Optional.empty();
        try {
            leftAlone = switch (sessions.open(lane.destination)) {
                case Opened.Silent(Diagnosis why) -> silent(lane, first, why);
                case Opened.Speaking(SmtpClient client) -> speak(lane, first, client);
            };
        } catch (StoreUnavailable e) {
            LOG.warn("event=outgoing-waits destination={} reason=\"{}\"", lane.destination, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("event=outgoing-failed destination={}", lane.destination, e);
            leftAlone = Optional.of(now().plus(settings.retryFirst())); // it would fail again at once
        } finally {
            giveBack(lane, leftAlone.orElseGet(this::now));
            lanes.remove(lane);
            wake.release();
        }
    }

    private void giveBack(Lane lane, Instant due) {
        try {
            store.giveBack(lane.lease, due);
        } catch (StoreUnavailable e) {
            LOG.warn("event=leases-left destination={} reason=\"{}\"", lane.destination, e.getMessage());
            left.add(lane.lease);
        }
    }

    /** No server of the destination speaks with us. Returns when it may be tried again. */
    private Optional<Instant> silent(Lane lane, List<OutgoingMail> mails, Diagnosis why) {
        if (why.isPermanent()) {
            for (OutgoingMail mail : mails) {
                settle(lane, mail, verdicts(mail, why), Optional.empty());
            }
            return Optional.empty();
        }
        Instant again = leaveAlone(lane, why);
        for (OutgoingMail mail : mails) {
            settle(lane, mail, verdicts(mail, why), Optional.of(again));
        }
        settleOverdue(lane, why, again);
        return Optional.of(again);
    }

    private Instant leaveAlone(Lane lane, Diagnosis why) {
        Instant now = now();
        Instant again = now.plus(schedule.after(lane.failures + 1));
        store.unreachable(lane.destination, lane.failures + 1, why, now, again);
        LOG.info(
                "event=destination-unreachable destination={} failures={} reason=\"{}\"",
                lane.destination,
                lane.failures + 1,
                why);
        return again;
    }

    /** The others that wait for a destination which cannot be reached: their senders are told in time all the same. */
    private void settleOverdue(Lane lane, Diagnosis why, Instant again) {
        while (!isClosing()) {
            Instant now = now();
            List<OutgoingMail> overdue = store.claimOverdue(
                    lane.destination,
                    CLAIM_MAX,
                    lane.lease,
                    schedule.warnBefore(now),
                    schedule.giveUpBefore(now),
                    now,
                    now.plus(settings.lease()));
            if (overdue.isEmpty()) {
                return;
            }
            for (OutgoingMail mail : overdue) {
                settle(lane, mail, verdicts(mail, why), Optional.of(again));
            }
        }
    }

    private static Map<String, Verdict> verdicts(OutgoingMail mail, Diagnosis why) {
        Map<String, Verdict> verdicts = new HashMap<>();
        mail.recipients().forEach(each -> verdicts.put(each.address(), Verdict.of(why)));
        return verdicts;
    }

    /** Hands messages over as long as there are some. Returns when the destination may be tried again, if not at once. */
    private Optional<Instant> speak(Lane lane, List<OutgoingMail> first, SmtpClient client) {
        try {
            if (lane.failures > 0) {
                store.reachable(lane.destination);
            }
            List<OutgoingMail> mails = first;
            while (!mails.isEmpty()) {
                for (OutgoingMail mail : mails) {
                    if (isClosing() || lane.carried == settings.messagesPerConnectionMax()) {
                        return Optional.empty();
                    }
                    Optional<Diagnosis> lost = transfer(lane, mail, client);
                    lane.carried++;
                    if (lost.isPresent()) {
                        // One that takes something each time is not left alone.
                        return lane.delivered ? Optional.empty() : Optional.of(leaveAlone(lane, lost.get()));
                    }
                }
                mails = isClosing() ? List.of() : claim(lane);
            }
            return Optional.empty();
        } finally {
            sessions.close(client);
        }
    }

    /** Hands one message over for all of its recipients here. Returns why the connection was lost, if it was. */
    private Optional<Diagnosis> transfer(Lane lane, OutgoingMail mail, SmtpClient client) {
        Map<String, Verdict> all = new HashMap<>();
        List<String> left =
                mail.recipients().stream().map(OutgoingMail.Recipient::address).toList();
        while (!left.isEmpty() && client.isOpen()) {
            List<String> some = left.subList(0, Math.min(left.size(), RECIPIENTS_MAX));
            Map<String, Verdict> verdicts = new HashMap<>();
            client.transfer(mail, some, verdicts);
            boolean taken = verdicts.values().stream().anyMatch(Verdict.Taken.class::isInstance);
            // RFC 5321 section 4.5.3.1.10: those who were too many go on, as long as others get it
            List<String> again = taken
                    ? some.stream()
                            .filter(each -> verdicts.get(each) instanceof Verdict.TooMany)
                            .toList()
                    : List.of();
            all.putAll(verdicts);
            again.forEach(all::remove);
            List<String> rest = left.subList(some.size(), left.size());
            left = Stream.concat(again.stream(), rest.stream()).toList();
        }
        lane.delivered |= all.values().stream().anyMatch(Verdict.Taken.class::isInstance);
        Optional<Diagnosis> lost = client.isOpen()
                ? Optional.empty()
                : all.values().stream()
                        .filter(Verdict.Later.class::isInstance)
                        .map(each -> ((Verdict.Later) each).why())
                        .findFirst()
                        .or(() -> Optional.of(Diagnosis.about(client.host(), "4.4.2", "the connection was lost")));
        left.forEach(each -> lost.ifPresent(why -> all.putIfAbsent(each, new Verdict.Later(why))));
        if (lost.isPresent()) {
            sessions.close(client);
        }
        settle(lane, mail, all, Optional.empty());
        return lost;
    }

    /** Writes what became of a message, as soon as the store can. */
    private void settle(Lane lane, OutgoingMail mail, Map<String, Verdict> verdicts, Optional<Instant> notBefore) {
        Instant now = now();
        Settlement settlement = schedule.settlement(mail, lane.lease, verdicts, notBefore, now);
        if (settlement.recipients().isEmpty()) {
            return;
        }
        tell(lane, mail, settlement);
        boolean waits = false;
        Duration afterClosing = Duration.ZERO;
        while (true) {
            try {
                if (!store.settle(settlement, now)) {
                    LOG.warn("event=lease-lost mail={} destination={}", mail.name(), lane.destination);
                }
                return;
            } catch (StoreUnavailable e) {
                boolean last = isClosing() && afterClosing.compareTo(lastWrite) >= 0;
                if (!e.worthRetrying() || last) {
                    LOG.error("event=outcome-lost mail={} destination={}", mail.name(), lane.destination, e);
                    return;
                }
                if (!waits) {
                    LOG.warn(
                            "event=outcome-waits mail={} destination={} reason=\"{}\"",
                            mail.name(),
                            lane.destination,
                            e.getMessage());
                }
                waits = true;
                if (isClosing()) {
                    afterClosing = afterClosing.plus(WRITTEN_AGAIN_AFTER);
                }
                LockSupport.parkNanos(WRITTEN_AGAIN_AFTER.toNanos());
            }
        }
    }

    private static void tell(Lane lane, OutgoingMail mail, Settlement settlement) {
        if (!settlement.delivered().isEmpty()) {
            LOG.info(
                    "event=transferred mail={} destination={} recipients={} reply=\"{}\"",
                    mail.name(),
                    lane.destination,
                    settlement.delivered().size(),
                    settlement.delivered().getFirst().reply());
        }
        settlement
                .deferred()
                .forEach(each -> LOG.info(
                        "event=transfer-deferred mail={} recipient={} due={} reason=\"{}\"",
                        mail.name(),
                        each.recipient(),
                        each.due(),
                        each.why()));
        settlement
                .failed()
                .forEach(each -> LOG.info(
                        "event=transfer-failed mail={} recipient={} reason=\"{}\"",
                        mail.name(),
                        each.recipient(),
                        each.why()));
        settlement
                .dead()
                .forEach(each -> LOG.error(
                        "event=transfer-dead mail={} recipient={} reason=\"{}\"",
                        mail.name(),
                        each.recipient(),
                        each.why()));
    }

    // Holding

    private void tend() {
        Instant renewal = now();
        Instant count = now();
        while (!isClosing()) {
            try {
                for (UUID lease : List.copyOf(left)) {
                    store.giveBack(lease, now());
                    left.remove(lease);
                }
                if (!now().isBefore(count)) {
                    count = now().plus(COUNTED_EVERY);
                    figures = store.figures(now());
                }
                if (!now().isBefore(renewal)) {
                    renewal = now().plus(settings.lease().dividedBy(RENEWALS));
                    store.renew(lanes.stream().map(lane -> lane.lease).toList(), now().plus(settings.lease()));
                }
            } catch (StoreUnavailable e) {
                LOG.debug("event=leases-not-tended", e);
            } catch (RuntimeException e) {
                LOG.error("event=leases-not-tended", e);
            }
            awaitClosing(settings.poll());
        }
    }

    private void awaitClosing(Duration time) {
        try {
            boolean _ = closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            closing.countDown();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Takes nothing more; messages that are being handed over may be ended, for a bounded time; gives back the others. */
    @Override
    public void close() {
        closing.countDown();
        wake.release();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                sessions.breakOff();
                if (!threads.awaitTermination(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("event=outgoing-broken-off after={}", CLOSING_MAX);
                }
            }
            store.releaseAll();
        } catch (StoreUnavailable e) {
            LOG.warn("event=leases-left reason=\"{}\"", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sessions.close();
        }
    }
}
