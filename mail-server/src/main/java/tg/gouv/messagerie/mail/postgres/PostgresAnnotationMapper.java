package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.MailboxAnnotation;
import org.apache.james.mailbox.model.MailboxAnnotationKey;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.store.mail.AnnotationMapper;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** What people note on mailboxes (METADATA, RFC 5464). */
final class PostgresAnnotationMapper implements AnnotationMapper {
    private final MailConnections connections;

    PostgresAnnotationMapper(MailConnections connections) {
        this.connections = connections;
    }

    @Override
    public List<MailboxAnnotation> getAllAnnotations(MailboxId id) {
        return find(id, "", new String[0]);
    }

    @Override
    public List<MailboxAnnotation> getAnnotationsByKeys(MailboxId id, Set<MailboxAnnotationKey> keys) {
        return find(id, "and key = any(?)", texts(keys, ""));
    }

    /** RFC 5464 section 4.2.2: DEPTH 1, the entry and those just below it. */
    @Override
    public List<MailboxAnnotation> getAnnotationsByKeysWithOneDepth(MailboxId id, Set<MailboxAnnotationKey> keys) {
        return find(id, "and (key = any(?) or regexp_replace(key, '/[^/]*$', '') = any(?))", texts(keys, ""));
    }

    /** RFC 5464 section 4.2.2: DEPTH infinity. */
    @Override
    public List<MailboxAnnotation> getAnnotationsByKeysWithAllDepth(MailboxId id, Set<MailboxAnnotationKey> keys) {
        return find(
                id,
                "and (key = any(?) or exists (select from unnest(?) as wanted where starts_with(key, wanted || '/')))",
                texts(keys, ""));
    }

    private List<MailboxAnnotation> find(MailboxId id, String condition, String[] keys) {
        List<Object> parameters = new ArrayList<>(List.of(number(id)));
        Stream.generate(() -> (Object) keys)
                .limit(condition.chars().filter(c -> c == '?').count())
                .forEach(parameters::add);
        return run(c -> Sql.query(
                c,
                row -> MailboxAnnotation.newInstance(new MailboxAnnotationKey(row.getString(1)), row.getString(2)),
                "select key, value from annotation where mailbox_id = ? " + condition + " order by key",
                parameters.toArray()));
    }

    private static String[] texts(Set<MailboxAnnotationKey> keys, String suffix) {
        return keys.stream().map(key -> key.asString() + suffix).toArray(String[]::new);
    }

    @Override
    public void deleteAnnotation(MailboxId id, MailboxAnnotationKey key) {
        run(c -> Sql.update(c, "delete from annotation where mailbox_id = ? and key = ?", number(id), key.asString()));
    }

    @Override
    public void insertAnnotation(MailboxId id, MailboxAnnotation annotation) {
        String value = annotation
                .getValue()
                .orElseThrow(
                        () -> new IllegalArgumentException("an annotation without a value is deleted, not inserted"));
        run(c -> Sql.update(c, """
                insert into annotation(mailbox_id, key, value) values (?, ?, ?)
                on conflict (mailbox_id, key) do update set value = excluded.value
                """, number(id), annotation.getKey().asString(), value));
    }

    @Override
    public boolean exist(MailboxId id, MailboxAnnotation annotation) {
        return !getAnnotationsByKeys(id, Set.of(annotation.getKey())).isEmpty();
    }

    @Override
    public int countAnnotations(MailboxId id) {
        return run(c -> Sql.first(
                        c, row -> row.getInt(1), "select count(*) from annotation where mailbox_id = ?", number(id)))
                .orElse(0);
    }

    /** James's interface knows no failure: the protocol answers NO to any exception. */
    private <T> T run(Connections.Work<T, MailboxException> work) {
        try {
            return connections.run(work);
        } catch (MailboxException e) {
            throw new IllegalStateException(e);
        }
    }
}
