package tg.gouv.messagerie.directory.postgres;

import java.time.Duration;
import java.util.Optional;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.signin.SignInSettings;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** Settings of tests: hashes that cost little, and thresholds that are soon reached. */
final class TestSettings {
    static final int FREE = 3;
    static final Duration WAIT = Duration.ofSeconds(10);
    static final Duration WAIT_MAX = Duration.ofMinutes(10);
    static final Duration WAIT_MAX_KNOWN = Duration.ofSeconds(20);
    static final Duration FORGET = Duration.ofHours(1);
    static final Duration KNOWN = Duration.ofDays(30);
    static final int SITE_FAILURES = 20;
    static final Duration WINDOW = Duration.ofHours(2);

    private TestSettings() {}

    static DirectorySettings cheap() {
        return with(1, 2);
    }

    static DirectorySettings with(int passes, int hashesMax) {
        return new DirectorySettings(
                4,
                2,
                Duration.ofDays(7),
                Duration.ofMinutes(15),
                new SignInSettings(
                        passes,
                        ByteSize.parse("8MB"),
                        1,
                        hashesMax,
                        64,
                        Duration.ofSeconds(10),
                        100,
                        FREE,
                        WAIT,
                        WAIT_MAX,
                        WAIT_MAX_KNOWN,
                        FORGET,
                        KNOWN,
                        SITE_FAILURES,
                        WINDOW,
                        Duration.ofMinutes(1),
                        4,
                        12,
                        5,
                        Duration.ofSeconds(4),
                        Duration.ofMinutes(30),
                        Duration.ofHours(12),
                        false,
                        Optional.empty(),
                        Optional.empty()),
                ImportSettings.byDefault(),
                LetterSettings.byDefault());
    }
}
