package tg.gouv.messagerie.platform.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Heads in a folder: a file per day (UTC), one head a line, only ever appended to, on the disk before it counts. */
final class DirectoryHeads implements HeadSink {
    private static final String PREFIX = "messagerie-audit-heads-";
    private static final String SUFFIX = ".txt";

    /** Longer than any head. */
    private static final int LINE_MAX = 2_000;

    private final Path folder;

    /**
     * The heads of a folder.
     *
     * @param folder is not made here: an empty mount point must not pass for what should be mounted there
     */
    DirectoryHeads(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public String name() {
        return "directory:" + folder;
    }

    @Override
    public void append(List<Head> heads) throws IOException {
        SortedMap<LocalDate, List<Head>> days = new TreeMap<>();
        for (Head head : heads) {
            days.computeIfAbsent(LocalDate.ofInstant(head.at(), ZoneOffset.UTC), _ -> new ArrayList<>())
                    .add(head);
        }
        demandFolder();
        for (var day : days.entrySet()) {
            append(folder.resolve(PREFIX + day.getKey() + SUFFIX), day.getValue());
        }
    }

    /**
     * Hands over every line of the folder, the oldest day first.
     *
     * @throws IOException if the folder or a file cannot be read
     */
    void read(Consumer<String> lines) throws IOException {
        demandFolder();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(it -> {
                        String name = String.valueOf(it.getFileName());
                        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
                    })
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                for (String line = next(reader); line != null; line = next(reader)) {
                    lines.accept(line);
                }
            }
        }
    }

    private void append(Path file, List<Head> heads) throws IOException {
        boolean fresh = !Files.exists(file);
        StringBuilder text = new StringBuilder();
        heads.forEach(head -> text.append(head.line()).append('\n'));
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")))) {
            if (!fresh && !endsWithALine(file)) {
                text.insert(0, '\n'); // a write that was cut short stays alone on its line
            }
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        if (fresh) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    private void demandFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
    }

    private static boolean endsWithALine(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            return size == 0 || (channel.read(last, size - 1) == 1 && last.get(0) == '\n');
        }
    }

    /** The next line, cut where no head is so long, so that a file of one endless line fills no memory. */
    private static @Nullable String next(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        int read = reader.read();
        if (read < 0) {
            return null;
        }
        for (; read >= 0 && read != '\n' && line.length() < LINE_MAX; read = reader.read()) {
            line.append((char) read);
        }
        return line.toString();
    }
}
