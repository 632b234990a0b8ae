package tg.gouv.messagerie.mail.postgres;

import org.jspecify.annotations.Nullable;

/**
 * Text in a column of type text, whole: PostgreSQL takes neither U+0000 nor half a surrogate pair, which mail may contain. These
 * are written as a backslash, u and four digits, a backslash as two; every other text is its own column.
 */
final class EscapedText {
    private static final int HEX = 16;
    private static final int CODE_LENGTH = 6;

    private EscapedText() {}

    /** The column of a text. */
    static String column(String text) {
        StringBuilder column = null;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            boolean pair = Character.isHighSurrogate(each)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair && (each == 0 || each == '\\' || Character.isSurrogate(each)) && column == null) {
                column = new StringBuilder(text.length() + CODE_LENGTH).append(text, 0, i);
            }
            if (column != null) {
                append(column, each, pair);
            }
            if (pair) {
                i++;
                if (column != null) {
                    column.append(text.charAt(i));
                }
            }
        }
        return column == null ? text : column.toString();
    }

    private static void append(StringBuilder column, char each, boolean pair) {
        if (each == '\\') {
            column.append("\\\\");
        } else if (each == 0 || (!pair && Character.isSurrogate(each))) {
            column.append("\\u").append(String.format("%04x", (int) each));
        } else {
            column.append(each);
        }
    }

    /** The same of a text that may be missing. */
    static @Nullable String columnOrNull(@Nullable String text) {
        return text == null ? null : column(text);
    }

    /** The text of a column. */
    static String text(String column) {
        int at = column.indexOf('\\');
        if (at < 0) {
            return column;
        }
        StringBuilder text = new StringBuilder(column.length());
        int from = 0;
        while (at >= 0 && at + 1 < column.length()) {
            text.append(column, from, at);
            if (column.charAt(at + 1) == 'u' && at + CODE_LENGTH <= column.length()) {
                text.append((char) Integer.parseInt(column, at + 2, at + CODE_LENGTH, HEX));
                from = at + CODE_LENGTH;
            } else {
                text.append(column.charAt(at + 1));
                from = at + 2;
            }
            at = column.indexOf('\\', from);
        }
        return text.append(column, from, column.length()).toString();
    }

    /** The same of a column that may be null. */
    static @Nullable String textOrNull(@Nullable String column) {
        return column == null ? null : text(column);
    }
}
