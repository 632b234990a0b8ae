package tg.gouv.messagerie.mail.postgres;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.james.queue.api.ManageableMailQueue.DefaultMailQueueItemView;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueItemView;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueIterator;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.postgres.MailEnvelope.UnreadableMail;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;

/** Reads a queue page by page; between pages nothing is held, and mails may come and go. */
final class QueueBrowsing implements MailQueueIterator {
    private static final int PAGE = 50;

    private final QueueRows rows;
    private final String queue;
    private final Instant start;
    private final Deque<QueuedMail> page = new ArrayDeque<>();
    private @Nullable QueuedMail last;
    private boolean more = true;

    QueueBrowsing(QueueRows rows, String queue, Instant start) {
        this.rows = rows;
        this.queue = queue;
        this.start = start;
    }

    @Override
    public boolean hasNext() {
        if (page.isEmpty() && more) {
            var next = rows.page(queue, last, start, PAGE);
            more = next.size() == PAGE;
            page.addAll(next);
        }
        return !page.isEmpty();
    }

    /** The next mail; of one that cannot be read, what is left: its name, state and error. */
    @Override
    public MailQueueItemView next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        QueuedMail row = page.removeFirst();
        last = row;
        return new DefaultMailQueueItemView(
                mail(row),
                Optional.of(row.due()).filter(due -> due.isAfter(start)).map(due -> due.atZone(ZoneOffset.UTC)));
    }

    private static Mail mail(QueuedMail row) {
        try {
            return row.mail();
        } catch (UnreadableMail | BlobsUnavailable e) {
            return row.envelope().remains();
        }
    }

    @Override
    public void close() {
        more = false;
        page.clear();
    }
}
