package tg.gouv.messagerie.mail.queue;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;

/**
 * Which messages are meant: those that fit all that is given.
 *
 * @param ids of these only; empty is every one
 * @param sender the envelope's; empty or {@code <>} is the null reverse-path
 * @param recipient one who does not have it yet
 * @param domain of one who does not have it yet
 * @param olderThan since it was accepted
 * @param states in one of these; empty is every one
 */
public record QueueFilter(
        List<UUID> ids,
        Optional<String> sender,
        Optional<String> recipient,
        Optional<String> domain,
        Optional<Duration> olderThan,
        Set<QueuedMessage.State> states) {
    /** More are named by a filter. */
    public static final int IDS_MAX = 200;

    /** Above every address (RFC 5321 section 4.5.3.1). */
    private static final int ADDRESS_MAX = 320;

    public QueueFilter {
        ids = List.copyOf(ids);
        states = Set.copyOf(states);
        if (ids.size() > IDS_MAX) {
            throw new IllegalArgumentException("a filter names at most " + IDS_MAX + " messages");
        }
        for (Optional<String> address : List.of(sender, recipient, domain)) {
            if (address.filter(it -> it.length() > ADDRESS_MAX).isPresent()) {
                throw new IllegalArgumentException("no address has more than " + ADDRESS_MAX + " characters");
            }
        }
    }

    /** Every message. */
    public static QueueFilter all() {
        return new QueueFilter(
                List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of());
    }

    /** One message. */
    public static QueueFilter of(UUID id) {
        return new QueueFilter(
                List.of(id), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of());
    }

    /** The filter in words, as the audit trail keeps it. */
    public String words() {
        StringJoiner words = new StringJoiner(" ");
        words.setEmptyValue("all");
        if (!ids.isEmpty()) {
            words.add("id=" + ids.getFirst() + (ids.size() > 1 ? " and " + (ids.size() - 1) + " others" : ""));
        }
        sender.ifPresent(it -> words.add("sender=" + (it.isEmpty() ? "<>" : it)));
        recipient.ifPresent(it -> words.add("recipient=" + it));
        domain.ifPresent(it -> words.add("domain=" + it));
        olderThan.ifPresent(it -> words.add("older-than=" + it));
        states.stream().sorted().forEach(it -> words.add("state=" + it.name().toLowerCase(Locale.ROOT)));
        return words.toString();
    }
}
