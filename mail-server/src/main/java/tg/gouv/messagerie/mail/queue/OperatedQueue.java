package tg.gouv.messagerie.mail.queue;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;

/**
 * The operator's door to mail on its way, wherever it waits. Looks are audited too: an envelope tells who writes to whom. Any thread
 * that may block may call.
 */
public final class OperatedQueue {
    /** The longest page. */
    public static final int PAGE_MAX = 200;

    /** The longest reason. */
    public static final int REASON_MAX = 300;

    private static final int WORDS_MAX = 320;

    private final List<QueueSource> sources;
    private final AuditTrail trail;
    private final InstantSource clock;

    /** What waits in these places. */
    public OperatedQueue(List<QueueSource> sources, AuditTrail trail, InstantSource clock) {
        this.sources = List.copyOf(sources);
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * Messages in the order in which they were accepted, page by page.
     *
     * @param after the last one of the page before
     * @param most 1 to {@link #PAGE_MAX}
     */
    public List<QueuedMessage> list(QueueFilter which, Optional<UUID> after, int most) {
        if (most < 1 || most > PAGE_MAX) {
            throw new IllegalArgumentException("a page has 1 to " + PAGE_MAX + " messages");
        }
        if (after.isEmpty()) {
            looked(which.words());
        }
        return sources.stream()
                .flatMap(source -> source.list(which, after, most).stream())
                .sorted(Comparator.comparing(message -> message.id().toString())) // as PostgreSQL sorts them
                .limit(most)
                .toList();
    }

    /** The message with its recipients, in each place where it waits. */
    public List<QueuedMessage> show(UUID id) {
        looked("id=" + id);
        return sources.stream().flatMap(source -> source.show(id).stream()).toList();
    }

    /**
     * Does it with every message that is meant, in one transaction for each place.
     *
     * @param reason of 1 to {@link #REASON_MAX} characters, without control characters
     */
    public QueueActed act(QueueAct act, QueueFilter which, String reason) {
        if (reason.isBlank() || reason.length() > REASON_MAX || reason.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a reason is one line of 1 to " + REASON_MAX + " characters");
        }
        return sources.stream()
                .map(source -> source.act(act, which, reason))
                .reduce(new QueueActed(0, 0), QueueActed::plus);
    }

    private void looked(String words) {
        String shown = words.replaceAll("\\p{Cntrl}", "?");
        Subject subject = new Subject(Subject.Kind.QUESTION, shown.substring(0, Math.min(WORDS_MAX, shown.length())));
        trail.record(new AuditEvent.Look(Circumstances.current(clock), AuditEvent.Look.At.QUEUE, subject));
    }
}
