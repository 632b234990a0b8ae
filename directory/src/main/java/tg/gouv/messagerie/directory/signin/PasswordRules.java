package tg.gouv.messagerie.directory.signin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * Who guesses tries words, rows of keys and names, with a year behind and some letters written as digits. So a password is looked at
 * without its accents, digits and marks: one or two such words are no password, three make a phrase. Nothing expires, and no kinds of
 * characters are asked for: both make people choose worse (NIST SP 800-63B).
 */
/** What a password that somebody chooses must be. */
public final class PasswordRules {
    private static final Set<String> COMMON = common();
    private static final List<String> ROWS =
            List.of("azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz");
    private static final int ROW_MIN = 4;
    private static final int OWN_MIN = 3;
    private static final int DIFFERENT_MIN = 5;
    private static final Pattern MARKS = Pattern.compile("\\p{M}");
    private static final Pattern NOT_LETTERS = Pattern.compile("\\P{L}+");

    private static final Pattern ENDS = Pattern.compile("^\\P{L}+|\\P{L}+$");

    private final int lengthMin;

    /** The rules of these settings. */
    public PasswordRules(SignInSettings settings) {
        this.lengthMin = settings.passwordLengthMin();
    }

    /** What is wrong with one. */
    public enum Verdict {
        GOOD,
        SHORT,
        /** A common word or two, a row of keys, digits, or few different characters. */
        COMMON,
        /** Made of what is known of its owner. */
        OWN
    }

    /** How many characters it has at least. */
    public int lengthMin() {
        return lengthMin;
    }

    /**
     * Judges one.
     *
     * @param own names, addresses and numbers of its owner
     */
    public Verdict judge(Secret secret, Collection<String> own) {
        String text = Normalizer.normalize(secret.reveal(), Normalizer.Form.NFC);
        if (text.codePointCount(0, text.length()) < lengthMin) {
            return Verdict.SHORT;
        }
        if (text.codePoints().distinct().count() < DIFFERENT_MIN) {
            return Verdict.COMMON;
        }
        Set<String> owns = new HashSet<>();
        own.forEach(each -> Arrays.stream(NOT_LETTERS.split(folded(each)))
                .filter(word -> word.length() >= OWN_MIN)
                .forEach(owns::add));
        Set<String> either = new HashSet<>(COMMON);
        either.addAll(owns);
        String folded = folded(text);
        String middle = ENDS.matcher(folded).replaceAll("");
        for (String letters : List.of(letters(folded), letters(asLetters(middle)), letters(asLetters(folded)))) {
            if (isMadeOf(letters, COMMON)) {
                return Verdict.COMMON;
            }
            if (isMadeOf(letters, either)) {
                return Verdict.OWN;
            }
        }
        return Verdict.GOOD;
    }

    /** Whether what is left without digits and marks is nothing, one or two of these words, or one again and again. */
    private static boolean isMadeOf(String letters, Set<String> words) {
        if (letters.isEmpty() || isWord(letters, words)) {
            return true;
        }
        for (int cut = 1; cut < letters.length(); cut++) {
            String first = letters.substring(0, cut);
            if (isWord(first, words)
                    && (isWord(letters.substring(cut), words)
                            || (letters.length() % cut == 0 && letters.equals(first.repeat(letters.length() / cut))))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWord(String text, Set<String> words) {
        return words.contains(text)
                || (text.length() >= ROW_MIN
                        && ROWS.stream()
                                .anyMatch(
                                        row -> row.contains(text) || row.contains(new StringBuilder(text).reverse())));
    }

    private static String letters(String folded) {
        return NOT_LETTERS.matcher(folded).replaceAll("");
    }

    private static String folded(String text) {
        return MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
    }

    /** Digits and marks that are written for letters. */
    private static String asLetters(String folded) {
        return folded.replace('0', 'o')
                .replace('1', 'i')
                .replace('3', 'e')
                .replace('4', 'a')
                .replace('@', 'a')
                .replace('5', 's')
                .replace('$', 's')
                .replace('7', 't');
    }

    private static Set<String> common() {
        try (InputStream words = Objects.requireNonNull(PasswordRules.class.getResourceAsStream("common-words.txt"))) {
            Set<String> common = new HashSet<>();
            new String(words.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> common.addAll(List.of(line.strip().split(" "))));
            return Set.copyOf(common);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
