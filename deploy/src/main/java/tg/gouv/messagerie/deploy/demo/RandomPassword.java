package tg.gouv.messagerie.deploy.demo;

import java.security.SecureRandom;
import tg.gouv.messagerie.platform.settings.Secret;

/** Makes passwords that a person can read aloud and type: four groups of five letters, 90 bits. */
final class RandomPassword {
    /** Lower case, at the same place on no account of a capital; without i, l and o, which look like others: 23 letters, 4.52 bits each. */
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz";

    private static final int GROUPS = 4;
    private static final int GROUP = 5;

    private RandomPassword() {}

    static Secret from(SecureRandom random) {
        StringBuilder password = new StringBuilder();
        for (int letter = 0; letter < GROUPS * GROUP; letter++) {
            if (letter > 0 && letter % GROUP == 0) {
                password.append('-');
            }
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return new Secret(password.toString());
    }
}
