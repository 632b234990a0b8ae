package tg.gouv.messagerie.mail.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * A page ends after a number of rows or of bytes, whichever comes first; one message that is larger than a page is a page of
 * its own. A body that is an object costs nothing here: it is opened when somebody reads it. Each page is a statement of its
 * own, so no connection is held while a client reads.
 */
/** The messages of one mailbox with UIDs in a range, in ascending order, page by page; used by one thread at a time. */
final class MessagePages {
    private static final int ROWS_WITHOUT_BYTES_MAX = 1_000;
    private static final int ROWS_WITH_BYTES_MAX = 250;

    private final MailConnections connections;
    private final MessageRows rows;
    private final FetchType type;
    private final long mailbox;
    private final long last;
    private final long pageBytes;
    private long next;
    private long left;

    /**
     * Pages from the beginning of the range.
     *
     * @param limit how many messages in all; 0 or less for every one
     */
    MessagePages(
            MailConnections connections,
            MessageRows rows,
            FetchType type,
            long mailbox,
            UidRange range,
            int limit,
            long pageBytes) {
        this.connections = connections;
        this.rows = rows;
        this.type = type;
        this.mailbox = mailbox;
        this.next = range.first();
        this.last = range.last();
        this.left = limit > 0 ? limit : Long.MAX_VALUE;
        this.pageBytes = pageBytes;
    }

    /** The next page, empty when there is none. */
    List<MailboxMessage> next() throws MailboxException {
        if (left == 0 || next > last) {
            return List.of();
        }
        int most = type == FetchType.METADATA ? ROWS_WITHOUT_BYTES_MAX : ROWS_WITH_BYTES_MAX;
        int asked = (int) Math.min(left, most);
        Page page = connections.run(c -> {
            List<Integer> candidates = new ArrayList<>(1);
            List<MailboxMessage> messages = Sql.query(
                    c,
                    row -> {
                        candidates.add(row.getInt("candidates"));
                        return rows.read(row, type);
                    },
                    sql(),
                    mailbox,
                    next,
                    last,
                    asked,
                    pageBytes);
            return new Page(messages, candidates.isEmpty() ? 0 : candidates.getFirst());
        });
        left -= page.messages().size();
        next = page.messages().isEmpty() || page.isLast(asked)
                ? Long.MAX_VALUE
                : page.messages().getLast().getUid().asLong() + 1;
        if (next == Long.MAX_VALUE) {
            left = 0;
        }
        return page.messages();
    }

    /** Message by message; the pages are loaded by whoever asks. */
    Iterator<MailboxMessage> iterator() {
        return new Iterator<>() {
            private final Queue<MailboxMessage> loaded = new ArrayDeque<>();

            @Override
            public boolean hasNext() {
                if (loaded.isEmpty()) {
                    try {
                        loaded.addAll(MessagePages.this.next());
                    } catch (MailboxException e) {
                        throw new IllegalStateException(e); // Iterator has no checked exception
                    }
                }
                return !loaded.isEmpty();
            }

            @Override
            public MailboxMessage next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return loaded.remove();
            }
        };
    }

    private record Page(List<MailboxMessage> messages, int candidates) {
        /** Whether the range held fewer rows than were asked for, and all of them are here. */
        boolean isLast(int asked) {
            return candidates < asked && messages.size() == candidates;
        }
    }

    private String sql() {
        String bytes = switch (type) {
            case METADATA -> "0::bigint";
            case HEADERS, ATTACHMENTS_METADATA -> "m.body_start::bigint";
            case FULL -> "m.body_start + case when b.object is null then b.size_bytes else 0 end";
        };
        return "select * from (select f.*, count(*) over () as candidates,"
                + " sum(cost) over (order by uid) - cost as before"
                + " from (select " + MessageRows.columns(type) + ", " + bytes + " as cost from "
                + MessageRows.tables(type)
                + " where p.mailbox_id = ? and p.uid between ? and ? order by p.uid limit ?) f) w"
                + " where before < ? order by uid";
    }
}
