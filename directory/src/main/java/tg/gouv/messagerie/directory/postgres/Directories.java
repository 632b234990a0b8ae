package tg.gouv.messagerie.directory.postgres;

import java.security.SecureRandom;
import java.time.Clock;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.signin.PasswordHashes;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Uuid7;

/** The directory in PostgreSQL, open until closed: look-ups, sign-in, provisioning. */
public final class Directories implements AutoCloseable {
    private final PostgresDirectory directory;
    private final SignIns signIns;
    private final PasswordHashes hashes;
    private final Provisioning provisioning;

    private Directories(
            PostgresDirectory directory, SignIns signIns, Provisioning provisioning, PasswordHashes hashes) {
        this.hashes = hashes;
        this.directory = directory;
        this.signIns = signIns;
        this.provisioning = provisioning;
    }

    /**
     * Brings the schema {@code directory} up to date and opens the directory, on connections of its own.
     *
     * @param clock tells who holds a position now and how long somebody must wait to sign in
     * @param random of salts, keys and ids
     * @throws tg.gouv.messagerie.platform.database.DatabaseRefused if the program must not run on this schema, or PostgreSQL
     *     allows too few connections
     */
    public static Directories open(Database database, DirectorySettings settings, Clock clock, SecureRandom random) {
        database.migrate("directory");
        PostgresDirectory directory =
                new PostgresDirectory(database.connections("directory", "directory", settings.connectionsMax()), clock);
        PasswordHashes hashes = new PasswordHashes(settings.signIn(), random);
        PostgresProvisioning provisioning = new PostgresProvisioning(
                database.connections("provisioning", "directory", settings.provisioningConnectionsMax()),
                clock,
                new Uuid7(clock, random),
                hashes);
        return new Directories(directory, (_, _, _, _) -> new SignIn.Refused(), provisioning, hashes);
    }

    /** Look-ups. */
    public Directory directory() {
        return directory;
    }

    /** The one way to sign in. */
    public SignIns signIns() {
        return signIns;
    }

    /** The one way to write the directory. */
    public Provisioning provisioning() {
        return provisioning;
    }

    /** How many accounts there are, people's and functions', whatever their state. */
    public long accounts() {
        return directory.accounts();
    }

    /** Ends what runs for the directory; the connections are the database's to close. */
    @Override
    public void close() {
        hashes.close();
    }
}
