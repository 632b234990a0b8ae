package tg.gouv.messagerie.platform.http;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.settings.ByteSize;

/*
 * Only the time in which somebody here waits for the client counts against it: a slow disk or backend of ours does not.
 */
/** A request whose body is refused past a size (413) and when it comes too slowly (408). */
public final class BoundedBody extends Request.Wrapper {
    private final long most;
    private final long leastPerSecond;
    private final long graceNanos;
    private final AtomicLong waitedNanos = new AtomicLong();
    private final AtomicLong read = new AtomicLong();

    /** Nothing more comes. */
    private volatile boolean over;

    /** Somebody is to be called when more comes. */
    private volatile boolean awaited;

    /** Limits the size of a request's body further than the server did. */
    public BoundedBody(Request request, ByteSize most) {
        this(request, most, new ByteSize(0), Duration.ZERO);
    }

    /** Limits the size, and the pace once somebody waited for longer than {@code grace}. */
    BoundedBody(Request request, ByteSize most, ByteSize leastPerSecond, Duration grace) {
        super(request);
        this.most = most.bytes();
        this.leastPerSecond = leastPerSecond.bytes();
        this.graceNanos = grace.toNanos();
    }

    /**
     * Reads on what nobody wants and keeps nothing, then does the rest. A client that still sends when the connection ends does not read
     * its answer (RFC 9112 section 9.6), and its person would see a connection that broke, not the page that says why; nor could it send
     * its next request there. Not for whoever asks before they send (RFC 9110 section 10.1.1), nor for what has no end that was told.
     *
     * @param rest is done on the calling thread if nothing is to come, on another if a client is waited for; whoever sends too much, too
     *     slowly, or no more does not keep it from being done
     */
    void letGo(Runnable rest) {
        boolean wanted = !over && !awaited && getLength() > 0 && !getHeaders().contains(HttpHeader.EXPECT);
        while (wanted) {
            Content.Chunk chunk = read();
            if (chunk == null) {
                demand(() -> letGo(rest));
                return;
            }
            chunk.release();
            wanted = !over;
        }
        rest.run();
    }

    @Override
    public Content.@Nullable Chunk read() {
        Content.Chunk chunk = super.read();
        if (chunk == null) {
            return null;
        }
        over = chunk.isLast() || Content.Chunk.isFailure(chunk);
        if (Content.Chunk.isFailure(chunk)) {
            return chunk.getFailure() instanceof TimeoutException
                    ? refused(chunk, HttpStatus.REQUEST_TIMEOUT_408) // silent for the idle timeout
                    : chunk;
        }
        long total = read.addAndGet(chunk.remaining());
        if (total > most) {
            return refused(chunk, HttpStatus.PAYLOAD_TOO_LARGE_413);
        }
        long waited = waitedNanos.get();
        if (!chunk.isLast() && waited > graceNanos && total / (waited / 1e9) < leastPerSecond) {
            return refused(chunk, HttpStatus.REQUEST_TIMEOUT_408);
        }
        return chunk;
    }

    @Override
    public void demand(Runnable available) {
        long from = System.nanoTime();
        awaited = true;
        super.demand(() -> {
            awaited = false;
            waitedNanos.addAndGet(System.nanoTime() - from);
            available.run();
        });
    }

    private Content.Chunk refused(Content.Chunk chunk, int status) {
        over = true;
        chunk.release();
        HttpException.RuntimeException refusal = new HttpException.RuntimeException(status);
        fail(refusal);
        return Content.Chunk.from(refusal, true);
    }
}
