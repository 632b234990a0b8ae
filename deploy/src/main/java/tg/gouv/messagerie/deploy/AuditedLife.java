package tg.gouv.messagerie.deploy;

import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Outcome;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The program's own acts in the audit trail: its start, its end, and what it is told at the command line. */
final class AuditedLife implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditedLife.class);

    private final AuditTrail trail;
    private final InstantSource clock;
    private final Subject program;

    /** Records the start, as the act of the system user whom the process belongs to; durable when this returns. */
    AuditedLife(AuditTrail trail, InstantSource clock) {
        this.trail = trail;
        this.clock = clock;
        this.program = new Subject(Subject.Kind.PROGRAM, version());
        trail.record(new AuditEvent.ProgramStart(ourselves(), program));
    }

    /** The version of the program, as its jar says. */
    static String version() {
        return Optional.ofNullable(AuditedLife.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    /** Records an order that a system user gave; one that is refused is counted, since it may come often. */
    void ordered(String systemUser, String order, boolean obeyed) {
        Circumstances circumstances = Circumstances.ofSystemUser(systemUser, clock);
        if (!obeyed) {
            trail.count(new AuditEvent.Refusal(circumstances, program));
            return;
        }
        try {
            trail.record(new AuditEvent.Order(circumstances, order, program, Outcome.DONE));
        } catch (StoreUnavailable e) {
            // Whoever may stop the program may stop it while its database is away.
            LOG.error("event=audit-order-lost user={} order={} reason=\"{}\"", systemUser, order, e.getMessage());
        }
    }

    /** Records the end in good order. */
    @Override
    public void close() {
        trail.record(new AuditEvent.ProgramStop(ourselves(), program));
    }

    private Circumstances ourselves() {
        return Circumstances.ofSystemUser(System.getProperty("user.name"), clock);
    }
}
