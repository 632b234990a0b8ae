package tg.gouv.messagerie.platform.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was perhaps meant. */
final class Suggestion {
    /** Nobody mistypes a longer word by accident, and comparing takes the product of the lengths. */
    private static final int LENGTH_MAX = 64;

    private Suggestion() {}

    /**
     * The known word that the written one is a few slips away from. The case and the kind of separator do not count, and
     * parts in another order ({@code max-mesage-size} for {@code message-size-max}) are one slip.
     */
    static Optional<String> closest(String written, Collection<String> known) {
        String word = bare(written);
        String ordered = ordered(written);
        String closest = "";
        int least = Math.min(3, Math.max(1, word.length() / 3)) + 1;
        for (String candidate : known) {
            int slips = word.length() > LENGTH_MAX
                    ? least
                    : Math.min(slips(word, bare(candidate)), 1 + slips(ordered, ordered(candidate)));
            if (slips < least) {
                least = slips;
                closest = candidate;
            }
        }
        return closest.isEmpty() ? Optional.empty() : Optional.of(closest);
    }

    static String bare(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "").replace(" ", "");
    }

    private static String ordered(String word) {
        return Stream.of(word.toLowerCase(Locale.ROOT).split("[-_ ]", LENGTH_MAX))
                .sorted()
                .collect(Collectors.joining());
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    private static int slips(String from, String to) {
        int[][] slips = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    slips[i][j] = i + j;
                    continue;
                }
                int replaced = slips[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                slips[i][j] = Math.min(replaced, 1 + Math.min(slips[i - 1][j], slips[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    slips[i][j] = Math.min(slips[i][j], 1 + slips[i - 2][j - 2]);
                }
            }
        }
        return slips[from.length()][to.length()];
    }
}
