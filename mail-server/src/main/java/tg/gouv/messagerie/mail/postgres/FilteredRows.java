package tg.gouv.messagerie.mail.postgres;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.queue.QueueFilter;

/** A {@link QueueFilter} as a condition on rows {@code q} with a sender and recipients. */
final class FilteredRows {
    private static final String SOME_RECIPIENT = " and exists (select from unnest(q.recipients) r(address) where ";

    private final StringBuilder condition = new StringBuilder("true");
    private final List<@Nullable Object> parameters = new ArrayList<>();

    /**
     * The rows that are meant.
     *
     * @param accepted the column that says when a message was accepted
     * @param state an expression for the state of a row, as the names of {@code QueuedMessage.State}
     */
    FilteredRows(QueueFilter which, String accepted, String state, Instant now) {
        if (!which.ids().isEmpty()) {
            and(" and q.id = any(?)", (Object) which.ids().toArray(UUID[]::new));
        }
        which.sender().ifPresent(sender -> and(" and lower(coalesce(q.sender, '')) = ?", sender(sender)));
        which.recipient().ifPresent(recipient -> and(SOME_RECIPIENT + "lower(address) = ?)", lower(recipient)));
        which.domain()
                .ifPresent(domain -> and(SOME_RECIPIENT + "split_part(lower(address), '@', -1) = ?)", lower(domain)));
        which.olderThan().ifPresent(age -> and(" and " + accepted + " <= ?", QueueRows.at(now.minus(age))));
        if (!which.states().isEmpty()) {
            and(" and " + state + " = any(?)", (Object)
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
