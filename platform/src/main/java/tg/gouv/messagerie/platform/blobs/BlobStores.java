package tg.gouv.messagerie.platform.blobs;

import java.nio.file.Path;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Uuid7;

/** Opens the blob store that the settings name. */
public final class BlobStores {
    private BlobStores() {}

    /**
     * Opens the store, and removes what uploads that a crash cut short have left in it for a day or more.
     *
     * @param database whose schema {@code platform} is up to date
     * @param dataDirectory holds the folder {@code blobs} unless the settings name another
     * @throws BlobsUnavailable if the folder cannot be made or is not ours
     */
    public static Blobs open(BlobSettings settings, Database database, Path dataDirectory) {
        return new CheckedBlobs(
                switch (settings.kind()) {
                    case POSTGRESQL -> {
                        PostgresBlobs blobs = new PostgresBlobs(
                                database.connections("blobs", "platform", settings.connectionsMax()), Uuid7.system());
                        blobs.sweep();
                        yield blobs;
                    }
                    case DIRECTORY ->
                        DirectoryBlobs.in(settings.path().orElse(dataDirectory.resolve("blobs")), Uuid7.system());
                });
    }
}
