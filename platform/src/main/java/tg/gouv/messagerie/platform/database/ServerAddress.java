package tg.gouv.messagerie.platform.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;
import tg.gouv.messagerie.platform.settings.Secret;

/** Where a database is, who signs in there, and whether the way to it leaves the machine. */
record ServerAddress(String url, String user, Secret password, Transport transport) {
    private static final int CONNECT_SECONDS = 5;

    /** How the bytes travel. */
    sealed interface Transport {
        /** Inside this machine, in clear. */
        record Loopback() implements Transport {}

        /** Over a network: encrypted, and the certificate must be for the host of the URL. */
        record Verified(Optional<Path> authority) implements Transport {}
    }

    /** The address that the settings name. */
    static ServerAddress external(DatabaseSettings settings) {
        String url = settings.url().orElseThrow();
        Transport transport =
                ExternalUrl.isLoopback(url) && settings.rootCertificate().isEmpty()
                        ? new Transport.Loopback()
                        : new Transport.Verified(settings.rootCertificate());
        return new ServerAddress(url, settings.user(), settings.password().orElseThrow(), transport);
    }

    /** A database of the private server. */
    static ServerAddress embedded(int port, String database, String user, Secret password) {
        return new ServerAddress(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database, user, password, new Transport.Loopback());
    }

    /**
     * Opens connections to this address, one at a time.
     *
     * @param application shown in {@code pg_stat_activity}
     * @param silence how long the socket may stay silent before the connection is given up; zero for ever
     * @param session settings of PostgreSQL that hold for each connection, written {@code -c name=value}
     */
    PGSimpleDataSource dataSource(String application, Duration silence, String session) {
        PGSimpleDataSource source = new Source();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password.reveal());
        source.setApplicationName(application);
        source.setOptions(session);
        int silenceSeconds = Math.toIntExact(silence.toSeconds());
        source.setConnectTimeout(silence.isZero() ? CONNECT_SECONDS : Math.min(CONNECT_SECONDS, silenceSeconds));
        source.setSocketTimeout(silenceSeconds);
        source.setTcpKeepAlive(true);
        source.setPrepareThreshold(3);
        source.setReWriteBatchedInserts(true);
        // DETAIL repeats the values of a row: people's addresses would reach the log.
        source.setLogServerErrorDetail(false);
        source.setGssEncMode("disable");
        switch (transport) {
            case Transport.Loopback() -> source.setSslMode("disable");
            case Transport.Verified(Optional<Path> authority) -> {
                source.setSslMode("verify-full");
                authority.ifPresentOrElse(
                        file -> source.setSslRootCert(file.toString()),
                        () -> source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory"));
            }
        }
        return source;
    }

    /**
     * The pool would give a connection no longer to open than one try of a borrower lasts, in a thread of its own: on a busy
     * machine none would ever open.
     */
    private static final class Source extends PGSimpleDataSource {
        private static final long serialVersionUID = 1;

        @Override
        public void setLoginTimeout(int seconds) {
            // the socket's own limits hold
        }

        /** How long the pool waits, when it is closed, for a connection that is being opened. */
        @Override
        public int getLoginTimeout() {
            return 1;
        }
    }
}
