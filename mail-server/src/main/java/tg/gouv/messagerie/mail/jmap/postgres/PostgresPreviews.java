package tg.gouv.messagerie.mail.jmap.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.james.jmap.api.model.Preview;
import org.apache.james.jmap.api.projections.MessageFastViewPrecomputedProperties;
import org.apache.james.jmap.api.projections.MessageFastViewProjection;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.postgres.PostgresMessageId;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * The first words of messages. James computes them when a client first asks, so that a delivery pays nothing for them, and what was
 * computed for many recipients is computed once. An entry goes with its message.
 */
final class PostgresPreviews implements MessageFastViewProjection {
    private final JmapConnections connections;
    private final Metric hits;
    private final Metric misses;

    PostgresPreviews(JmapConnections connections, MetricFactory metrics) {
        this.connections = connections;
        this.hits = metrics.generate(METRIC_RETRIEVE_HIT_COUNT);
        this.misses = metrics.generate(METRIC_RETRIEVE_MISS_COUNT);
    }

    /** Keeps it, if the message is still there. */
    @Override
    public Publisher<Void> store(MessageId id, MessageFastViewPrecomputedProperties view) {
        UUID message = uuid(id);
        Objects.requireNonNull(view);
        return connections.laterDone(() -> connections.run(c -> Sql.update(
                c,
                "insert into jmap_preview(message_id, preview, has_attachment)"
                        + " select id, ?, ? from message where id = ?"
                        + " on conflict (message_id) do update set preview = excluded.preview,"
                        + " has_attachment = excluded.has_attachment",
                view.getPreview().getValue().replace("\u0000", ""),
                view.hasAttachment(),
                message)));
    }

    @Override
    public Publisher<MessageFastViewPrecomputedProperties> retrieve(MessageId id) {
        UUID message = uuid(id);
        return connections
                .later(() -> connections
                        .run(c -> Sql.first(
                                c,
                                PostgresPreviews::read,
                                "select preview, has_attachment from jmap_preview where message_id = ?",
                                message))
                        .orElse(null))
                .doOnNext(_ -> hits.increment())
                .switchIfEmpty(Mono.fromRunnable(misses::increment));
    }

    /** One statement for all of them. */
    @Override
    public Publisher<Map<MessageId, MessageFastViewPrecomputedProperties>> retrieve(Collection<MessageId> ids) {
        UUID[] messages = ids.stream().map(PostgresPreviews::uuid).distinct().toArray(UUID[]::new);
        return connections
                .later(() -> messages.length == 0
                        ? Map.<MessageId, MessageFastViewPrecomputedProperties>of()
                        : read(messages))
                .doOnNext(found -> {
                    hits.add(found.size());
                    misses.add(messages.length - found.size());
                });
    }

    private Map<MessageId, MessageFastViewPrecomputedProperties> read(UUID[] messages) {
        return connections
                .run(c -> Sql.query(
                        c,
                        row -> Map.entry(new PostgresMessageId(row.getObject("message_id", UUID.class)), read(row)),
                        "select message_id, preview, has_attachment from jmap_preview where message_id = any(?)",
                        (Object) messages))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public Publisher<Void> delete(MessageId id) {
        UUID message = uuid(id);
        return connections.laterDone(
                () -> connections.run(c -> Sql.update(c, "delete from jmap_preview where message_id = ?", message)));
    }

    @Override
    public Publisher<Void> clear() {
        return connections.laterDone(() -> connections.run(c -> Sql.update(c, "truncate jmap_preview")));
    }

    private static UUID uuid(MessageId id) {
        return ((PostgresMessageId) Objects.requireNonNull(id)).value();
    }

    private static MessageFastViewPrecomputedProperties read(ResultSet row) throws SQLException {
        return MessageFastViewPrecomputedProperties.builder()
                .preview(Preview.from(row.getString("preview")))
                .hasAttachment(row.getBoolean("has_attachment"))
                .build();
    }
}
