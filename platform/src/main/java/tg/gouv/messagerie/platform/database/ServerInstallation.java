package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Everything a private PostgreSQL needs before it can start, held by this program alone until closed.
 *
 * @param user who runs it
 */
record ServerInstallation(ServerUser user, ServerHome home, ServerBinaries binaries) implements AutoCloseable {
    /**
     * Takes the data directory; unpacks the programs and makes the cluster the first time.
     *
     * @throws DatabaseRefused if the directory or its cluster cannot be used
     */
    static ServerInstallation in(Path dataDirectory, EmbeddedSettings settings) throws IOException {
        ServerUser user = ServerUser.choose(settings.runAs());
        ServerHome home = ServerHome.take(dataDirectory, user);
        try {
            ServerCluster.check(home);
            ServerBinaries binaries = ServerBinaries.unpacked(home.folder());
            ServerCluster.make(home, binaries, user);
            return new ServerInstallation(user, home, binaries);
        } catch (IOException | RuntimeException e) {
            home.close();
            throw e;
        }
    }

    Path cluster() {
        return home.cluster();
    }

    @Override
    public void close() {
        home.close();
    }
}
