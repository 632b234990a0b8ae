package tg.gouv.messagerie.mail.postgres;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueItemView;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueIterator;
import org.jspecify.annotations.Nullable;

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
            List<QueuedMail> next = rows.page(queue, last, start, PAGE);
            more = next.size() == PAGE;
            page.addAll(next);
        }
        return !page.isEmpty();
    }

    @Override
    public MailQueueItemView next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        QueuedMail mail = page.removeFirst();
        last = mail;
        return QueueItemView.of(mail);
    }

    @Override
    public void close() {
        more = false;
        page.clear();
    }
}
