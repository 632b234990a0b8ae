package tg.gouv.messagerie.mail.transfer.outgoing;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reply of another server (RFC 5321 section 4.2).
 *
 * @param lines what follows the code on each line; one or more
 */
record Reply(int code, List<String> lines) {
    private static final Pattern ENHANCED = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})(?: .*|$)");

    Reply {
        lines = List.copyOf(lines);
    }

    boolean isPositive() {
        return code / 100 == 2;
    }

    /** Whether it may go better later (RFC 5321 section 4.2.1). */
    boolean isTransient() {
        return code / 100 == 4;
    }

    /** Whether the server ends the connection with it (RFC 5321 section 3.8). */
    boolean isGoodbye() {
        return code == 421;
    }

    /** The whole reply on one line. */
    String text() {
        return code + " " + String.join(" ", lines).strip();
    }

    /**
     * Its enhanced status code (RFC 2034), or what its code says.
     *
     * @param otherwise the last two numbers if it has none, such as {@code .1.1}
     */
    String status(String otherwise) {
        int kind = code / 100;
        Matcher enhanced = ENHANCED.matcher(lines.getFirst());
        if (enhanced.matches() && enhanced.group(1).equals(Integer.toString(kind))) {
            return enhanced.group(1) + "." + enhanced.group(2) + "." + enhanced.group(3);
        }
        return (isTransient() ? "4" : "5") + otherwise;
    }

    /** Why it refuses. */
    Diagnosis diagnosis(String host, String otherwise) {
        return new Diagnosis(status(otherwise), text(), Optional.of(host), true);
    }

    /** The same where the standard, or our settings, say that it is not for good. */
    Diagnosis forNow(String host, String otherwise) {
        Diagnosis exact = diagnosis(host, otherwise);
        return new Diagnosis("4" + exact.status().substring(1), exact.text(), exact.host(), true);
    }
}
