package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.postgres.MailEnvelope.UnreadableMail;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * Who puts mail aside again under the same key replaces it, and releases the body of the former. Order of locks: repository_mail,
 * then those of the mailbox store.
 */
/** Mail that is put aside under a URL, such as what could not be delivered: durable, until somebody removes it. */
public final class PostgresMailRepository implements MailRepository {
    private static final int PAGE = 1_000;
    private static final int STORE_ATTEMPTS = 3;
    private static final String KEY = "url = ? and md5(key) = md5(?) and key = ?";

    private static final String INSERT =
            "insert into repository_mail(id, url, key, stored, has_message, header, body_id, size_bytes, "
                    + MailEnvelope.COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, " + MailEnvelope.PLACES + ")";

    private final PostgresMailQueues.Ground ground;
    private final Connections connections;
    private final String url;

    /** The repository of a URL. James makes it by this. */
    @Inject
    public PostgresMailRepository(PostgresMailQueues queues, MailRepositoryUrl url) {
        this.ground = queues.ground();
        this.connections = ground.connections();
        this.url = EscapedText.column(url.asString());
    }

    @Override
    public long size() throws MessagingException {
        return asked(() -> connections.<Long, RuntimeException>autoCommit(
                c -> Sql.first(c, row -> row.getLong(1), "select count(*) from repository_mail where url = ?", url)
                        .orElseThrow()));
    }

    /**
     * Stores the mail, for the recipients to whom it was not delivered; durable when this returns. A mail of the same key is replaced.
     * While a mail of a queue is processed on this thread, it is written together with the end of that work instead.
     */
    @Override
    public MailKey store(Mail mail) throws MessagingException {
        Optional<Work> work = Work.current();
        try {
            Optional<QueueItem> origin = ground.leases().of(mail);
            MailContent content = MailContent.of(
                    mail,
                    ground.bodies(),
                    origin.flatMap(
                            item -> Optional.ofNullable(item.row().content().stored())),
                    ground.memoryMax());
            MailEnvelope envelope = MailEnvelope.of(mail);
            @Nullable UUID queueId = origin.map(QueueItem::id).orElse(null);
            if (work.isPresent()) {
                work.get().add(c -> write(c, envelope, content, queueId), () -> {});
            } else {
                writeNow(envelope, content, queueId);
            }
            return MailKey.forMail(mail);
        } catch (StoreUnavailable | BlobsUnavailable | IOException e) {
            work.ifPresent(each -> each.failed(e));
            throw new MessagingException("the mail cannot be put aside: " + e.getMessage(), e);
        }
    }

    private void writeNow(MailEnvelope envelope, MailContent content, @Nullable UUID queueId) {
        for (int left = STORE_ATTEMPTS; ; left--) {
            try {
                connections.<Integer, RuntimeException>transaction(c -> write(c, envelope, content, queueId));
                return;
            } catch (StoreUnavailable e) {
                if (left == 1 || !isKeyTaken(e)) {
                    throw e;
                }
                // somebody stored the same key meanwhile: ours replaces it
            }
        }
    }

    private static boolean isKeyTaken(StoreUnavailable e) {
        return e.getCause() instanceof SQLException sql && "23505".equals(sql.getSQLState());
    }

    private int write(Connection c, MailEnvelope envelope, MailContent content, @Nullable UUID queueId)
            throws SQLException {
        delete(c, KEY, url, envelope.name(), envelope.name());
        StoredBody made = content.made();
        if (made != null) {
            Sql.update(c, StoredBody.INSERT, made.parameters());
        }
        MailEnvelope stored = queueId == null ? envelope : envelope.withRecipients(leftOver(c, envelope, queueId));
        @Nullable
        Object[] own = {
            ground.ids().next(),
            url,
            envelope.name(),
            QueueRows.at(now()),
            content.hasMessage(),
            content.header(),
            content.bodyId(),
            content.sizeBytes()
        };
        return Sql.update(c, INSERT, QueueRows.together(own, stored.parameters()));
    }

    /** Those who do not have the mail yet; all of them if nobody lacks it. */
    private static String[] leftOver(Connection c, MailEnvelope envelope, UUID queueId) throws SQLException {
        List<String> left = Sql.query(
                c,
                row -> row.getString(1),
                "select r from unnest(?) with ordinality as rs(r, place) where not exists"
                        + " (select from delivered d where d.queue_id = ? and d.recipient = lower(r)) order by place",
                envelope.recipients(),
                queueId);
        return left.isEmpty() ? envelope.recipients() : left.toArray(String[]::new);
    }

    @Override
    public Iterator<MailKey> list() {
        return new Keys();
    }

    /** The mail, or {@code null}, which is what James asks for, if there is none. */
    @Override
    public @Nullable Mail retrieve(MailKey key) throws MessagingException {
        Optional<Stored> stored = asked(() -> connections.<Optional<Stored>, RuntimeException>autoCommit(c -> Sql.first(
                c,
                row -> new Stored(MailEnvelope.read(row), QueuedMail.Content.read(row, ground.bodies())),
                "select " + QueuedMail.Content.COLUMNS + ", " + MailEnvelope.COLUMNS
                        + " from repository_mail m left join body b on b.id = m.body_id where " + KEY,
                url,
                column(key),
                column(key))));
        try {
            return stored.isEmpty()
                    ? null
                    : stored.get().content().mail(stored.get().envelope());
        } catch (UnreadableMail | BlobsUnavailable e) {
            throw new MessagingException("the mail " + key.asString() + ": " + e.getMessage(), e);
        }
    }

    private record Stored(MailEnvelope envelope, QueuedMail.Content content) {}

    @Override
    public void remove(MailKey key) throws MessagingException {
        removeWhich(KEY, url, column(key), column(key));
    }

    @Override
    public void remove(Collection<MailKey> keys) throws MessagingException {
        String[] all = keys.stream().map(PostgresMailRepository::column).toArray(String[]::new);
        removeWhich("url = ? and key = any(?)", url, all);
    }

    @Override
    public void removeAll() throws MessagingException {
        String some = "id in (select id from repository_mail where url = ? order by id limit " + PAGE + ")";
        while (removeWhich(some, url) == PAGE) {
            // until none is left
        }
    }

    private int removeWhich(String which, Object... parameters) throws MessagingException {
        return asked(() -> connections.<Integer, RuntimeException>transaction(c -> delete(c, which, parameters)));
    }

    private int delete(Connection c, String which, Object... parameters) throws SQLException {
        return delete(c, now(), which, parameters);
    }

    /** Removes mails, of whatever repository, and releases their bodies; returns how many. */
    static int delete(Connection c, Instant now, String which, Object... parameters) throws SQLException {
        List<Optional<UUID>> bodies = Sql.query(
                c,
                row -> Optional.ofNullable(row.getObject(1, UUID.class)),
                "delete from repository_mail where " + which + " returning body_id",
                parameters);
        ReleasedBodies.release(c, bodies.stream().flatMap(Optional::stream).toList(), now);
        return bodies.size();
    }

    private Instant now() {
        return ground.clock().instant();
    }

    private static String column(MailKey key) {
        return EscapedText.column(key.asString());
    }

    /** The keys, page by page. */
    private final class Keys implements Iterator<MailKey> {
        private final Deque<Key> page = new ArrayDeque<>();
        private UUID last = new UUID(0, 0);
        private boolean more = true;

        private record Key(UUID id, String column) {}

        @Override
        public boolean hasNext() {
            if (page.isEmpty() && more) {
                List<Key> next = new ArrayList<>(connections.<List<Key>, RuntimeException>autoCommit(c -> Sql.query(
                        c,
                        row -> new Key(row.getObject(1, UUID.class), row.getString(2)),
                        "select id, key from repository_mail where url = ? and id > ? order by id limit " + PAGE,
                        url,
                        last)));
                more = next.size() == PAGE;
                page.addAll(next);
            }
            return !page.isEmpty();
        }

        @Override
        public MailKey next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Key key = page.removeFirst();
            last = key.id();
            return new MailKey(EscapedText.text(key.column()));
        }
    }

    /** What can fail because PostgreSQL does not answer. */
    private interface Question<T> {
        T ask();
    }

    private static <T> T asked(Question<T> question) throws MessagingException {
        try {
            return Objects.requireNonNull(question.ask());
        } catch (StoreUnavailable e) {
            throw new MessagingException("the mail repository does not answer: " + e.getMessage(), e);
        }
    }
}
