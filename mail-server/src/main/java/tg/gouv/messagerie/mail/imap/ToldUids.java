package tg.gouv.messagerie.mail.imap;

import java.util.Arrays;

/*
 * A UID has 32 bits (RFC 9051 section 2.3.1.1): four bytes for each message that a session knows, so that a thousand clients that idle
 * over 5,000 messages take 20 MB.
 */
/** UIDs in ascending order and the sequence numbers that they have by that, compact; used by one thread at a time. */
final class ToldUids {
    private static final int ROOM = 16;

    private int[] uids;
    private int size;

    /**
     * These UIDs.
     *
     * @param ascending each between 1 and 2³²-1
     */
    ToldUids(long[] ascending) {
        uids = new int[ascending.length];
        for (long uid : ascending) {
            add(uid);
        }
    }

    int size() {
        return size;
    }

    /** The UID of a sequence number between 1 and {@link #size}. */
    long uid(int number) {
        return Integer.toUnsignedLong(uids[number - 1]);
    }

    /** The sequence number of a UID, or 0. */
    int number(long uid) {
        int number = from(uid);
        return number <= size && uid(number) == uid ? number : 0;
    }

    /** The sequence number of the first UID that is not below this, or one above {@link #size}. */
    int from(long uid) {
        int low = 1;
        int high = size;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (uid(middle) < uid) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    boolean contains(long uid) {
        return number(uid) > 0;
    }

    /** Adds a UID above all that are here. */
    void add(long uid) {
        if (size > 0 && uid(size) >= uid) {
            throw new IllegalStateException("UIDs only grow: " + uid + " after " + uid(size));
        }
        if (size == uids.length) {
            uids = Arrays.copyOf(uids, size + Math.max(ROOM, size / ROOM));
        }
        uids[size++] = (int) uid;
    }

    /** Removes those that are here of these UIDs. */
    void removeAll(ToldUids gone) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!gone.contains(Integer.toUnsignedLong(uids[i]))) {
                uids[kept++] = uids[i];
            }
        }
        size = kept;
    }

    /** How many of these UIDs are here. */
    int common(ToldUids others) {
        int common = 0;
        for (int number = 1; number <= others.size(); number++) {
            common += contains(others.uid(number)) ? 1 : 0;
        }
        return common;
    }

    long[] toArray() {
        long[] all = new long[size];
        for (int i = 0; i < size; i++) {
            all[i] = Integer.toUnsignedLong(uids[i]);
        }
        return all;
    }
}
