package tg.gouv.messagerie.deploy.routes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.settings.Doc;

/** What follows an act elsewhere, and to whom the program writes. */
public record RoutesSettings(
        @Doc(value = "How many PostgreSQL connections routes work on at once.", byDefault = "4")
        int connectionsMax,

        @Doc(
                value =
                        "The addresses of the administrators: the program writes to them when it finds what a person must"
                                + " look at, and in the first one's name when it welcomes somebody.",
                byDefault = "[]")
        List<String> administrators,

        @Doc(
                value = "How often the program looks for what administrators must be told: dead letters, a certificate"
                        + " that ends.",
                byDefault = "\"1m\"")
        Duration lookEvery,

        @Doc(
                value = "How long before the server's certificate ends administrators are told. A certificate of the"
                        + " program's own authority is replaced by itself 14 days before.",
                byDefault = "\"10d\"")
        Duration certificateWarning,

        @Doc("A text of yours at the end of the welcome that a new account receives.")
        Optional<String> welcomeNote) {
    private static final int ADMINISTRATORS_MAX = 50;
    private static final int NOTE_MAX = 4_000;

    public RoutesSettings {
        administrators = List.copyOf(administrators);
        demand(connectionsMax >= 1 && connectionsMax <= 100, "connections-max must be between 1 and 100");
        demand(
                administrators.size() <= ADMINISTRATORS_MAX,
                "administrators must be " + ADMINISTRATORS_MAX + " addresses or fewer");
        for (String each : administrators) {
            demand(MailAddress.parse(each).isPresent(), "administrators must be addresses, found \"" + each + "\"");
        }
        demand(lookEvery.toMillis() >= 100 && lookEvery.toDays() < 1, "look-every must be between 100ms and 24h");
        demand(
                !certificateWarning.isNegative() && certificateWarning.toDays() <= 3_650,
                "certificate-warning must be between 0s and 3650d");
        demand(
                welcomeNote.filter(it -> it.length() > NOTE_MAX).isEmpty(),
                "welcome-note must have at most " + NOTE_MAX + " characters");
    }

    /** Every default. */
    public static RoutesSettings byDefault() {
        return new RoutesSettings(4, List.of(), Duration.ofMinutes(1), Duration.ofDays(10), Optional.empty());
    }

    /** The administrators' addresses. */
    List<MailAddress> addresses() {
        return administrators.stream().map(MailAddress::of).toList();
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
