package tg.gouv.messagerie.deploy;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.platform.blobs.BlobSettings;

/** How much room is left where the program keeps things on this machine. */
final class Disks {
    private final Map<String, Path> places = new LinkedHashMap<>();

    Disks(Path data, BlobSettings blobs) {
        places.put("data", data);
        if (blobs.kind() == BlobSettings.Kind.DIRECTORY) {
            places.put("blobs", blobs.path().orElse(data.resolve("blobs")));
        }
    }

    /** The places, by their names in metrics. */
    Iterable<String> names() {
        return places.keySet();
    }

    /** Bytes that the program may still write at a place; -1 if that cannot be said. */
    long free(String name) {
        return store(name).map(FileRoom::free).orElse(-1L);
    }

    /** The part of a place that is free, from 0 to 1; -1 if that cannot be said. */
    double freeRatio(String name) {
        return store(name)
                .filter(it -> it.total() > 0)
                .map(it -> (double) it.free() / it.total())
                .orElse(-1.0);
    }

    private record FileRoom(long free, long total) {}

    private Optional<FileRoom> store(String name) {
        Path place = places.get(name);
        try {
            if (place == null || !Files.exists(place)) {
                return Optional.empty();
            }
            FileStore store = Files.getFileStore(place);
            return Optional.of(new FileRoom(store.getUsableSpace(), store.getTotalSpace()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
