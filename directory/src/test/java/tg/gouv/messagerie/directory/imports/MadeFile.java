package tg.gouv.messagerie.directory.imports;

import java.io.InputStream;
import java.util.Iterator;

/** A file that is made part by part while it is read, and is never whole. */
public final class MadeFile extends InputStream {
    private final Iterator<byte[]> parts;
    private byte[] part = new byte[0];
    private int at;

    /** Of these parts. */
    public MadeFile(Iterator<byte[]> parts) {
        this.parts = parts;
    }

    @Override
    public int read() {
        return isAny() ? part[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int from, int most) {
        if (!isAny()) {
            return -1;
        }
        int length = Math.min(most, part.length - at);
        System.arraycopy(part, at, into, from, length);
        at += length;
        return length;
    }

    private boolean isAny() {
        while (at == part.length && parts.hasNext()) {
            part = parts.next();
            at = 0;
        }
        return at < part.length;
    }
}
