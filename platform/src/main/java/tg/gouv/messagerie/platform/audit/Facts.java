package tg.gouv.messagerie.platform.audit;

import org.jspecify.annotations.Nullable;

/** An event without its time: what makes two events the same one, repeated. */
record Facts(
        String act,
        String actor,
        @Nullable String onBehalfOf,
        String subject,
        @Nullable String counterpart,
        @Nullable String network,
        @Nullable String protocol,
        String outcome) {
    /** Stands for whoever and whatever was too much to tell apart. */
    private static final String OTHERS = "others";

    static Facts of(AuditEvent event) {
        Circumstances circumstances = event.circumstances();
        boolean remote = circumstances.origin() instanceof Origin.Remote;
        return new Facts(
                event.act(),
                circumstances.actor().text(),
                circumstances.onBehalfOf().map(Actor::text).orElse(null),
                event.subject().text(),
                event.counterpart().map(Subject::text).orElse(null),
                remote ? ((Origin.Remote) circumstances.origin()).network() : null,
                remote ? ((Origin.Remote) circumstances.origin()).protocol() : null,
                event.outcome().text());
    }

    /** The same act and outcome, of nobody in particular. */
    Facts others() {
        return new Facts(act, OTHERS, null, OTHERS, null, null, null, outcome);
    }
}
