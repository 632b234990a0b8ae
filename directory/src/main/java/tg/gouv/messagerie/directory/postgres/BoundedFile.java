package tg.gouv.messagerie.directory.postgres;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** A file that is imported: no more than so much of it, and its SHA-256 when it was read to its end. */
final class BoundedFile extends FilterInputStream {
    private final ByteSize most;
    private final MessageDigest digest;
    private long left;

    BoundedFile(InputStream file, ByteSize most) {
        super(file);
        this.most = most;
        this.left = most.bytes();
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    byte[] sha256() {
        return digest.digest();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int count = super.read(into, from, length);
        if (count > 0) {
            left -= count;
            if (left < 0) {
                throw new ImportRefused(ImportRefused.Reason.FILE_TOO_LARGE, most);
            }
            digest.update(into, from, count);
        }
        return count;
    }
}
