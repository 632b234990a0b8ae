package tg.gouv.messagerie.directory.ldap;

import org.apache.mina.core.buffer.IoBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the tags and lengths of a connection's requests, across packets (RFC 4511 section 5.1: definite lengths only). Used by one
 * thread at a time, looked at by others.
 */
final class BerTrack {
    private static final int DEEPEST = 40;

    /** A sequence with a long length, or nothing yet. */
    private static final int HIGH_TAG = 0x1f;

    private final long longest;
    private final long[] left = new long[DEEPEST];
    private int depth;
    private int lengthBytes;
    private long length;
    private long skip;
    private boolean constructed;
    private boolean atLength;
    private volatile long heard;
    private volatile @Nullable Long begun;

    BerTrack(long longest, long now) {
        this.longest = longest;
        this.heard = now;
    }

    /** For how long a request that has begun is not whole, in nanoseconds. */
    long begun(long now) {
        Long since = begun;
        return since == null ? 0 : now - since;
    }

    /** For how long nothing was heard or said. */
    long silent(long now) {
        return now - heard;
    }

    void spoke() {
        heard = System.nanoTime();
    }

    /** Whether what came is within the bounds so far. */
    boolean accepts(IoBuffer buffer) {
        spoke();
        while (buffer.hasRemaining()) {
            if (skip > 0) {
                int part = (int) Math.min(skip, buffer.remaining());
                buffer.skip(part);
                skip -= part;
                consumed(part);
            } else if (!accepts(buffer.getUnsigned())) {
                return false;
            }
        }
        return true;
    }

    private boolean accepts(int octet) {
        consumedHead();
        if (lengthBytes > 0) {
            length = (length << 8) | octet;
            return --lengthBytes > 0 || body();
        }
        if (!atLength) {
            if (depth == 0) {
                begun = System.nanoTime();
                if (octet != 0x30) {
                    return false; // RFC 4511 section 4.1.1: a message is a sequence
                }
            }
            constructed = (octet & 0x20) != 0;
            atLength = true;
            return (octet & HIGH_TAG) != HIGH_TAG;
        }
        if (octet == 0x80 || octet > 0x84) {
            return false;
        }
        if (octet > 0x80) {
            lengthBytes = octet & 0x7f;
            length = 0;
            return true;
        }
        length = octet;
        return body();
    }

    private boolean body() {
        atLength = false;
        if (length > longest || (depth > 0 && length > left[depth - 1])) {
            return false;
        }
        if (!constructed) {
            skip = length;
        } else if (depth == DEEPEST) {
            return false;
        } else {
            left[depth++] = length;
        }
        close();
        return true;
    }

    private void consumedHead() {
        for (int i = 0; i < depth; i++) {
            left[i]--;
        }
    }

    private void consumed(long octets) {
        for (int i = 0; i < depth; i++) {
            left[i] -= octets;
        }
        close();
    }

    private void close() {
        while (depth > 0 && left[depth - 1] <= 0 && skip == 0 && !atLength) {
            depth--;
        }
        if (depth == 0 && !atLength) {
            begun = null;
        }
    }
}
