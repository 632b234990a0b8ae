package tg.gouv.messagerie.directory.ldap;

import java.time.Duration;
import java.util.Optional;
import org.apache.directory.api.ldap.model.name.Dn;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** Where the directory is asked over LDAP, and within which bounds. */
public record LdapSettings(
        @Doc(
                value = "Address and port for LDAP; before StartTLS only the root entry may be read.",
                byDefault = "\"127.0.0.1:389\"")
        Endpoint listen,

        @Doc(value = "Address and port for LDAP over TLS (LDAPS).", byDefault = "\"127.0.0.1:636\"")
        Endpoint listenTls,

        @Doc(
                "The name below which every entry is, such as \"dc=gouv,dc=tg\"; without it, that of the first domain of the directory.")
        Optional<String> base,

        @Doc(value = "How many PostgreSQL connections LDAP uses at once.", byDefault = "6")
        int databaseConnectionsMax,

        @Doc(value = "How many clients may be connected at once.", byDefault = "4000")
        int clientsMax,

        @Doc(value = "How many connections one address may have at once.", byDefault = "500")
        int clientsPerAddressMax,

        @Doc(value = "The largest request that is read.", byDefault = "\"1MB\"")
        ByteSize requestSizeMax,

        @Doc(
                value = "How long a client may be silent in the middle of a request, or before it has signed in.",
                byDefault = "\"30s\"")
        Duration patience,

        @Doc(value = "How long a client that has signed in may be silent.", byDefault = "\"15m\"")
        Duration idleTimeout,

        @Doc(value = "How long a search may take.", byDefault = "\"20s\"")
        Duration searchTimeMax,

        @Doc(value = "How many entries a search, or a page of one, answers.", byDefault = "1000")
        int entriesMax,

        @Doc(
                value =
                        "Among how many entries a search looks that no index narrows; beyond that it is refused (53) to who"
                                + " is no administrator.",
                byDefault = "2000")
        int unindexedEntriesMax) {

    public LdapSettings {
        demand(base.isEmpty() || isBase(base.get()), "base must be a distinguished name such as \"dc=gouv,dc=tg\"");
        demand(
                databaseConnectionsMax >= 2 && databaseConnectionsMax <= 1_000,
                "database-connections-max must be between 2 and 1000");
        demand(clientsMax >= 1 && clientsMax <= 100_000, "clients-max must be between 1 and 100000");
        demand(clientsPerAddressMax >= 1, "clients-per-address-max must be 1 or more");
        demand(
                requestSizeMax.bytes() >= 4_096 && requestSizeMax.bytes() <= 64 << 20,
                "request-size-max must be between 4KB and 64MB");
        demand(patience.toSeconds() >= 1, "patience must be 1s or more");
        demand(idleTimeout.toSeconds() >= 1, "idle-timeout must be 1s or more");
        demand(searchTimeMax.toSeconds() >= 1, "search-time-max must be 1s or more");
        demand(entriesMax >= 1, "entries-max must be 1 or more");
        demand(unindexedEntriesMax >= 1, "unindexed-entries-max must be 1 or more");
    }

    /** The standard ports on the loopback interface, with every default. */
    public static LdapSettings byDefault() {
        return new LdapSettings(
                Endpoint.parse("127.0.0.1:389"),
                Endpoint.parse("127.0.0.1:636"),
                Optional.empty(),
                6,
                4_000,
                500,
                ByteSize.parse("1MB"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(15),
                Duration.ofSeconds(20),
                1_000,
                2_000);
    }

    private static boolean isBase(String text) {
        return !text.isBlank() && Dn.isValid(text);
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
