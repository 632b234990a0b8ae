package tg.gouv.messagerie.mail.imap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.imap.decode.ImapDecoder;
import org.apache.james.imapserver.netty.ImapRequestFrameDecoder;
import org.apache.james.imapserver.netty.NettyConstants;

/**
 * Refuses a literal that is larger than a message may be before its first octet; James 3.8.1 refuses it without an answer, and
 * the client waits for ever.
 */
public final class BoundedDecoder extends ImapRequestFrameDecoder {
    /** What James keeps in memory; more of a command goes to a temporary file. */
    private static final int IN_MEMORY_MAX = 64 * 1024;

    /** RFC 7162 section 4: a server takes lines of 8,192 octets at least. */
    private static final int LINE_MAX = 64 * 1024;

    /** James's name for « the rest of a command is awaited ». */
    private static final String AWAITED = "NEEDED_DATA";

    private static final int TAIL = 32;
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d{1,19})(\\+?)}\r?\n$");

    private final long most;

    /** The decoder of one connection. */
    public BoundedDecoder(ImapDecoder decoder, int literalMax) {
        super(decoder, IN_MEMORY_MAX, literalMax, LINE_MAX);
        this.most = literalMax;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        Map<String, Object> state = context.channel()
                .attr(NettyConstants.FRAME_DECODE_ATTACHMENT_ATTRIBUTE_KEY)
                .get();
        if (state != null && !state.containsKey(AWAITED)) {
            int length = Math.min(TAIL, in.readableBytes());
            String tail = in.toString(in.writerIndex() - length, length, StandardCharsets.US_ASCII);
            Matcher literal = LITERAL.matcher(tail);
            if (literal.find() && isTooLarge(literal.group(1))) {
                refuse(context, in, !literal.group(2).isEmpty());
                return;
            }
        }
        super.decode(context, in, out);
    }

    private boolean isTooLarge(String octets) {
        try {
            return Long.parseLong(octets) > most;
        } catch (NumberFormatException _) {
            return true;
        }
    }

    /** A client that waits hears NO; one that is already sending (RFC 7888) can only be cut off. */
    private static void refuse(ChannelHandlerContext context, ByteBuf in, boolean isSending) {
        String line = in.toString(StandardCharsets.US_ASCII);
        in.skipBytes(in.readableBytes());
        String tag = line.substring(0, Math.max(0, line.indexOf(' ')));
        boolean wait = !isSending && tag.matches("[A-Za-z0-9.]{1,64}");
        String answer = (wait ? tag + " NO" : "* BYE") + " [TOOBIG] Trop grand / Too large\r\n"; // RFC 4469 section 4.2
        ChannelFuture written =
                context.channel().writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII));
        if (!wait) {
            ChannelFuture _ = written.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
