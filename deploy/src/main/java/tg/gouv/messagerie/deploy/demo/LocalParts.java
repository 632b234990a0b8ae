package tg.gouv.messagerie.deploy.demo;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Gives people the local parts of their addresses, {@code given.family}: ASCII, and a number for the second of a name. */
final class LocalParts {
    private final Map<String, Integer> given = new HashMap<>();

    /** The next person's local part; the same names in the same order always get the same ones. */
    String of(String givenName, String familyName) {
        String base = ascii(givenName) + "." + ascii(familyName);
        int number = given.merge(base, 1, Integer::sum);
        return number == 1 ? base : base + number;
    }

    private static String ascii(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replace("œ", "oe")
                .replace("æ", "ae")
                .replaceAll("\\p{M}|['’]", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
    }
}
