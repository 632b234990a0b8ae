package tg.gouv.messagerie.platform.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signed statement: this chain, up to this number, has this link. It stands for every row up to that one.
 *
 * @param chain the database's chain
 * @param number the last row it stands for
 * @param link that row's link, 64 hexadecimal digits
 * @param at when it was signed
 * @param publicKey whose signature it is: SubjectPublicKeyInfo in Base64
 * @param signature ECDSA with SHA-256 over the line before {@code  signature=}, in DER and Base64
 */
public record Head(UUID chain, long number, String link, Instant at, String publicKey, String signature) {
    private static final Pattern LINE = Pattern.compile(
            "messagerie-audit-head/1 chain=([0-9a-f-]{36}) number=(\\d{1,18})"
                    + " link=([0-9a-f]{64}) at=(\\S{20,30}) key=([A-Za-z0-9+/=]{1,400}) signature=([A-Za-z0-9+/=]{1,400})");

    /** Signs the head of a chain. */
    static Head signed(UUID chain, long number, Link link, Instant at, SealKey key) {
        Instant cut = at.truncatedTo(ChronoUnit.MILLIS);
        Head unsigned = new Head(chain, number, link.hex(), cut, key.publicKey(), "");
        return new Head(chain, number, link.hex(), cut, key.publicKey(), key.sign(unsigned.statement()));
    }

    /** The head that a line states, if it is one; who signed it remains to be seen. */
    static Optional<Head> parse(String line) {
        Matcher head = LINE.matcher(line);
        if (!head.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Head(
                    UUID.fromString(head.group(1)),
                    Long.parseLong(head.group(2)),
                    head.group(3),
                    Instant.parse(head.group(4)),
                    head.group(5),
                    head.group(6)));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The head as one line of ASCII, without its end: what leaves the machine. */
    public String line() {
        return statement() + " signature=" + signature;
    }

    /** Whether the holder of the key signed exactly this. */
    boolean isGenuine() {
        return SealKey.isSigned(publicKey, statement(), signature);
    }

    private String statement() {
        return "messagerie-audit-head/1 chain=" + chain + " number=" + number + " link=" + link + " at=" + at + " key="
                + publicKey;
    }
}
