package tg.gouv.messagerie.mail.imap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * James 3.8.1 invites a client to send a literal before it looks at its size, then reads what was refused as commands. So
 * lines are looked at here first: a literal is announced by the end of a line (RFC 9051 section 4.3), and what follows it
 * is passed on uncounted lines until it is whole.
 */
/** Refuses literals that are too large before the client sends them. */
public final class LiteralLimit extends ChannelInboundHandlerAdapter {
    private static final Pattern ANNOUNCED = Pattern.compile("\\{(\\d{1,20})(\\+?)}\r?\n$");

    /** The longest tag that is given back. */
    private static final int TAG_MAX = 64;

    /** A line longer than James reads is passed on for him to refuse. */
    private static final int LINE_MAX = 64 * 1024;

    private final long most;
    private byte[] line = new byte[256];
    private int length;
    private long literalLeft;
    private boolean inCommand;
    private boolean refused;

    /**
     * The limit for one connection.
     *
     * @param most octets
     */
    public LiteralLimit(long most) {
        this.most = most;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            while (bytes.isReadable() && !refused) {
                if (literalLeft > 0) {
                    int part = (int) Math.min(literalLeft, bytes.readableBytes());
                    literalLeft -= part;
                    context.fireChannelRead(bytes.readRetainedSlice(part));
                } else {
                    readLine(context, bytes);
                }
            }
        } finally {
            bytes.release();
        }
    }

    private void readLine(ChannelHandlerContext context, ByteBuf bytes) {
        int end = bytes.bytesBefore((byte) '\n');
        int part = Math.min(end < 0 ? bytes.readableBytes() : end + 1, LINE_MAX - length);
        if (length + part > line.length) {
            line = Arrays.copyOf(line, Math.min(LINE_MAX, Math.max(length + part, 2 * line.length)));
        }
        bytes.readBytes(line, length, part);
        length += part;
        if (length == LINE_MAX || line[length - 1] == '\n') {
            take(context);
        }
    }

    private void take(ChannelHandlerContext context) {
        String text = new String(line, Math.max(0, length - 32), Math.min(32, length), StandardCharsets.ISO_8859_1);
        Matcher announced = ANNOUNCED.matcher(text);
        if (!announced.find()) {
            inCommand = false;
            pass(context);
            return;
        }
        boolean waits = announced.group(2).isEmpty();
        String octets = announced.group(1);
        if (octets.length() < 19 && Long.parseLong(octets) <= most) {
            literalLeft = Long.parseLong(octets);
            inCommand = true;
            pass(context);
        } else if (waits && !inCommand) {
            say(context, tag() + " NO [TOOBIG] Trop grand / Too large"); // RFC 7889 section 4; it is not sent then
            length = 0;
        } else {
            refused = true;
            say(context, "* BYE [TOOBIG] Trop grand / Too large");
            var _ = context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private String tag() {
        String command = new String(line, 0, Math.min(length, TAG_MAX), StandardCharsets.ISO_8859_1);
        int space = command.indexOf(' ');
        return space > 0 && command.substring(0, space).matches("[A-Za-z0-9._-]+") ? command.substring(0, space) : "*";
    }

    private void pass(ChannelHandlerContext context) {
        context.fireChannelRead(Unpooled.wrappedBuffer(Arrays.copyOf(line, length)));
        length = 0;
    }

    private static void say(ChannelHandlerContext context, String text) {
        var _ = context.writeAndFlush(
                Unpooled.wrappedBuffer((text + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    }
}
