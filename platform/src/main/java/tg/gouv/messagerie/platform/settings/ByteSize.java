package tg.gouv.messagerie.platform.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written {@code 512B}, {@code 32KB}, {@code 20MB}, {@code 4GB}; each unit is 1,024 of the one before.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,12})(B|KB|MB|GB|TB)");
    private static final String UNITS = "BKMGT";

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is 0 or more, found " + bytes);
        }
    }

    /**
     * Reads a size as an operator writes it.
     *
     * @throws IllegalArgumentException if the text is not a number followed by B, KB, MB, GB or TB
     */
    public static ByteSize parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException("expected a size such as 32KB or 20MB, found \"" + text + "\"");
        }
        int power = UNITS.indexOf(written.group(2).charAt(0));
        long number = Long.parseLong(written.group(1));
        if (number > Long.MAX_VALUE >> (10 * power)) {
            throw new IllegalArgumentException("expected a size below 8388608TB, found \"" + text + "\"");
        }
        return new ByteSize(number << (10 * power));
    }

    @Override
    public String toString() {
        int power = 0;
        long shown = bytes;
        while (shown != 0 && shown % 1024 == 0 && power < UNITS.length() - 1) {
            shown /= 1024;
            power++;
        }
        return String.format(Locale.ROOT, "%d%s", shown, power == 0 ? "B" : UNITS.charAt(power) + "B");
    }
}
