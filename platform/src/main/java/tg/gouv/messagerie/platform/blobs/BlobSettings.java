package tg.gouv.messagerie.platform.blobs;

import java.nio.file.Path;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Doc;

/** Where large objects, such as the bodies of big messages and files, are kept. */
public record BlobSettings(
        @Doc(
                value =
                        "Where large objects are kept: directory (a folder of this machine) or postgresql (the database).",
                byDefault = "\"directory\"")
        Kind kind,

        @Doc("The folder of kind directory, for this program alone; without it, blobs in the data directory.")
        Optional<Path> path,

        @Doc(value = "How many connections kind postgresql uses at once.", byDefault = "4")
        int connectionsMax) {

    /** What keeps the objects. */
    public enum Kind {
        /** The database; backed up with it. */
        POSTGRESQL,
        /** A folder; backed up beside the database. */
        DIRECTORY
    }

    public BlobSettings {
        if (path.isPresent() && kind != Kind.DIRECTORY) {
            throw new IllegalArgumentException("path is for kind directory only");
        }
        if (connectionsMax < 1 || connectionsMax > 1_000) {
            throw new IllegalArgumentException("connections-max must be between 1 and 1000");
        }
    }

    /** Every default. */
    public static BlobSettings byDefault() {
        return new BlobSettings(Kind.DIRECTORY, Optional.empty(), 4);
    }
}
