package tg.gouv.messagerie.mail.postgres;

import tg.gouv.messagerie.platform.settings.Doc;

/** What happens to events that a part of the mail server cannot handle. */
public record EventSettings(
        @Doc(
                value =
                        "How many events are kept that a part of the mail server could not handle; when there are more, the"
                                + " oldest go.",
                byDefault = "10000")
        int deadLettersMax) {
    public EventSettings {
        if (deadLettersMax < 1 || deadLettersMax > 1_000_000) {
            throw new IllegalArgumentException("dead-letters-max must be between 1 and 1000000");
        }
    }

    /** Every default. */
    public static EventSettings byDefault() {
        return new EventSettings(10_000);
    }
}
