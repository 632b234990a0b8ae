package tg.gouv.messagerie.directory.activation;

import java.util.Locale;
import java.util.random.RandomGenerator;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * What a code looks like: {@code K7QM-2XFP-9DTR-4HWA}, 80 bits in base32 with Crockford's alphabet, where no letter is taken for a
 * digit, nor read as another when it is written by hand.
 */
public final class Code {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int CHARACTERS = 16;
    private static final int GROUP = 4;

    /** What somebody types at most; what is longer is no code. */
    private static final int TYPED_MAX = 100;

    private Code() {}

    /** A new one, in groups. */
    public static Secret random(RandomGenerator random) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < CHARACTERS; i++) {
            if (i > 0 && i % GROUP == 0) {
                code.append('-');
            }
            code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new Secret(code.toString());
    }

    /** A code as it is compared: without what typing adds to it or confuses. */
    public static Secret typed(Secret code) {
        String text = code.reveal();
        return new Secret(text.substring(0, Math.min(TYPED_MAX, text.length()))
                .toUpperCase(Locale.ROOT)
                .replaceAll("[\\s\\p{Z}\\p{Pd}]", "")
                .replace('O', '0')
                .replaceAll("[IL]", "1"));
    }
}
