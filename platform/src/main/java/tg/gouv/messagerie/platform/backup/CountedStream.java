package tg.gouv.messagerie.platform.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** A stream that tells how many bytes went through it, each time some do. */
final class CountedStream extends FilterOutputStream {
    private final LongConsumer counted;

    CountedStream(OutputStream out, LongConsumer counted) {
        super(out);
        this.counted = counted;
    }

    @Override
    public void write(int one) throws IOException {
        out.write(one);
        counted.accept(1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        counted.accept(count);
    }
}
