package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.file.Path;

/** Opens the database that the settings name. */
public final class Databases {
    private Databases() {}

    /**
     * Opens the external PostgreSQL of the settings, or starts the private one.
     *
     * @param dataDirectory where the private one lives, in {@code postgresql}; made if need be
     * @throws DatabaseRefused if the program must not run on it; nothing was changed
     */
    public static Database open(DatabaseSettings settings, Path dataDirectory) {
        if (settings.url().isPresent()) {
            return OpenDatabase.open(ServerAddress.external(settings), settings, null);
        }
        EmbeddedServer server = EmbeddedServer.start(settings.embedded(), dataDirectory);
        try {
            return OpenDatabase.open(server.address(ServerOwner.NAME), settings, server);
        } catch (IOException e) {
            server.close();
            throw new DatabaseRefused("The private PostgreSQL cannot be used: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }
}
