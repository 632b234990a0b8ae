package tg.gouv.messagerie.mail.transfer.outgoing;

import java.util.Optional;

/**
 * Why a message was not handed over.
 *
 * @param status an enhanced status code (RFC 3463) of class 4 or 5
 * @param text the reply of the other server on one line, or our words
 * @param host the server that replied, or to which it was tried to speak
 * @param replied whether the text is a reply of that server
 */
public record Diagnosis(String status, String text, Optional<String> host, boolean replied) {
    private static final int TEXT_MAX = 1_000;

    public Diagnosis {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        text = line.length() <= TEXT_MAX ? line : line.substring(0, TEXT_MAX);
    }

    /** In our own words. */
    static Diagnosis ours(String status, String text) {
        return new Diagnosis(status, text, Optional.empty(), false);
    }

    /** In our own words, about a server. */
    static Diagnosis about(String host, String status, String text) {
        return new Diagnosis(status, text, Optional.of(host), false);
    }

    /** Whether trying again is of no use (RFC 3463 section 2). */
    boolean isPermanent() {
        return status.startsWith("5");
    }

    @Override
    public String toString() {
        return host.map(it -> it + ": ").orElse("") + (replied ? text : status + " " + text);
    }
}
