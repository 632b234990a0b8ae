package tg.gouv.messagerie.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tg.gouv.messagerie.mail.KeptMail.Message;

/**
 * One mailbox as a file (RFC 4155), read by Thunderbird, mutt and Dovecot: lines end with LF, a line of a message that begins with « From »
 * behind any number of {@code >} gets one more, so that nothing is lost (« mboxrd »), flags are header fields of the beginning.
 */
final class Mbox {
    private static final DateTimeFormatter ASCTIME = DateTimeFormatter.ofPattern(
                    "EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_BYTES = 16 * 1024;

    private final OutputStream out;
    private final byte[] in = new byte[BUFFER_BYTES];
    private final byte[] written = new byte[2 * BUFFER_BYTES];
    private int length;

    /** How much of « From » the line has; -1 when it is another line. */
    private int matched;

    private boolean carriageReturn;
    private boolean endsLine = true;

    Mbox(OutputStream out) {
        this.out = out;
    }

    /** Adds a message. */
    void add(Message message) throws IOException {
        head("From MAILER-DAEMON " + ASCTIME.format(message.received()) + "\n" + flags(message.flags()));
        matched = 0;
        carriageReturn = false;
        endsLine = true;
        try (InputStream octets = message.octets()) {
            for (int count = octets.read(in); count >= 0; count = octets.read(in)) {
                for (int i = 0; i < count; i++) {
                    octet(in[i]);
                }
                flush();
            }
        }
        if (carriageReturn) {
            put((byte) '\r');
        }
        giveBack();
        head(endsLine ? "\n" : "\n\n");
        flush();
    }

    private void head(String text) throws IOException {
        flush();
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void octet(byte octet) throws IOException {
        if (carriageReturn) {
            carriageReturn = false;
            if (octet != '\n') {
                text((byte) '\r');
            }
        }
        if (octet == '\r') {
            carriageReturn = true;
        } else if (octet == '\n') {
            giveBack();
            put(octet);
            matched = 0;
            endsLine = true;
        } else {
            text(octet);
        }
    }

    private void text(byte octet) throws IOException {
        endsLine = false;
        if (matched >= 0 && octet == FROM[matched]) {
            matched++;
            if (matched == FROM.length) {
                put((byte) '>');
                giveBack();
            }
        } else if (matched == 0 && octet == '>') {
            put(octet);
        } else {
            giveBack();
            put(octet);
        }
    }

    /** The line is another one, or its quotation is written: what was held back of it goes. */
    private void giveBack() throws IOException {
        for (int i = 0; i < matched; i++) {
            put(FROM[i]);
        }
        matched = -1;
    }

    private void put(byte octet) throws IOException {
        if (length == written.length) {
            flush();
        }
        written[length++] = octet;
    }

    private void flush() throws IOException {
        out.write(written, 0, length);
        length = 0;
    }

    /** The fields by which programs that keep mail in such files remember flags. */
    private static String flags(List<String> flags) {
        String status = flags.contains("\\Seen") ? "RO" : "O";
        String letters = (flags.contains("\\Answered") ? "A" : "")
                + (flags.contains("\\Flagged") ? "F" : "")
                + (flags.contains("\\Draft") ? "T" : "")
                + (flags.contains("\\Deleted") ? "D" : "");
        String keywords = String.join(
                " ", flags.stream().filter(it -> !it.startsWith("\\")).toList());
        return "Status: " + status + "\n"
                + (letters.isEmpty() ? "" : "X-Status: " + letters + "\n")
                + (keywords.isEmpty() ? "" : "X-Keywords: " + keywords + "\n");
    }
}
