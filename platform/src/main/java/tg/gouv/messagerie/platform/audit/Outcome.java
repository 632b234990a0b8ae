package tg.gouv.messagerie.platform.audit;

import java.util.Locale;

/** How an act ended. */
public enum Outcome {
    /** It was done. */
    DONE,
    /** A rule forbade it, or the secret was wrong. */
    REFUSED,
    /** Too many refusals before: it was not looked at. */
    THROTTLED,
    /** Too many at once: later. */
    BUSY;

    /** The outcome as the trail writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
