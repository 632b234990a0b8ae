package tg.gouv.messagerie.mail.transfer.outgoing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.settings.Secret;

/** How mail is handed to other servers, with {@code mail.outside = "send"}. */
public record OutgoingSettings(
        @Doc(
                "Host and port of a relay that takes all mail, such as smtp.example.tg:587; without it each domain's own"
                        + " servers are asked for (MX). TLS is demanded: on port 465 from the first byte, on others by STARTTLS.")
        Optional<Endpoint> relay,

        @Doc("The name with which this server signs in at the relay (AUTH).")
        Optional<String> relayUser,

        @Doc("The file that holds the secret for relay-user.")
        Optional<Secret> relaySecret,

        @Doc("The file of certificates (PEM) that may have signed the relay's; without it, the authorities that Java"
                + " trusts.")
        Optional<Path> relayAuthority,

        @Doc(
                value = "Encryption towards other domains' servers: \"opportunistic\" encrypts whenever they offer it,"
                        + " \"required\" never sends to those who do not.",
                byDefault = "\"opportunistic\"")
        Encryption encryption,

        @Doc(value = "How many connections to other servers at once.", byDefault = "32")
        int connectionsMax,

        @Doc(value = "How many of them to one destination.", byDefault = "4")
        int connectionsPerDestinationMax,

        @Doc(value = "How many messages one connection carries.", byDefault = "100")
        int messagesPerConnectionMax,

        @Doc(value = "How long to wait until a server takes the connection.", byDefault = "\"30s\"")
        Duration connectTimeout,

        @Doc(
                value = "How long after a failure it is tried again; each further time doubles it, more or less.",
                byDefault = "\"5m\"")
        Duration retryFirst,

        @Doc(value = "The longest time between two tries.", byDefault = "\"2h\"")
        Duration retryMost,

        @Doc(value = "After how long the sender is told that a message is still on its way.", byDefault = "\"4h\"")
        Duration warnAfter,

        @Doc(
                value = "After how long a message is returned to its sender (RFC 5321 section 4.5.4.1: 4 to 5 days).",
                byDefault = "\"5d\"")
        Duration giveUpAfter,

        @Doc(
                value = "How long mail is kept that failed and of which nobody can be told, such as a report.",
                byDefault = "\"30d\"")
        Duration deadRetention,

        @Doc(
                value = "For how long a node owns what it is sending; when it dies, another sends that again after it.",
                byDefault = "\"10m\"")
        Duration lease,

        @Doc(value = "How often the queue is looked at when nothing announces new mail.", byDefault = "\"1s\"")
        Duration poll,

        @Doc(value = "How many connections to PostgreSQL it uses at once.", byDefault = "4")
        int databaseConnectionsMax) {
    /** What is demanded of other domains' servers. */
    public enum Encryption {
        /** Encrypted if they can. */
        OPPORTUNISTIC,
        /** Encrypted or not at all. */
        REQUIRED
    }

    public OutgoingSettings {
        demand(relayUser.isPresent() == relaySecret.isPresent(), "relay-user and relay-secret are given together");
        demand(relay.isPresent() || relayUser.isEmpty(), "relay-user must be given with relay only");
        demand(relay.isPresent() || relayAuthority.isEmpty(), "relay-authority must be given with relay only");
        demand(relay.isEmpty() || relay.get().port() > 0, "relay must have a port");
        demand(connectionsMax >= 2 && connectionsMax <= 1_000, "connections-max must be between 2 and 1000");
        demand(
                connectionsPerDestinationMax >= 1 && connectionsPerDestinationMax <= connectionsMax,
                "connections-per-destination-max must be between 1 and connections-max");
        demand(messagesPerConnectionMax >= 1, "messages-per-connection-max must be 1 or more");
        demand(connectTimeout.toMillis() >= 1, "connect-timeout must be 1ms or more");
        demand(retryFirst.isPositive(), "retry-first must be more than 0s");
        demand(retryMost.compareTo(retryFirst) >= 0, "retry-most must be retry-first or more");
        demand(warnAfter.compareTo(giveUpAfter) <= 0, "warn-after must be give-up-after or less");
        demand(deadRetention.toHours() >= 1, "dead-retention must be 1h or more");
        demand(lease.toSeconds() >= 1, "lease must be 1s or more");
        demand(poll.toMillis() >= 10 && poll.toMinutes() < 10, "poll must be between 10ms and 10m");
        demand(
                databaseConnectionsMax >= 1 && databaseConnectionsMax <= 1_000,
                "database-connections-max must be between 1 and 1000");
    }

    /** Every default: no relay. */
    public static OutgoingSettings byDefault() {
        return new OutgoingSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Encryption.OPPORTUNISTIC,
                32,
                4,
                100,
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofHours(2),
                Duration.ofHours(4),
                Duration.ofDays(5),
                Duration.ofDays(30),
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                4);
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
