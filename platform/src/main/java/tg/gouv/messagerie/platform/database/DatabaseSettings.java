package tg.gouv.messagerie.platform.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Secret;

/** Which PostgreSQL holds the program's data, and how long the program waits for it. */
public record DatabaseSettings(
        @Doc("The PostgreSQL to use, such as \"jdbc:postgresql://db.example:5432/messagerie\" (version 15 or later);"
                + " without it the program runs a private one in its data directory, for one machine only.")
        Optional<String> url,

        @Doc(value = "The PostgreSQL user that owns the database named in the URL.", byDefault = "\"messagerie\"")
        String user,

        @Doc("The file that holds this user's password; demanded with a URL.")
        Optional<Secret> password,

        @Doc("The PEM file of the authority that signed PostgreSQL's certificate; without it, the authorities Java"
                + " knows. With a URL that leaves this machine the connection is always encrypted and checked.")
        Optional<Path> rootCertificate,

        @Doc(value = "How long an operation waits for a free connection.", byDefault = "\"5s\"")
        Duration acquireTimeout,

        @Doc(
                value = "How many operations of one role may wait for a connection; the next one is refused at once.",
                byDefault = "1000")
        int waitingMax,

        @Doc(value = "How long one SQL statement may take.", byDefault = "\"30s\"")
        Duration statementTimeout,

        @Doc(value = "How long a transaction may do nothing before PostgreSQL ends it.", byDefault = "\"60s\"")
        Duration idleInTransactionTimeout,

        @Doc("The private PostgreSQL, when there is no URL.")
        EmbeddedSettings embedded) {

    public DatabaseSettings {
        ExternalUrl.check(url);
        demand(!user.isBlank(), "user must be given");
        demand(url.isEmpty() || password.isPresent(), "password must name the file of the password when url is given");
        demand(acquireTimeout.isPositive(), "acquire-timeout must be more than 0s");
        demand(waitingMax >= 1, "waiting-max must be 1 or more");
        demand(statementTimeout.isPositive(), "statement-timeout must be more than 0s");
        demand(idleInTransactionTimeout.isPositive(), "idle-in-transaction-timeout must be more than 0s");
    }

    /** The private PostgreSQL with every default. */
    public static DatabaseSettings embeddedByDefault() {
        return new DatabaseSettings(
                Optional.empty(),
                "messagerie",
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(5),
                1000,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                EmbeddedSettings.byDefault());
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
