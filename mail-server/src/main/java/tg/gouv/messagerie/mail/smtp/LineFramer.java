package tg.gouv.messagerie.mail.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * Runs on the event loop; the lines it makes are worked on elsewhere, one after the other. Three things follow:
 * - what arrives faster than it is worked on must stop arriving: above LINES_WAITING_MAX the socket is not read any more;
 * - STARTTLS is understood only after later lines were cut. When TLS starts, what is here is forgotten, and a mark is sent
 *   behind the lines already cut, so that the worker drops them too (RFC 3207 section 5: nothing said in the clear counts).
 * - a client that does not read answers must not be asked for more: while it does not, the socket is not read either.
 */
/** Cuts what a client sends into lines that end with LF, of a bounded length. */
final class LineFramer extends ChannelInboundHandlerAdapter {
    /** What is passed between lines. */
    enum Mark {
        /** Passed behind the last line of the clear connection. */
        TLS_STARTED,
        /** Passed in place of a line that is too long; nothing follows. */
        LINE_TOO_LONG,
        /** Passed when what was begun takes too long to arrive; nothing follows. */
        TOO_SLOW
    }

    /** Enough to keep a worker busy while the socket is asked again; 2,000 lines of 8 KB are 16 MB. */
    private static final int LINES_WAITING_MAX = 2_000;

    private final int lengthMax;
    private final AtomicInteger waiting = new AtomicInteger();
    private byte[] begun = new byte[256];
    private int length;
    private final Arrival arrival;
    private boolean deaf;
    private boolean full;
    private boolean inMessage;
    private @Nullable ChannelHandlerContext own;

    LineFramer(LineBounds bounds) {
        this.lengthMax = bounds.lineLengthMax();
        this.arrival = new Arrival(bounds.patience(), this::isReady, this::tooSlow);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        regulate(context);
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        arrival.end();
        context.fireChannelInactive();
    }

    /** Says whether a message is awaited: it is one thing, however many lines it has; any thread may say so. */
    void awaitsMessage(ChannelHandlerContext context, boolean message) {
        context.channel().eventLoop().execute(() -> {
            inMessage = message;
            if (message) {
                arrival.bytes(context, 0);
            } else {
                arrival.done();
            }
        });
    }

    /** Whether the client is waited for: the socket is read, and every line that came was worked on. */
    private boolean isReady() {
        return own != null && own.channel().config().isAutoRead() && waiting.get() == 0;
    }

    private void tooSlow() {
        if (own != null && !deaf) {
            deaf = true;
            own.fireChannelRead(Mark.TOO_SLOW);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        arrival.bytes(context, bytes.readableBytes());
        try {
            while (bytes.isReadable() && !deaf) {
                int ends = bytes.bytesBefore((byte) '\n');
                int more = ends < 0 ? bytes.readableBytes() : ends + 1;
                if (length + more > lengthMax) {
                    deaf = true;
                    context.fireChannelRead(Mark.LINE_TOO_LONG);
                    return;
                }
                append(bytes, more);
                if (ends >= 0) {
                    pass(context);
                }
            }
            if (length == 0 && !inMessage) {
                arrival.done();
            }
        } finally {
            bytes.release();
        }
    }

    /** Says that one line was worked on; any thread may say so. */
    void done(ChannelHandlerContext context) {
        if (waiting.decrementAndGet() == LINES_WAITING_MAX / 2) {
            context.channel().eventLoop().execute(() -> {
                full = false;
                regulate(context);
            });
        }
    }

    private void regulate(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(!full && context.channel().isWritable());
    }

    /** Forgets what is not a whole line yet, and marks the end of what was said in the clear; on the event loop only. */
    void startTls(ChannelHandlerContext context) {
        length = 0;
        context.fireChannelRead(Mark.TLS_STARTED);
    }

    private void append(ByteBuf bytes, int more) {
        if (length + more > begun.length) {
            begun = Arrays.copyOf(begun, Math.min(lengthMax, Math.max(length + more, 2 * begun.length)));
        }
        bytes.readBytes(begun, length, more);
        length += more;
    }

    private void pass(ChannelHandlerContext context) {
        if (waiting.incrementAndGet() == LINES_WAITING_MAX) {
            full = true;
            regulate(context);
        }
        context.fireChannelRead(Unpooled.wrappedBuffer(Arrays.copyOf(begun, length)));
        length = 0;
    }
}
