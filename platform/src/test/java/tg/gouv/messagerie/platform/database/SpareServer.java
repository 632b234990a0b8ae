package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Secret;

/** A PostgreSQL as an administrator might have set it up, with options that the program would never choose. */
final class SpareServer implements AutoCloseable {
    private final ServerInstallation place;
    private final ServerProcess process;

    private SpareServer(ServerInstallation place, ServerProcess process) {
        this.place = place;
        this.process = process;
    }

    /** Starts it with these options on top of the usual ones. */
    static SpareServer start(String... options) throws IOException, InterruptedException, SQLException {
        EmbeddedSettings settings = EmbeddedSettings.byDefault();
        ServerInstallation place = ServerInstallation.in(folder(), settings);
        Optional<ServerProcess> leftover = ServerProcess.found(place);
        if (leftover.isPresent()) {
            leftover.get().stop(settings.stopTimeout());
        }
        int port = ServerPort.choose(settings);
        List<String> command = new ArrayList<>(ServerOptions.command(place, settings, port));
        for (String option : options) {
            command.add("-c");
            command.add(option); // the last one wins
        }
        Process child = ServerCommand.process(
                        place.user().command(command),
                        place.cluster(),
                        place.home().folder().resolve("start.log"))
                .start();
        while (Postmaster.of(place.cluster()).filter(Postmaster::ready).isEmpty()) {
            if (!child.isAlive()) {
                throw new IOException(Files.readString(place.home().folder().resolve("start.log")));
            }
            Thread.sleep(10);
        }
        ServerOwner.make(place.home(), port);
        return new SpareServer(place, ServerProcess.found(place).orElseThrow());
    }

    /** A file that PostgreSQL's user alone may read. */
    static Path fileForServer(String name, String content) throws IOException {
        try (ServerInstallation place = ServerInstallation.in(folder(), EmbeddedSettings.byDefault())) {
            Path file = place.home().folder().resolve(name);
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, content);
            place.user().own(file);
            return file;
        }
    }

    int port() {
        return process.port();
    }

    /** The password of the program's user. */
    Secret password() throws IOException {
        return place.home().secret(ServerOwner.NAME);
    }

    @Override
    public void close() throws IOException {
        process.stop(Duration.ofSeconds(5));
        place.close();
    }

    private static Path folder() {
        return TestServer.folder().resolve("spare");
    }
}
