package tg.gouv.messagerie.platform.database;

import java.util.ArrayList;
import java.util.List;

/** How the private PostgreSQL is run; options win over every file of the cluster, so no edit turns durability off. */
final class ServerOptions {
    private ServerOptions() {}

    /** The command that becomes the server. */
    static List<String> command(ServerInstallation place, EmbeddedSettings settings, int port) {
        List<String> command = new ArrayList<>(List.of(
                place.binaries().program("postgres").toString(),
                "-D",
                place.cluster().toString()));
        for (String option : options(settings, port)) {
            command.add("-c");
            command.add(option);
        }
        return command;
    }

    private static List<String> options(EmbeddedSettings settings, int port) {
        return List.of(
                // An acknowledged message is on the disk.
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "wal_compression=pglz", // the archive has no lz4
                // This machine only, by password only.
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "password_encryption=scram-sha-256",
                // A small footprint: no helper processes that nobody needs.
                "max_connections=" + settings.connectionsMax(),
                "shared_buffers=" + settings.sharedBuffers().bytes() / 1024 + "kB",
                "huge_pages=off",
                "io_method=sync",
                "jit=off",
                "max_logical_replication_workers=0",
                "timezone=UTC",
                "cluster_name=messagerie",
                // A log of one week, without the contents of rows: the program itself reports the statements that
                // failed.
                "logging_collector=on",
                "log_directory=log",
                "log_filename=postgresql-%a.log",
                "log_rotation_age=1d",
                "log_rotation_size=0",
                "log_truncate_on_rotation=on",
                "log_file_mode=0600",
                "log_timezone=UTC",
                "log_checkpoints=off",
                "log_min_messages=log",
                "log_min_error_statement=panic",
                "log_error_verbosity=terse");
    }
}
