package tg.gouv.messagerie.mail.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A map that forgets what was not used for longest; any thread may ask. */
final class RecentlyUsed<K, V> {
    private final Map<K, V> entries;

    RecentlyUsed(int max) {
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > max;
            }
        };
    }

    synchronized Optional<V> get(K key) {
        @Nullable V value = entries.get(key);
        return Optional.ofNullable(value);
    }

    synchronized void put(K key, V value) {
        entries.put(key, value);
    }
}
