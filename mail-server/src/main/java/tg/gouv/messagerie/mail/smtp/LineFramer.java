package tg.gouv.messagerie.mail.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/*
 * Runs on the event loop; the lines it makes are worked on elsewhere, one after the other. Two things follow:
 * - what arrives faster than it is worked on must stop arriving: above LINES_WAITING_MAX the socket is not read any more;
 * - STARTTLS is understood only after later lines were cut. When TLS starts, what is here is forgotten, and a mark is sent
 *   behind the lines already cut, so that the worker drops them too (RFC 3207 section 5: nothing said in the clear counts).
 */
/** Cuts what a client sends into lines that end with LF, of a bounded length. */
final class LineFramer extends ChannelInboundHandlerAdapter {
    /** What is passed between lines. */
    enum Mark {
        /** Passed behind the last line of the clear connection. */
        TLS_STARTED,
        /** Passed in place of a line that is too long; nothing follows. */
        LINE_TOO_LONG
    }

    /** Enough to keep a worker busy while the socket is asked again; 2,000 lines of 8 KB are 16 MB. */
    private static final int LINES_WAITING_MAX = 2_000;

    private final int lengthMax;
    private final AtomicInteger waiting = new AtomicInteger();
    private byte[] begun = new byte[256];
    private int length;
    private boolean deaf;

    LineFramer(int lengthMax) {
        this.lengthMax = lengthMax;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
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
        } finally {
            bytes.release();
        }
    }

    /** Says that one line was worked on; any thread may say so. */
    void done(ChannelHandlerContext context) {
        if (waiting.decrementAndGet() == LINES_WAITING_MAX / 2) {
            context.channel().config().setAutoRead(true);
        }
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
            context.channel().config().setAutoRead(false);
        }
        context.fireChannelRead(Unpooled.wrappedBuffer(Arrays.copyOf(begun, length)));
        length = 0;
    }
}
