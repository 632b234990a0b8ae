package tg.gouv.messagerie.mail.trace;

import java.time.InstantSource;
import java.util.List;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;

/** The operator's door to what became of mail. Each look is audited before it is answered: a path tells who writes to whom. */
public final class TracedMail {
    /** How many messages an answer has at most. */
    public static final int MOST = 200;

    private static final int WORDS_MAX = 320;

    private final Traces traces;
    private final AuditTrail trail;
    private final InstantSource clock;

    /** What these traces tell. */
    public TracedMail(Traces traces, AuditTrail trail, InstantSource clock) {
        this.traces = traces;
        this.trail = trail;
        this.clock = clock;
    }

    /** Where the paths are kept. */
    @FunctionalInterface
    public interface Traces {
        /** The latest messages that are asked about, each followed by what its delivery brought forth. */
        List<MessageTrace> find(TraceQuestion question, int most);
    }

    /** The latest messages that are asked about, up to {@code most} and {@link #MOST}, and what they brought forth. */
    public List<MessageTrace> find(TraceQuestion question, int most) {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("an answer has 1 to " + MOST + " messages");
        }
        String words = question.words().replaceAll("\\p{Cntrl}", "?");
        Subject subject = new Subject(Subject.Kind.QUESTION, words.substring(0, Math.min(WORDS_MAX, words.length())));
        trail.record(new AuditEvent.Look(Circumstances.current(clock), AuditEvent.Look.At.TRACE, subject));
        return traces.find(question, most);
    }
}
