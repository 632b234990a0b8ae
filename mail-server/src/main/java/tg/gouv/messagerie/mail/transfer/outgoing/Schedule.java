package tg.gouv.messagerie.mail.transfer.outgoing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** When it is tried again, when the sender is told, when it is given up (RFC 5321 section 4.5.4.1). */
final class Schedule {
    /** So many doublings pass every longest time. */
    private static final int DOUBLINGS_MAX = 30;

    /** A wait is longer or shorter by up to this part, so that what failed together does not come back together. */
    private static final double JITTER = 0.2;

    private final OutgoingSettings settings;
    private final Reports reports;
    private final RandomGenerator random;

    Schedule(OutgoingSettings settings, Reports reports, RandomGenerator random) {
        this.settings = settings;
        this.reports = reports;
        this.random = random;
    }

    /** How long to wait after the n-th failure in a row. */
    Duration after(int failures) {
        long doublings = Math.clamp(failures - 1L, 0, DOUBLINGS_MAX);
        Duration wait = settings.retryFirst().multipliedBy(1L << doublings);
        Duration bounded = wait.compareTo(settings.retryMost()) < 0 ? wait : settings.retryMost();
        return Duration.ofMillis((long) (bounded.toMillis() * (1 + JITTER * (2 * random.nextDouble() - 1))));
    }

    Instant warnBefore(Instant now) {
        return now.minus(settings.warnAfter());
    }

    Instant giveUpBefore(Instant now) {
        return now.minus(settings.giveUpAfter());
    }

    /**
     * What becomes of a message for these recipients.
     *
     * @param notBefore when the destination may be tried again, if it is to be left alone
     */
    Settlement settlement(
            OutgoingMail mail, UUID lease, Map<String, Verdict> verdicts, Optional<Instant> notBefore, Instant now) {
        List<Settlement.Taken> delivered = new ArrayList<>();
        List<Settlement.Deferred> deferred = new ArrayList<>();
        List<Settlement.Deferred> warned = new ArrayList<>();
        List<Settlement.Failed> failed = new ArrayList<>();
        List<Settlement.Failed> dead = new ArrayList<>();
        for (OutgoingMail.Recipient recipient : mail.recipients()) {
            Verdict verdict = verdicts.get(recipient.address());
            switch (verdict) {
                case null -> {
                    // nobody tried
                }
                case Verdict.Taken(String reply) -> delivered.add(new Settlement.Taken(recipient.address(), reply));
                case Verdict.Never(Diagnosis why) -> failed.add(new Settlement.Failed(recipient.address(), why));
                case Verdict.Damaged(Diagnosis why) -> dead.add(new Settlement.Failed(recipient.address(), why));
                case Verdict.Later(Diagnosis why) ->
                    later(mail, recipient, why, notBefore, now, deferred, warned, failed);
                case Verdict.TooMany(Diagnosis why) ->
                    later(mail, recipient, why, notBefore, now, deferred, warned, failed);
            }
        }
        List<Settlement.Report> told = new ArrayList<>();
        if (mail.isFromNobody()) {
            dead.addAll(failed); // RFC 5321 section 4.5.5: nobody is told of what has no reverse-path
            failed.clear();
        }
        if (!failed.isEmpty()) {
            told.add(new Settlement.Report(mail.sender(), reports.undelivered(mail, failed, now)));
        }
        if (!warned.isEmpty()) {
            Instant until = mail.recipients().getFirst().enqueued().plus(settings.giveUpAfter());
            told.add(new Settlement.Report(mail.sender(), reports.delayed(mail, warned, until, now)));
        }
        return new Settlement(mail.id(), lease, delivered, deferred, failed, dead, told);
    }

    private void later(
            OutgoingMail mail,
            OutgoingMail.Recipient recipient,
            Diagnosis why,
            Optional<Instant> notBefore,
            Instant now,
            List<Settlement.Deferred> deferred,
            List<Settlement.Deferred> warned,
            List<Settlement.Failed> failed) {
        Duration age = Duration.between(recipient.enqueued(), now);
        if (age.compareTo(settings.giveUpAfter()) >= 0) {
            // RFC 3463 section 3.5: the time is over; why it lasted is told with it
            failed.add(new Settlement.Failed(
                    recipient.address(), new Diagnosis("5.4.7", why.text(), why.host(), why.replied())));
            return;
        }
        boolean warn = !recipient.warned() && !mail.isFromNobody() && age.compareTo(settings.warnAfter()) >= 0;
        Settlement.Deferred next = new Settlement.Deferred(
                recipient.address(),
                notBefore.orElseGet(() -> now.plus(after(recipient.attempts() + 1))),
                why,
                warn || recipient.warned());
        deferred.add(next);
        if (warn) {
            warned.add(next);
        }
    }
}
