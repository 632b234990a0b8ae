package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tg.gouv.messagerie.platform.settings.Secret;

/** PostgreSQL's data: one folder, made once, that belongs to one major version. */
final class ServerCluster {
    static final String SUPERUSER = "postgres";

    private static final Duration INITDB_MAX = Duration.ofMinutes(3);

    private ServerCluster() {}

    /**
     * Looks at the cluster, if there is one.
     *
     * @throws DatabaseRefused if what is there is not a cluster of our version, or its password is missing
     */
    static void check(ServerHome home) throws IOException {
        if (Files.exists(home.cluster())) {
            demandOurVersion(home.cluster());
            if (!home.hasSecret(SUPERUSER)) {
                throw new DatabaseRefused("The password of the private PostgreSQL is missing: put back "
                        + home.secretFile(SUPERUSER) + " from the backup.");
            }
        }
    }

    /**
     * Makes the cluster if there is none: data checksums, UTF-8, an order of texts that no library update changes, passwords
     * by SCRAM only. The cluster appears whole or not at all.
     */
    static void make(ServerHome home, ServerBinaries binaries, ServerUser user) throws IOException {
        Path cluster = home.cluster();
        if (Files.exists(cluster)) {
            return;
        }
        Path filling = Folders.temporary(home.folder(), "cluster");
        Path password = Files.createTempFile(home.folder(), "initdb.tmp", "");
        try {
            user.own(filling);
            user.own(password);
            Secret secret = home.secret(SUPERUSER);
            Files.writeString(password, secret.reveal());
            ServerCommand.run(
                    user.command(List.of(
                            binaries.program("initdb").toString(),
                            "--pgdata=" + filling,
                            "--username=" + SUPERUSER,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--data-checksums",
                            "--encoding=UTF8",
                            "--no-locale",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--text-search-config=simple",
                            "--no-instructions")),
                    home.folder(),
                    INITDB_MAX);
        } finally {
            Files.delete(password);
        }
        Folders.renameDurably(filling, cluster);
    }

    private static void demandOurVersion(Path cluster) throws IOException {
        Path version = cluster.resolve("PG_VERSION");
        if (!Files.exists(version)) {
            throw new DatabaseRefused("The folder " + cluster + " holds " + count(cluster)
                    + " files or folders but no PostgreSQL cluster: move it away, or name another data directory.");
        }
        String major = Files.readString(version).strip();
        if (!major.equals(ServerBinaries.MAJOR)) {
            throw new DatabaseRefused("The cluster " + cluster + " belongs to PostgreSQL " + major
                    + ", this program brings " + ServerBinaries.MAJOR
                    + ": restore its backup into a new data directory, or run the version that made it.");
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
