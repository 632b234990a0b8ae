package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.SequencedMap;
import org.apache.james.GuiceJamesServer;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.mail.filters.ManageSieveParts;
import tg.gouv.messagerie.mail.filters.ManageSieveServer;
import tg.gouv.messagerie.platform.database.Connections;

/** The mail server, running until closed. */
public final class MailServer implements AutoCloseable {
    private final GuiceJamesServer james;
    private final MailParts parts;
    private final Doors doors;
    private final JmapKey jmapKey;
    private final Running running;
    private final ManageSieveServer filters;

    private MailServer(
            GuiceJamesServer james, MailParts parts, Doors doors, JmapKey jmapKey, ManageSieveServer filters) {
        this.james = james;
        this.parts = parts;
        this.doors = doors;
        this.jmapKey = jmapKey;
        this.running = james.getProbe(Running.class);
        this.filters = filters;
    }

    /**
     * Brings the schema {@code mail} up to date and starts listening.
     *
     * @throws MailRefused if it cannot start; nothing is left running
     */
    public static MailServer start(MailSettings settings, MailParts parts) {
        parts.database().migrate("mail");
        Connections connections = parts.database().connections("mail", "mail", settings.connectionsMax());
        MailStorage storage =
                new MailStorage(connections, parts.blobs(), new DirectoryOwners(parts.directory()));
        Doors doors = new Doors(settings);
        JmapKey jmapKey = JmapKey.random(new SecureRandom(), parts.clock());
        GuiceJamesServer james = JamesAssembly.server(
                settings, doors, folder(parts.data()), new OurParts(settings, parts, storage, doors, jmapKey));
        try {
            james.start();
            Running running = james.getProbe(Running.class);
            ManageSieveServer filters = ManageSieveServer.start(new ManageSieveParts(
                    settings.managesieve(),
                    settings.hostName(),
                    parts.signIns(),
                    parts.identity(),
                    running.scripts(),
                    running.parser()));
            return new MailServer(james, parts, doors, jmapKey, filters);
        } catch (Exception e) {
            james.stop();
            throw new MailRefused(e);
        }
    }

    private static Path folder(Path data) {
        try {
            return Files.createDirectories(data.resolve("mail"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ports that are listened on: smtp, submission, submissions, lmtp, imap, imaps, managesieve. */
    public SequencedMap<String, Integer> ports() {
        SequencedMap<String, Integer> ports = doors.ports();
        ports.put("managesieve", filters.port());
        return ports;
    }

    /** Where JMAP answers, on the loopback interface, for requests that carry {@link JmapKey#HEADER}. */
    public URI jmap() {
        return running.jmap().uri();
    }

    /** The key with which the HTTP door signs whom a JMAP request is for. */
    public JmapKey jmapKey() {
        return jmapKey;
    }

    /** Accepts messages of the program itself. */
    public Submission submission() {
        return running.submission();
    }

    /**
     * How many accepted messages wait for their delivery.
     *
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer
     */
    public long queued() {
        return running.submission().queued();
    }

    /** Whether every door is open and PostgreSQL answers. */
    public boolean isWell() {
        return james.isStarted() && doors.areOpen() && filters.isOpen() && parts.database().answers();
    }

    @Override
    public void close() {
        filters.close();
        james.stop();
    }
}
