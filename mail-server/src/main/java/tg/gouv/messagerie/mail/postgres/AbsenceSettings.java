package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** How people who are away are answered for. */
public record AbsenceSettings(
        @Doc(
                value = "The longest text of an absence: subject, plain text and HTML together, in UTF-8.",
                byDefault = "\"64KB\"")
        ByteSize textSizeMax,

        @Doc(
                value =
                        "How long a sender who was told of an absence is not told again. RFC 3834 asks for some days; a script"
                                + " may ask for more with :days.",
                byDefault = "\"7d\"")
        Duration answerAgainAfter,

        @Doc(
                value =
                        "How many senders one absence remembers at once; when it remembers so many, nobody else is answered.",
                byDefault = "10000")
        int sendersMax) {

    public AbsenceSettings {
        demand(
                textSizeMax.bytes() >= 1024 && textSizeMax.bytes() <= 1 << 20,
                "text-size-max must be between 1KB and 1MB");
        demand(
                answerAgainAfter.toDays() >= 1 && answerAgainAfter.toDays() <= 30,
                "answer-again-after must be between 1d and 30d (RFC 5230 section 4.1)");
        demand(sendersMax >= 1 && sendersMax <= 1_000_000, "senders-max must be between 1 and 1000000");
    }

    /** Every default. */
    public static AbsenceSettings byDefault() {
        return new AbsenceSettings(ByteSize.parse("64KB"), Duration.ofDays(7), 10_000);
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
