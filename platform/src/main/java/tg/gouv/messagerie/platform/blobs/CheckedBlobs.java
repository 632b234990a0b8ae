package tg.gouv.messagerie.platform.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Whoever sends an object to a client says how long it is, and cannot take that back. So an object is read once to its end before its
 * first byte is given out, and then, for a while, given out as it is: the second reading is of the page cache, and a client that
 * fetches a message in pieces does not pay for the whole at each piece.
 */
/** Objects of a store, of which damage is found before their first byte is given out, and remembered for the operator. */
final class CheckedBlobs implements Blobs {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedBlobs.class);

    /** For so long an object that was read whole is not read whole again. */
    private static final Duration CHECKED_FOR = Duration.ofMinutes(10);

    private static final int CHECKED_MAX = 10_000;

    /** A longer one is checked while it is given out, as who waits for its first byte would wait too long. */
    private static final long BEFORE_BYTES_MAX = 64 << 20;

    /** More are no longer told apart: the disk is broken. */
    private static final int DAMAGED_MAX = 10_000;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Blobs store;

    /** When each was last read whole, by {@link System#nanoTime}; the eldest goes first. */
    private final Map<BlobId, Long> checked = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BlobId, Long> eldest) {
            return size() > CHECKED_MAX;
        }
    };

    private final Set<BlobId> damaged = ConcurrentHashMap.newKeySet();

    /** The objects of this store. */
    CheckedBlobs(Blobs store) {
        this.store = store;
    }

    @Override
    public Blob put(InputStream bytes) throws IOException {
        return store.put(bytes);
    }

    @Override
    public Blob put(BlobId name, InputStream bytes) throws IOException {
        return store.put(name, bytes);
    }

    @Override
    public Optional<InputStream> open(BlobId id) {
        try {
            if (isChecked(id)) {
                return store.open(id, 0, Long.MAX_VALUE);
            }
            Optional<Blob> found = store.find(id);
            if (found.isEmpty() || found.get().sizeBytes() > BEFORE_BYTES_MAX) {
                return store.open(id);
            }
            return check(id) ? store.open(id, 0, Long.MAX_VALUE) : Optional.empty();
        } catch (CorruptBlob e) {
            damaged(id, e.toString());
            throw e;
        }
    }

    @Override
    public Optional<InputStream> open(BlobId id, long offset, long length) {
        return store.open(id, offset, length);
    }

    @Override
    public Optional<Blob> find(BlobId id) {
        return store.find(id);
    }

    @Override
    public void delete(BlobId id) {
        store.delete(id);
        damaged.remove(id);
    }

    @Override
    public void missed(BlobId id) {
        damaged(id, "object " + id + " is gone");
    }

    @Override
    public long damaged() {
        return damaged.size();
    }

    /** Reads an object to its end; false if there is none. */
    private boolean check(BlobId id) {
        Optional<InputStream> opened = store.open(id);
        if (opened.isEmpty()) {
            return false;
        }
        try (InputStream in = opened.get()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            int count = in.read(buffer);
            while (count >= 0) {
                count = in.read(buffer);
            }
        } catch (IOException e) {
            throw new BlobsUnavailable("object " + id + ": " + e, false, e);
        }
        synchronized (checked) {
            checked.remove(id);
            checked.put(id, System.nanoTime());
        }
        if (damaged.remove(id)) {
            LOG.warn("event=object-whole-again object={}", id);
        }
        return true;
    }

    private boolean isChecked(BlobId id) {
        synchronized (checked) {
            Long when = checked.get(id);
            return when != null && System.nanoTime() - when < CHECKED_FOR.toNanos();
        }
    }

    private void damaged(BlobId id, String what) {
        synchronized (checked) {
            checked.remove(id);
        }
        if (damaged.size() < DAMAGED_MAX && damaged.add(id)) {
            LOG.error("event=object-damaged object={} reason=\"{}\"", id, what);
        }
    }
}
