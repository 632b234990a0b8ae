package tg.gouv.messagerie.platform.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;

/** The bytes of a whole object; the last one is handed out only once all of them have the SHA-256 they were stored with. */
final class VerifiedStream extends InputStream {
    private final Blob blob;
    private final InputStream source;
    private final MessageDigest digest = Sha256.begin();
    private long left;
    private boolean checked;
    private boolean corrupt;

    VerifiedStream(Blob blob, InputStream source) {
        this.blob = blob;
        this.source = source;
        this.left = blob.sizeBytes();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            check();
            return -1;
        }
        int count = source.read(into, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new CorruptBlob("object " + blob.id() + " ends " + left + " bytes early");
        }
        digest.update(into, offset, count);
        left -= count;
        if (left == 0) {
            check();
        }
        return count;
    }

    /** What the source says: whoever writes to a network (Netty's chunks) takes so much at once, and a single byte where it is 0. */
    @Override
    public int available() throws IOException {
        return (int) Math.min(left, source.available());
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private void check() {
        if (!checked) {
            checked = true;
            corrupt = !HexFormat.of().formatHex(digest.digest()).equals(blob.sha256());
        }
        if (corrupt) {
            throw new CorruptBlob("object " + blob.id() + " of " + blob.sizeBytes()
                    + " bytes no longer has the SHA-256 " + blob.sha256());
        }
    }
}
