package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Writes a message between {@code DATA} and its end: leading dots doubled (RFC 5321 section 4.5.2), every line ended by CR LF and
 * nothing else, so that no server sees an end where there is none (RFC 5321 section 2.3.8).
 */
final class Transmission {
    private static final int BLOCK = 16 * 1024;

    private final Wire wire;
    private final Duration patience;
    private final byte[] block = new byte[BLOCK];
    private int filled;

    Transmission(Wire wire, Duration patience) {
        this.wire = wire;
        this.patience = patience;
    }

    /** What is stored cannot be read: the message must not be ended. */
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        Unreadable(IOException cause) {
            super(cause);
        }
    }

    /** Sends the message and its end. The connection is of no use after an exception. */
    void send(InputStream message) throws IOException {
        byte[] some = new byte[BLOCK];
        boolean lineBegins = true;
        boolean afterCr = false;
        for (int count = read(message, some); count >= 0; count = read(message, some)) {
            for (int i = 0; i < count; i++) {
                byte each = some[i];
                if (afterCr) {
                    afterCr = false;
                    if (each == '\n') {
                        continue; // the line was ended at its CR
                    }
                }
                if (each == '\r' || each == '\n') {
                    write('\r');
                    write('\n');
                    lineBegins = true;
                    afterCr = each == '\r';
                } else {
                    if (lineBegins && each == '.') {
                        write('.');
                    }
                    write(each);
                    lineBegins = false;
                }
            }
        }
        if (!lineBegins) {
            write('\r');
            write('\n');
        }
        write('.');
        write('\r');
        write('\n');
        flush();
    }

    private static int read(InputStream message, byte[] some) throws Unreadable {
        try {
            return message.read(some);
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }

    private void write(int octet) throws ConnectionLost {
        if (filled == BLOCK) {
            flush();
        }
        block[filled++] = (byte) octet;
    }

    private void flush() throws ConnectionLost {
        wire.block(patience, block, filled);
        filled = 0;
    }

    /** Whether an octet above 127 is in the message. */
    static boolean isEightBit(InputStream message) throws IOException {
        byte[] some = new byte[BLOCK];
        for (int count = message.read(some); count >= 0; count = message.read(some)) {
            for (int i = 0; i < count; i++) {
                if (some[i] < 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
