package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.MailboxAnnotation;
import org.apache.james.mailbox.model.MailboxAnnotationKey;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.store.mail.AnnotationMapper;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/** Annotations of mailboxes (RFC 5464); a mailbox has a dozen at most, so they are chosen here, not in SQL. */
final class PostgresAnnotationMapper implements AnnotationMapper {
    private final MailConnections connections;

    PostgresAnnotationMapper(MailConnections connections) {
        this.connections = connections;
    }

    @Override
    public List<MailboxAnnotation> getAllAnnotations(MailboxId mailbox) {
        return orThrow(() -> connections.run(c -> Sql.query(
                c,
                row -> MailboxAnnotation.newInstance(new MailboxAnnotationKey(row.getString(1)), row.getString(2)),
                "select key, value from annotation where mailbox_id = ? order by key",
                number(mailbox))));
    }

    @Override
    public Flux<MailboxAnnotation> getAllAnnotationsReactive(MailboxId mailbox) {
        return connections.laterEach(() -> getAllAnnotations(mailbox));
    }

    @Override
    public List<MailboxAnnotation> getAnnotationsByKeys(MailboxId mailbox, Set<MailboxAnnotationKey> keys) {
        return matching(mailbox, keys, MailboxAnnotationKey::equals);
    }

    @Override
    public Flux<MailboxAnnotation> getAnnotationsByKeysReactive(MailboxId mailbox, Set<MailboxAnnotationKey> keys) {
        return connections.laterEach(() -> getAnnotationsByKeys(mailbox, keys));
    }

    @Override
    public List<MailboxAnnotation> getAnnotationsByKeysWithOneDepth(MailboxId mailbox, Set<MailboxAnnotationKey> keys) {
        return matching(mailbox, keys, MailboxAnnotationKey::isParentOrIsEqual);
    }

    @Override
    public Flux<MailboxAnnotation> getAnnotationsByKeysWithOneDepthReactive(
            MailboxId mailbox, Set<MailboxAnnotationKey> keys) {
        return connections.laterEach(() -> getAnnotationsByKeysWithOneDepth(mailbox, keys));
    }

    @Override
    public List<MailboxAnnotation> getAnnotationsByKeysWithAllDepth(MailboxId mailbox, Set<MailboxAnnotationKey> keys) {
        return matching(mailbox, keys, MailboxAnnotationKey::isAncestorOrIsEqual);
    }

    @Override
    public Flux<MailboxAnnotation> getAnnotationsByKeysWithAllDepthReactive(
            MailboxId mailbox, Set<MailboxAnnotationKey> keys) {
        return connections.laterEach(() -> getAnnotationsByKeysWithAllDepth(mailbox, keys));
    }

    private List<MailboxAnnotation> matching(
            MailboxId mailbox,
            Set<MailboxAnnotationKey> keys,
            BiPredicate<MailboxAnnotationKey, MailboxAnnotationKey> matches) {
        return getAllAnnotations(mailbox).stream()
                .filter(each -> keys.stream().anyMatch(key -> matches.test(key, each.getKey())))
                .toList();
    }

    @Override
    public void deleteAnnotation(MailboxId mailbox, MailboxAnnotationKey key) {
        orThrow(() -> connections.run(c -> Sql.update(
                c, "delete from annotation where mailbox_id = ? and key = ?", number(mailbox), key.asString())));
    }

    @Override
    public Mono<Void> deleteAnnotationReactive(MailboxId mailbox, MailboxAnnotationKey key) {
        return Mono.<Void>fromRunnable(() -> deleteAnnotation(mailbox, key)).subscribeOn(connections.scheduler());
    }

    @Override
    public void insertAnnotation(MailboxId mailbox, MailboxAnnotation annotation) {
        String value = annotation
                .getValue()
                .orElseThrow(
                        () -> new IllegalArgumentException("an annotation without a value is deleted, not stored"));
        orThrow(() -> connections.run(c -> Sql.update(
                c,
                "insert into annotation(mailbox_id, key, value) values (?, ?, ?)"
                        + " on conflict (mailbox_id, key) do update set value = excluded.value",
                number(mailbox),
                annotation.getKey().asString(),
                Text.clean(value))));
    }

    @Override
    public Mono<Void> insertAnnotationReactive(MailboxId mailbox, MailboxAnnotation annotation) {
        return Mono.<Void>fromRunnable(() -> insertAnnotation(mailbox, annotation))
                .subscribeOn(connections.scheduler());
    }

    @Override
    public boolean exist(MailboxId mailbox, MailboxAnnotation annotation) {
        return orThrow(() -> connections.run(c -> Sql.first(
                        c,
                        row -> 1,
                        "select from annotation where mailbox_id = ? and key = ?",
                        number(mailbox),
                        annotation.getKey().asString())))
                .isPresent();
    }

    @Override
    public Mono<Boolean> existReactive(MailboxId mailbox, MailboxAnnotation annotation) {
        return connections.later(() -> exist(mailbox, annotation));
    }

    @Override
    public int countAnnotations(MailboxId mailbox) {
        return orThrow(() -> connections.run(c -> Sql.first(
                        c,
                        row -> row.getInt(1),
                        "select count(*) from annotation where mailbox_id = ?",
                        number(mailbox))))
                .orElseThrow();
    }

    @Override
    public Mono<Integer> countAnnotationsReactive(MailboxId mailbox) {
        return connections.later(() -> countAnnotations(mailbox));
    }

    @FunctionalInterface
    private interface Call<T> {
        T get() throws MailboxException;
    }

    /** James's interface declares no exception. */
    private static <T> T orThrow(Call<T> call) {
        try {
            return call.get();
        } catch (MailboxException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
