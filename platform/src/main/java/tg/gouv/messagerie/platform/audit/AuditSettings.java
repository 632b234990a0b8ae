package tg.gouv.messagerie.platform.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Secret;

/** How the audit trail is sealed, and where its heads are kept. */
public record AuditSettings(
        @Doc(
                value = "How often what was written is sealed: chained, and the chain's head signed.",
                byDefault = "\"5s\"")
        Duration sealEvery,

        @Doc(
                value =
                        "Equal sign-ins, refusals and accesses within this time are one row with their number; the number is"
                                + " lost with the process if it is killed.",
                byDefault = "\"1m\"")
        Duration coalesceEvery,

        @Doc(
                value =
                        "How many different sign-ins, refusals and accesses are told apart within coalesce-every; further"
                                + " ones are only counted.",
                byDefault = "10000")
        int kindsMax,

        @Doc(value = "Health is bad when a row has waited for its seal for so long.", byDefault = "\"1m\"")
        Duration alarmAfter,

        @Doc(
                "The folder that keeps the heads outside of this machine, such as another machine's file system mounted here;"
                        + " it must exist. Without it, whoever has this machine can rewrite the trail.")
        Optional<Path> headsDirectory,

        @Doc(
                value = "Health is bad when a head could not be brought to heads-directory for so long.",
                byDefault = "\"15m\"")
        Duration headsAlarmAfter,

        @Doc("The file with the key that signs heads, as another node made it in audit/seal.key of its data directory;"
                + " without it, each node makes its own.")
        Optional<Secret> key,

        @Doc(value = "How many PostgreSQL connections the audit trail uses at once.", byDefault = "3")
        int connectionsMax) {

    public AuditSettings {
        demand(sealEvery.toMillis() >= 10 && sealEvery.toMinutes() < 10, "seal-every must be between 10ms and 10m");
        demand(
                coalesceEvery.isPositive() && coalesceEvery.toHours() < 24,
                "coalesce-every must be between 1ms and 24h");
        demand(kindsMax >= 1 && kindsMax <= 1_000_000, "kinds-max must be between 1 and 1000000");
        demand(alarmAfter.compareTo(sealEvery) > 0, "alarm-after must be more than seal-every");
        demand(headsAlarmAfter.compareTo(sealEvery) > 0, "heads-alarm-after must be more than seal-every");
        demand(connectionsMax >= 3 && connectionsMax <= 100, "connections-max must be between 3 and 100");
    }

    /** Every default. */
    public static AuditSettings byDefault() {
        return new AuditSettings(
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                10_000,
                Duration.ofMinutes(1),
                Optional.empty(),
                Duration.ofMinutes(15),
                Optional.empty(),
                3);
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
