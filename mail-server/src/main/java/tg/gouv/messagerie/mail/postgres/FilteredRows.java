package tg.gouv.messagerie.mail.postgres;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.queue.QueueFilter;

/** A {@link QueueFilter} as a condition on rows {@code q} with a sender. */
final class FilteredRows {
    private final StringBuilder condition = new StringBuilder("true");
    private final List<@Nullable Object> parameters = new ArrayList<>();

    /**
     * What a filter is about, each as an expression or a condition with one parameter.
     *
     * @param ids holds if it is one of these
     * @param recipient holds if it is for this one, in lower case
     * @param domain holds if it is for somebody of this one, in lower case
     * @param accepted when a message was accepted
     * @param state the state of a row, as the names of {@code QueuedMessage.State}
     */
    record Columns(String ids, String recipient, String domain, String accepted, String state) {
        /** Of rows that have all recipients of a message. */
        static Columns ofMessages(String accepted, String state) {
            String some = "exists (select from unnest(q.recipients) r(address) where ";
            return new Columns(
                    "q.id = any(?)",
                    some + "lower(address) = ?)",
                    some + "split_part(lower(address), '@', -1) = ?)",
                    accepted,
                    state);
        }
    }

    /** The rows that are meant. */
    FilteredRows(QueueFilter which, Columns columns, Instant now) {
        if (!which.ids().isEmpty()) {
            and(" and " + columns.ids(), (Object) which.ids().toArray(UUID[]::new));
        }
        which.sender().ifPresent(sender -> and(" and lower(coalesce(q.sender, '')) = ?", sender(sender)));
        which.recipient().ifPresent(recipient -> and(" and " + columns.recipient(), lower(recipient)));
        which.domain().ifPresent(domain -> and(" and " + columns.domain(), lower(domain)));
        which.olderThan().ifPresent(age -> and(" and " + columns.accepted() + " <= ?", QueueRows.at(now.minus(age))));
        if (!which.states().isEmpty()) {
            and(" and " + columns.state() + " = any(?)", (Object)
                    which.states().stream().map(Enum::name).toArray(String[]::new));
        }
    }

    /** Adds a condition with its parameter. */
    void and(String sql, Object parameter) {
        condition.append(sql);
        parameters.add(parameter);
    }

    String condition() {
        return condition.toString();
    }

    @Nullable
    Object[] parameters() {
        return parameters.toArray();
    }

    /** As PostgreSQL has it: the null reverse-path has no text there. */
    private static String sender(String sender) {
        return sender.equals("<>") ? "" : lower(sender);
    }

    private static String lower(String text) {
        return EscapedText.column(text).toLowerCase(Locale.ROOT);
    }
}
