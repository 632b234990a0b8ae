package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Secret;

/** Opens the database that the settings name. */
public final class Databases {
    private Databases() {}

    /**
     * Opens the database beside the program that may run on it, for a command that looks at it. A private PostgreSQL that runs
     * goes on when this is closed; one that does not run is started, and stopped when this is closed.
     *
     * @param dataDirectory where the private one lives; must exist
     * @throws DatabaseRefused if the database cannot be reached or used
     */
    public static Database visit(DatabaseSettings settings, Path dataDirectory) {
        if (settings.url().isPresent()) {
            return open(settings, dataDirectory);
        }
        Path home = dataDirectory.resolve("postgresql");
        try {
            Path cluster = home.resolve("cluster");
            if (!Files.isDirectory(cluster)) {
                throw new DatabaseRefused("There is no PostgreSQL in " + dataDirectory
                        + ": name the data directory or the settings of a program that ran before.");
            }
            Optional<Postmaster> running = Postmaster.of(cluster.toRealPath()).filter(Postmaster::ready);
            if (running.isPresent() && running.get().serves(cluster.toRealPath())) {
                Secret password = new Secret(Files.readString(home.resolve(ServerOwner.NAME + ".password"))
                        .strip());
                return OpenDatabase.open(
                        ServerAddress.embedded(running.get().port(), ServerOwner.NAME, ServerOwner.NAME, password),
                        settings,
                        null);
            }
        } catch (IOException e) {
            throw new DatabaseRefused("The private PostgreSQL in " + home + " cannot be looked at: " + e + ".", e);
        }
        return open(settings, dataDirectory);
    }

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
