package tg.gouv.messagerie.portal.account;

import java.time.Duration;
import tg.gouv.messagerie.portal.pages.Shell;

/** How long somebody is asked to wait, in words. */
final class Waiting {
    private Waiting() {}

    static String sentence(Shell shell, Duration left) {
        long seconds = Math.max(1, left.plusMillis(999).toSeconds());
        return seconds < 90 ? shell.text("wait.seconds", seconds) : shell.text("wait.minutes", (seconds + 59) / 60);
    }
}
