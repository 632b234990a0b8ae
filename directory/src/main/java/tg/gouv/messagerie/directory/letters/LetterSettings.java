package tg.gouv.messagerie.directory.letters;

import java.net.URI;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Doc;

/**
 * What every letter with an activation code says.
 *
 * @param page an address that begins with {@code https://}, to which {@code #} and the code are added
 */
public record LetterSettings(
        @Doc("The State's name, at the head of letters with activation codes and of pages.")
        Optional<String> state,

        @Doc(
                "The page where people activate their accounts, such as https://compte.gouv.tg/activer; letters name it, and"
                        + " their QR code opens it. Without it, that of jmap.public-url.")
        Optional<String> page) {
    private static final int STATE_MAX = 100;
    private static final int PAGE_MAX = 200;

    public LetterSettings {
        if (state.filter(it -> it.isBlank() || it.length() > STATE_MAX).isPresent()) {
            throw new IllegalArgumentException("state must be a name of at most " + STATE_MAX + " characters");
        }
        if (page.filter(it -> !isPage(it)).isPresent()) {
            throw new IllegalArgumentException("page must begin with https://, have no # and at most " + PAGE_MAX
                    + " characters, as https://compte.gouv.tg/activer");
        }
    }

    /** Every default. */
    public static LetterSettings byDefault() {
        return new LetterSettings(Optional.empty(), Optional.empty());
    }

    /** The same, with a page where none is set. */
    public LetterSettings or(String otherPage) {
        return new LetterSettings(state, page.or(() -> Optional.of(otherPage).filter(LetterSettings::isPage)));
    }

    private static boolean isPage(String text) {
        try {
            return text.startsWith("https://")
                    && text.length() <= PAGE_MAX
                    && text.indexOf('#') < 0
                    && URI.create(text).getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
