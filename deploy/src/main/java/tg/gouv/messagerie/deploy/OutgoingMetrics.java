package tg.gouv.messagerie.deploy;

import java.util.function.ToLongFunction;
import tg.gouv.messagerie.mail.james.MailServer;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingFigures;
import tg.gouv.messagerie.platform.metrics.Metrics;

/** The figures of mail to other servers; all are 0 unless {@code mail.outside} is {@code send}. */
final class OutgoingMetrics {
    private static final String RECIPIENTS = "Recipients on other servers whose message is not there yet, by its state:"
            + " queued (all that wait), deferred (those of them for whom it failed before), held, dead.";

    private OutgoingMetrics() {}

    /** Shows what is on its way to other servers. */
    static void watch(Metrics metrics, MailServer mail) {
        recipients(metrics, mail, "queued", OutgoingFigures::queued);
        recipients(metrics, mail, "deferred", OutgoingFigures::deferred);
        recipients(metrics, mail, "held", OutgoingFigures::held);
        recipients(metrics, mail, "dead", OutgoingFigures::dead);
        metrics.gauge(
                "mail_outgoing_oldest_seconds",
                "For how long the recipient on another server who waits longest has waited.",
                () -> mail.outgoingFigures().oldest().toMillis() / 1e3);
        metrics.gauge(
                "mail_outgoing_delivered",
                "Recipients for whom another server has taken a message since this node started.",
                () -> mail.outgoingFigures().delivered());
        metrics.gauge(
                "mail_outgoing_failed",
                "Recipients on other servers for whom a message was given up since this node started.",
                () -> mail.outgoingFigures().failed());
    }

    private static void recipients(
            Metrics metrics, MailServer mail, String state, ToLongFunction<OutgoingFigures> figure) {
        metrics.gauge(
                "mail_outgoing_recipients",
                RECIPIENTS,
                () -> figure.applyAsLong(mail.outgoingFigures()),
                "state",
                state);
    }
}
