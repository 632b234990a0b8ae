package crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The time of day as the program and its PostgreSQL see it, moved at will by libfaketime (Debian package {@code faketime}); what
 * measures durations (CLOCK_MONOTONIC) goes on, as on a machine whose clock is set.
 */
final class Clock {
    private final Path library;
    private final Path offset;

    private Clock(Path library, Path offset) {
        this.library = library;
        this.offset = offset;
    }

    /** A clock that is right so far; absent where the library is not installed. */
    static Optional<Clock> right(Path folder) throws IOException {
        Optional<Path> library;
        try (Stream<Path> found = Files.find(
                Path.of("/usr/lib"), 4, (path, _) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            library = found.findFirst();
        }
        if (library.isEmpty()) {
            return Optional.empty();
        }
        Clock clock = new Clock(library.get(), folder.resolve("clock"));
        clock.set(Duration.ZERO);
        return Optional.of(clock);
    }

    /** Puts it this much before or after the true time, within a second. */
    void set(Duration after) throws IOException {
        Path next = offset.resolveSibling("clock.next");
        Files.writeString(next, "%+ds%n".formatted(after.toSeconds()));
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--")); // PostgreSQL's user reads it too
        Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * What a program has in its environment to live by this clock. The monotonic clock is left alone, and so are waits on it: where
     * libfaketime mends these (its default), every timed wait of the JVM ends at once and all its threads spin.
     */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", offset.toAbsolutePath().toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0",
                "NO_FAKE_STAT", "1");
    }
}
