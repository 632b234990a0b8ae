package tg.gouv.messagerie.directory.signin;

import java.time.Duration;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Secret;

/** What a password costs to check, and how many wrong ones are too many. */
public record SignInSettings(
        @Doc(
                value =
                        "Passes of Argon2id over its memory; a password hashed with other parameters is hashed again when"
                                + " its owner signs in.",
                byDefault = "2")
        int hashPasses,

        @Doc(value = "Memory of one Argon2id hash.", byDefault = "\"19MB\"")
        ByteSize hashMemory,

        @Doc(value = "Lanes of Argon2id.", byDefault = "1") int hashLanes,

        @Doc(value = "How many passwords are hashed at once; 0 is one per processor.", byDefault = "0")
        int hashesMax,

        @Doc(value = "How many sign-ins may wait for a hash; the next one is told to try again.", byDefault = "256")
        int hashesWaitingMax,

        @Doc(value = "How long a sign-in waits for a hash before it is told to try again.", byDefault = "\"5s\"")
        Duration hashWait,

        @Doc(
                value =
                        "How many recent answers of hashes are remembered, so that mail clients, which sign in often, cost"
                                + " no hash; they are keyed digests in memory, lost at a stop.",
                byDefault = "20000")
        int verifiedMax,

        @Doc(
                value = "How many different wrong secrets an account is forgiven from one network (/24, /64 for IPv6);"
                        + " every further one makes this account wait in this network.",
                byDefault = "5")
        int failuresFree,

        @Doc(value = "The first such wait; each further wrong secret doubles it.", byDefault = "\"5s\"")
        Duration waitFirst,

        @Doc(value = "The longest such wait.", byDefault = "\"15m\"")
        Duration waitMax,

        @Doc(
                value =
                        "The longest such wait in a network from which the account signed in within known-for, so that a"
                                + " neighbour cannot keep its owner out.",
                byDefault = "\"30s\"")
        Duration waitMaxKnown,

        @Doc(
                value = "How long an account's wrong secrets from a network are remembered after the last one.",
                byDefault = "\"1h\"")
        Duration forgetAfter,

        @Doc(
                value = "How long a network from which an account signed in is known to be the account's: the bound of"
                        + " network-failures-max does not concern it there.",
                byDefault = "\"30d\"")
        Duration knownFor,

        @Doc(
                value =
                        "How many wrong secrets a network (/24, /48 for IPv6) may give within network-window, all accounts"
                                + " together; from then to the end of the window it is closed to accounts that are not known there.",
                byDefault = "300")
        int networkFailuresMax,

        @Doc(value = "See network-failures-max.", byDefault = "\"1h\"")
        Duration networkWindow,

        @Doc(
                value =
                        "Sign-ins of one account, network, protocol and outcome within this time are one line of the log,"
                                + " with a count.",
                byDefault = "\"1m\"")
        Duration logEvery,

        @Doc(value = "How many PostgreSQL connections sign-ins use at once.", byDefault = "4")
        int connectionsMax,

        @Doc(
                value = "How many characters a password that somebody chooses has at least; passwords do not expire.",
                byDefault = "12")
        int passwordLengthMin,

        @Doc(value = "How many device passwords a person may have.", byDefault = "20")
        int devicePasswordsMax,

        @Doc(
                value =
                        "How often a node looks whether what its open sessions stand on is still so; it is told at once, and"
                                + " this is for what it was not told.",
                byDefault = "\"4s\"")
        Duration sessionsEvery,

        @Doc(value = "How long a session in a browser lasts without a request.", byDefault = "\"30m\"")
        Duration webSessionIdle,

        @Doc(
                value = "How long a session in a browser lasts whatever happens; then its owner signs in again.",
                byDefault = "\"12h\"")
        Duration webSessionMax,

        @Doc(
                value =
                        "Whether those who have a right in the State must have a second factor before the administration's API"
                                + " does anything for them but turn one on.",
                byDefault = "true")
        boolean secondFactorOfAdministrators,

        @Doc(
                "The file of the key under which telephones' secrets lie in the database: that of one node, for the others; without it, a"
                        + " node makes its own in its data directory (directory/second-factor.key).")
        Optional<Secret> secondFactorKey,

        @Doc(
                "A provider of identities whose access tokens sign people in to mail (OAUTHBEARER, XOAUTH2, and JMAP's Bearer).")
        Optional<OpenIdSettings> openid) {

    /** RFC 9106 section 3.1 allows less than this memory; nothing below it is safe to store. */
    private static final long MEMORY_MIN = 8L << 20;

    private static final long MEMORY_MAX = 1L << 30;

    public SignInSettings {
        demand(hashPasses >= 1 && hashPasses <= 100, "hash-passes must be between 1 and 100");
        demand(hashMemory.bytes() >= MEMORY_MIN && hashMemory.bytes() <= MEMORY_MAX, "hash-memory must be 8MB to 1GB");
        demand(hashMemory.bytes() % 1024 == 0, "hash-memory must be a whole number of KB");
        demand(hashLanes >= 1 && hashLanes <= 16, "hash-lanes must be between 1 and 16");
        demand(hashesMax >= 0 && hashesMax <= 1_000, "hashes-max must be between 0 and 1000");
        demand(hashesWaitingMax >= 1 && hashesWaitingMax <= 100_000, "hashes-waiting-max must be 1 to 100000");
        demand(hashWait.isPositive(), "hash-wait must be more than 0s");
        demand(verifiedMax >= 1 && verifiedMax <= 10_000_000, "verified-max must be between 1 and 10000000");
        demand(failuresFree >= 1, "failures-free must be 1 or more");
        demand(waitFirst.isPositive(), "wait-first must be more than 0s");
        demand(waitMax.compareTo(waitFirst) >= 0, "wait-max must be wait-first or more");
        demand(
                waitMaxKnown.compareTo(waitFirst) >= 0 && waitMaxKnown.compareTo(waitMax) <= 0,
                "wait-max-known must be between wait-first and wait-max");
        demand(forgetAfter.compareTo(waitMax) > 0, "forget-after must be more than wait-max");
        demand(knownFor.toHours() >= 1, "known-for must be 1h or more");
        demand(networkFailuresMax >= failuresFree, "network-failures-max must be failures-free or more");
        demand(networkWindow.isPositive(), "network-window must be more than 0s");
        demand(logEvery.isPositive(), "log-every must be more than 0s");
        demand(connectionsMax >= 1 && connectionsMax <= 1_000, "connections-max must be between 1 and 1000");
        demand(passwordLengthMin >= 8 && passwordLengthMin <= 64, "password-length-min must be between 8 and 64");
        demand(devicePasswordsMax >= 1 && devicePasswordsMax <= 200, "device-passwords-max must be between 1 and 200");
        demand(
                sessionsEvery.toMillis() >= 100 && sessionsEvery.toMinutes() <= 10,
                "sessions-every must be between 100ms and 10m");
        // when a session was used is noted to a minute
        demand(webSessionIdle.toMinutes() >= 5, "web-session-idle must be 5m or more");
        demand(
                webSessionMax.compareTo(webSessionIdle) >= 0 && webSessionMax.toDays() <= 30,
                "web-session-max must be between web-session-idle and 30d");
    }

    /** Every default. */
    public static SignInSettings byDefault() {
        return new SignInSettings(
                2,
                ByteSize.parse("19MB"),
                1,
                0,
                256,
                Duration.ofSeconds(5),
                20_000,
                5,
                Duration.ofSeconds(5),
                Duration.ofMinutes(15),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                Duration.ofDays(30),
                300,
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                4,
                12,
                20,
                Duration.ofSeconds(4),
                Duration.ofMinutes(30),
                Duration.ofHours(12),
                true,
                Optional.empty(),
                Optional.empty());
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
