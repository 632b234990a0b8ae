package tg.gouv.messagerie.mail.imap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imapserver.netty.NettyConstants;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.smtp.Arrival;
import tg.gouv.messagerie.mail.smtp.PatienceSettings;

/*
 * What James 3.8.1 does not do with what a client sends, done before he sees it, line by line on the event loop:
 * - he invites a client to send a literal before he looks at its size, then reads what he refused as commands: a literal is
 *   announced by the end of a line (RFC 9051 section 4.3) and is refused there;
 * - he keeps every command that is sent behind a slow one, and works through them by recursion: some thousand overflow the
 *   stack. Here COMMANDS_MAX wait with him, and the rest with the client;
 * - what follows STARTTLS in the clear is forgotten (RFC 9051 section 6.2.1);
 * - he answers a client that does not read: here its commands wait until it does;
 * - he waits for ever for a command that comes byte by byte.
 */
/** The lines of one connection on their way to James: literals of a bounded size, commands of a bounded number. */
public final class CommandLines extends ChannelInboundHandlerAdapter {
    private static final String ATTRIBUTE = CommandLines.class.getName();
    private static final Pattern ANNOUNCED = Pattern.compile("\\{(\\d{1,20})(\\+?)}\r?\n$");
    private static final Pattern START_TLS = Pattern.compile("[^ ]+ starttls *\r?\n", Pattern.CASE_INSENSITIVE);

    /** More than any client in use sends before it waits for an answer. */
    private static final int COMMANDS_MAX = 32;

    private static final int TAG_MAX = 64;

    /** A line longer than James reads is passed on for him to refuse. */
    private static final int LINE_MAX = 64 * 1024;

    private final long literalMax;
    private final Arrival arrival;
    private final AtomicInteger commands = new AtomicInteger();
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private byte[] line = new byte[256];
    private int length;
    private long literalLeft;
    private boolean inCommand;
    private boolean startsTls;
    private boolean refused;
    private @Nullable ChannelHandlerContext context;

    /**
     * The lines of one connection.
     *
     * @param literalMax octets
     */
    public CommandLines(long literalMax, PatienceSettings patience) {
        this.literalMax = literalMax;
        this.arrival = new Arrival(patience, this::isReady, this::tooSlow);
    }

    private boolean isReady() {
        return context != null && context.channel().config().isAutoRead() && commands.get() == 0;
    }

    private void tooSlow() {
        if (context != null && !refused) {
            end(context, "* BYE Trop lent / Too slow");
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext current) {
        if (current.channel().isWritable()) {
            work(current);
        }
        current.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext current) {
        arrival.end();
        current.fireChannelInactive();
    }

    /** What stands behind James's parser and counts his commands. */
    public ChannelInboundHandlerAdapter counter() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext behind, Object command) {
                ImapSession session = behind.channel()
                        .attr(NettyConstants.IMAP_SESSION_ATTRIBUTE_KEY)
                        .get();
                if (session != null) {
                    session.setAttribute(ATTRIBUTE, CommandLines.this);
                    commands.incrementAndGet();
                }
                behind.fireChannelRead(command);
            }
        };
    }

    /** Says that a command of the session was answered; any thread may say so. */
    static void answered(ImapSession session) {
        if (session.getAttribute(ATTRIBUTE) instanceof CommandLines lines) {
            ChannelHandlerContext known = lines.context;
            if (lines.commands.decrementAndGet() == COMMANDS_MAX / 2 && known != null) {
                known.channel().eventLoop().execute(() -> lines.work(known));
            }
        }
    }

    /** Ends the connection of a session when everything was written. */
    static void end(ImapSession session) {
        if (session.getAttribute(ATTRIBUTE) instanceof CommandLines lines && lines.context != null) {
            var _ = lines.context
                    .channel()
                    .writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void channelRead(ChannelHandlerContext current, Object message) {
        if (message instanceof ByteBuf bytes) {
            arrival.bytes(current, bytes.readableBytes());
            held = held.isReadable() ? Unpooled.wrappedBuffer(held, bytes) : bytes;
            work(current);
            if (length == 0 && literalLeft == 0 && !inCommand && !held.isReadable()) {
                arrival.done();
            }
        } else {
            current.fireChannelRead(message);
        }
    }

    /** Passes on what there is room for, and reads from the client again when nothing is left. */
    private void work(ChannelHandlerContext current) {
        if (startsTls && current.pipeline().get(SslHandler.class) != null) {
            startsTls = false; // what is read from now on was sent under TLS
        } else if (startsTls) {
            held.skipBytes(held.readableBytes());
        }
        while (held.isReadable()
                && !refused
                && commands.get() < COMMANDS_MAX
                && current.channel().isWritable()) {
            if (literalLeft > 0) {
                int part = (int) Math.min(literalLeft, held.readableBytes());
                literalLeft -= part;
                current.fireChannelRead(Unpooled.copiedBuffer(held.readSlice(part)));
            } else {
                readLine(current);
            }
        }
        boolean waits = held.isReadable() && !refused;
        if (!waits) {
            held.release();
            held = Unpooled.EMPTY_BUFFER;
        }
        if (current.channel().config().isAutoRead() == waits) {
            current.channel().config().setAutoRead(!waits);
        }
    }

    private void readLine(ChannelHandlerContext current) {
        int end = held.bytesBefore((byte) '\n');
        int part = Math.min(end < 0 ? held.readableBytes() : end + 1, LINE_MAX - length);
        if (length + part > line.length) {
            line = Arrays.copyOf(line, Math.min(LINE_MAX, Math.max(length + part, 2 * line.length)));
        }
        held.readBytes(line, length, part);
        length += part;
        if (length == LINE_MAX || line[length - 1] == '\n') {
            take(current);
        }
    }

    private void take(ChannelHandlerContext current) {
        Matcher announced = ANNOUNCED.matcher(text(Math.max(0, length - 32), length));
        if (!announced.find()) {
            if (length < TAG_MAX
                    && current.pipeline().get(SslHandler.class) == null
                    && START_TLS.matcher(text(0, length)).matches()) {
                startsTls = true;
                held.skipBytes(held.readableBytes());
            }
            inCommand = false;
            pass(current);
            return;
        }
        String octets = announced.group(1);
        if (octets.length() < 19 && Long.parseLong(octets) <= literalMax) {
            literalLeft = Long.parseLong(octets);
            inCommand = true;
            pass(current);
        } else if (announced.group(2).isEmpty() && !inCommand) {
            say(current, tag() + " NO [TOOBIG] Trop grand / Too large"); // RFC 7889 section 4; it is not sent then
            length = 0;
        } else {
            end(current, "* BYE [TOOBIG] Trop grand / Too large");
        }
    }

    private void end(ChannelHandlerContext current, String farewell) {
        refused = true;
        say(current, farewell);
        var _ = current.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private String tag() {
        String command = text(0, Math.min(length, TAG_MAX));
        int space = command.indexOf(' ');
        return space > 0 && command.substring(0, space).matches("[A-Za-z0-9._-]+") ? command.substring(0, space) : "*";
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private void pass(ChannelHandlerContext current) {
        byte[] whole = Arrays.copyOf(line, length);
        length = 0;
        current.fireChannelRead(Unpooled.wrappedBuffer(whole));
    }

    private static void say(ChannelHandlerContext current, String text) {
        var _ = current.writeAndFlush(Unpooled.wrappedBuffer((text + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    }
}
