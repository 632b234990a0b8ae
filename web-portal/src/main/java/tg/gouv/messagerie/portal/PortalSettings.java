package tg.gouv.messagerie.portal;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** The pages: « Mon compte », « Gestion », help. */
public record PortalSettings(
        @Doc(
                "Whom people ask for help, as one line of every page, such as \"Assistance : 22 00 00 00, de 7 h à 17 h\". Without it pages"
                        + " send them to the focal point of their ministry.")
        Optional<String> contact,

        @Doc(value = "The time zone in which pages write hours.", byDefault = "\"Africa/Lome\"")
        String timeZone,

        @Doc(
                value =
                        "How large a form with a file may be, such as one with people to import; a larger one is answered 413.",
                byDefault = "\"64MB\"")
        ByteSize fileMax) {
    private static final int CONTACT_MAX = 200;

    public PortalSettings {
        if (contact.filter(it -> it.isBlank() || it.length() > CONTACT_MAX).isPresent()) {
            throw new IllegalArgumentException("contact must be a line of at most " + CONTACT_MAX + " characters");
        }
        try {
            var _ = ZoneId.of(timeZone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "time-zone must be one of the IANA database, such as Africa/Lome, found " + timeZone, e);
        }
        if (fileMax.bytes() < 1 << 20) {
            throw new IllegalArgumentException("file-max must be 1MB or more");
        }
    }

    /** Every default. */
    public static PortalSettings byDefault() {
        return new PortalSettings(Optional.empty(), "Africa/Lome", ByteSize.parse("64MB"));
    }
}
