package tg.gouv.messagerie.platform.backup;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tg.gouv.messagerie.platform.blobs.Blob;
import tg.gouv.messagerie.platform.blobs.BlobId;

/**
 * A line of the list of objects: its SHA-256, its size and its name; {@code -} for what is not known of one that is damaged.
 *
 * @param blob absent if the blob store did not have the object, or not as it was stored
 */
record ObjectLine(BlobId id, Optional<Blob> blob) {
    private static final Pattern LINE =
            Pattern.compile("([0-9a-f]{64}|-) (\\d{1,18}|-) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    /** The line of an object that was copied. */
    static ObjectLine of(Blob blob) {
        return new ObjectLine(blob.id(), Optional.of(blob));
    }

    /** The line that is written. */
    String text() {
        return blob.map(it -> it.sha256() + " " + it.sizeBytes()).orElse("- -") + " " + id + "\n";
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ObjectLine parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || parts.group(1).equals("-") != parts.group(2).equals("-")) {
            throw new IllegalArgumentException("not a line of the list of objects");
        }
        BlobId id = new BlobId(UUID.fromString(parts.group(3)));
        return parts.group(1).equals("-")
                ? new ObjectLine(id, Optional.empty())
                : of(new Blob(id, Long.parseLong(parts.group(2)), parts.group(1)));
    }

    /** Where a backup keeps the object, below its folder: 4,096 folders by the last digits, which are random. */
    static String file(BlobId id) {
        String name = id.toString();
        return "objects/" + name.substring(name.length() - 3) + "/" + name;
    }
}
