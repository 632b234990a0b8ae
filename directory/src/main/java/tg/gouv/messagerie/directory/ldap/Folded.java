package tg.gouv.messagerie.directory.ldap;

import java.text.Normalizer;

/** Names as they are compared: without accents and case, one space for many; what {@code ldap_fold} is in SQL. */
final class Folded {
    /** As much of a value as the index has. */
    static final int INDEXED_MAX = 200;

    private static final String FROM = "ÆŒÞẞØĐƉÐŁĦŊƆƐƑƔƖƲ" + "ɖđðøłħŋɔɛƒɣɩıʋ" + "’‘ʼʹ`" + "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩς"
            + "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ";
    private static final String TO = "æœþßodddlhnoefgiv" + "dddolhnoefgiiv" + "'''''" + "αβγδεζηθικλμνξοπρστυφχψωσ"
            + "абвгдежзийклмнопрстуфхцчшщъыьэюя";

    private Folded() {}

    /** The form in which a whole value is compared. */
    static String of(String value) {
        return mapped(value).strip();
    }

    /** A part of a value: a space at its ends is looked for. */
    static String part(String value) {
        return mapped(value);
    }

    /** What the index has of a value. */
    static String indexed(String value) {
        String folded = of(value);
        return folded.substring(
                0, folded.offsetByCodePoints(0, Math.min(INDEXED_MAX, folded.codePointCount(0, folded.length()))));
    }

    private static String mapped(String value) {
        String decomposed = isPlain(value) ? value : Normalizer.normalize(value, Normalizer.Form.NFKD);
        StringBuilder folded = new StringBuilder(decomposed.length());
        boolean space = false;
        for (int i = 0; i < decomposed.length(); i++) {
            char each = decomposed.charAt(i);
            if (each >= 0x300 && each <= 0x36f) {
                continue;
            }
            if (each == ' ' || (each >= '\t' && each <= '\r')) {
                if (!space) {
                    folded.append(' ');
                }
                space = true;
                continue;
            }
            space = false;
            append(folded, each);
        }
        return folded.toString();
    }

    private static void append(StringBuilder folded, char each) {
        if (each >= 'A' && each <= 'Z') {
            folded.append((char) (each + 32));
        } else if (each < 0x80 && each != '`') {
            folded.append(each);
        } else {
            int at = FROM.indexOf(each);
            char mapped = at < 0 ? each : TO.charAt(at);
            switch (mapped) {
                case 'æ' -> folded.append("ae");
                case 'œ' -> folded.append("oe");
                case 'ß' -> folded.append("ss");
                case 'þ' -> folded.append("th");
                default -> folded.append(mapped);
            }
        }
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
