package tg.gouv.messagerie.directory.imports;

import java.text.Normalizer;
import java.util.Locale;

/** Names in ASCII, as addresses write them. */
final class Fold {
    private Fold() {}

    /**
     * A name in lower-case letters of ASCII, digits and hyphens: accents go, ligatures become two letters, apostrophes go, spaces and
     * what else there is become one hyphen. Empty if nothing is left, as of a name in another script.
     */
    static String ascii(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        Normalizer.normalize(name, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .forEach(each -> fold(each, folded));
        int end = folded.length();
        while (end > 0 && folded.charAt(end - 1) == '-') {
            end--;
        }
        return folded.substring(0, end);
    }

    /** A name as it is compared with others: letters and digits alone. */
    static String compared(String name) {
        return ascii(name).replace("-", "");
    }

    private static void fold(int each, StringBuilder folded) {
        if ((each >= 'a' && each <= 'z') || (each >= '0' && each <= '9')) {
            folded.appendCodePoint(each);
        } else if (Character.getType(each) == Character.NON_SPACING_MARK || isApostrophe(each)) {
            return;
        } else {
            String letters = letters(each);
            if (!letters.isEmpty()) {
                folded.append(letters);
            } else if (!folded.isEmpty() && folded.charAt(folded.length() - 1) != '-') {
                folded.append('-');
            }
        }
    }

    private static boolean isApostrophe(int each) {
        return each == '\''
                || each == '\u2018'
                || each == '\u2019'
                || each == '\u02BC'
                || each == '`'
                || each == '\u00B4';
    }

    /** Letters that no accent makes: of European languages, of Ewe and of Kabiyè. */
    private static String letters(int each) {
        return switch (each) {
            case 'œ' -> "oe";
            case 'æ' -> "ae";
            case 'ß' -> "ss";
            case 'þ' -> "th";
            case 'ø' -> "o";
            case 'đ', 'ð', 'ɖ' -> "d";
            case 'ł' -> "l";
            case 'ı' -> "i";
            case 'ŋ' -> "ng";
            case 'ɛ' -> "e";
            case 'ɔ' -> "o";
            case 'ƒ' -> "f";
            case 'ɣ' -> "g";
            case 'ʋ' -> "v";
            case 'ɩ' -> "i";
            case 'ʊ' -> "u";
            case 'ɲ' -> "ny";
            default -> "";
        };
    }
}
