package tg.gouv.messagerie.platform.audit;

import java.nio.charset.StandardCharsets;

/** The rule for every text of the trail: it means the same to PostgreSQL, to a terminal and to whoever computes a digest. */
final class AuditText {
    /** The longest address (RFC 5321 section 4.5.3.1) and some. */
    private static final int LENGTH_MAX = 320;

    private AuditText() {}

    /** Refuses an empty or overlong text, control characters, and halves of characters that UTF-8 cannot write. */
    static void demand(String text) {
        if (text.isEmpty() || text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "a text of the audit trail has 1 to " + LENGTH_MAX + " characters, found " + text.length());
        }
        if (text.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("a text of the audit trail holds no control character");
        }
    }
}
