package tg.gouv.messagerie.mail.trace;

import java.time.Instant;
import java.util.Optional;

/**
 * Which messages are asked about: those that fit all that is given.
 *
 * @param id a queue id, a name of the log, or a Message-ID
 * @param sender the envelope's; {@code <>} is the null reverse-path
 * @param recipient one of the envelope's
 * @param since accepted from then on
 */
public record TraceQuestion(Optional<String> id, Optional<String> sender, Optional<String> recipient, Instant since) {
    /** Above every address and id. */
    private static final int TEXT_MAX = 1_000;

    public TraceQuestion {
        if (id.isEmpty() && sender.isEmpty() && recipient.isEmpty()) {
            throw new IllegalArgumentException("a trace is of an id, a sender or a recipient");
        }
        if (id.orElse("").length()
                        + sender.orElse("").length()
                        + recipient.orElse("").length()
                > TEXT_MAX) {
            throw new IllegalArgumentException("a question has at most " + TEXT_MAX + " characters");
        }
    }

    /** The question in words, as the audit trail keeps it. */
    public String words() {
        StringBuilder words = new StringBuilder();
        id.ifPresent(it -> words.append("id=").append(it).append(' '));
        sender.ifPresent(it -> words.append("sender=").append(it).append(' '));
        recipient.ifPresent(it -> words.append("recipient=").append(it).append(' '));
        return words.append("since=").append(since).toString();
    }
}
