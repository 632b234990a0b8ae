package tg.gouv.messagerie.mail.smtp;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** How long clients that are slow, silent or hostile are waited for, whatever they speak: SMTP, LMTP, IMAP, ManageSieve. */
public record PatienceSettings(
        @Doc(
                value =
                        "How long a client may stay connected without signing in, where it must (IMAP, submission, ManageSieve).",
                byDefault = "\"5m\"")
        Duration signInTimeout,

        @Doc(
                value =
                        "How long one command or one message may take to arrive, whatever its size; beyond, least-rate counts.",
                byDefault = "\"5m\"")
        Duration arrivalTimeout,

        @Doc(
                value =
                        "How many bytes a second a command or message must bring that takes longer than arrival-timeout; a"
                                + " message of 1 MB may take an hour and ten minutes more at 256B.",
                byDefault = "\"256B\"")
        ByteSize leastRate,

        @Doc(value = "How long a client that does not read what it asked for is waited for.", byDefault = "\"2m\"")
        Duration unreadTimeout) {

    public PatienceSettings {
        demand(signInTimeout, "sign-in-timeout");
        demand(arrivalTimeout, "arrival-timeout");
        demand(unreadTimeout, "unread-timeout");
        if (leastRate.bytes() < 1 || leastRate.bytes() > 1 << 20) {
            throw new IllegalArgumentException("least-rate must be between 1B and 1MB");
        }
    }

    /** Every default. */
    public static PatienceSettings byDefault() {
        return new PatienceSettings(
                Duration.ofMinutes(5), Duration.ofMinutes(5), ByteSize.parse("256B"), Duration.ofMinutes(2));
    }

    /** How long what brought so many bytes until now may take. */
    public Duration arrival(long bytes) {
        return arrivalTimeout.plusSeconds(bytes / leastRate.bytes());
    }

    private static void demand(Duration duration, String name) {
        if (duration.toSeconds() < 1 || duration.toHours() > 24) {
            throw new IllegalArgumentException(name + " must be between 1s and 24h");
        }
    }
}
