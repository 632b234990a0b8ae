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
import org.apache.james.imap.api.ImapSessionState;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imapserver.netty.NettyConstants;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.smtp.Arrival;
import tg.gouv.messagerie.mail.smtp.PatienceSettings;

/*
 * What James 3.8.1 does not do with what a client sends, done before he sees it, line by line on the event loop:
 * - he invites a client to send a literal before he looks at its size, then reads what he refused as commands: a literal is
 *   announced by the end of a line (RFC 9051 section 4.3) and is refused there;
 * - he reads a command while the one before it works, and refuses what that one is about to allow: FETCH behind SELECT, SELECT
 *   behind LOGIN. Here he gets a command when every one before it has ended; the others wait, mostly with the client (RFC 9051
 *   section 5.5);
 * - he obeys as commands the literal of a command that he refused before it came: it belongs to that command and is skipped
 *   (RFC 7888 section 4); and he invites a client to send its first literal of a command, never the others;
 * - what follows STARTTLS in the clear is forgotten (RFC 9051 section 6.2.1);
 * - he answers a client that does not read: here its commands wait until it does;
 * - he waits for ever for a command that comes byte by byte.
 */
/** The lines of one connection on their way to James: literals of a bounded size, commands one after the other. */
public final class CommandLines extends ChannelInboundHandlerAdapter {
    private static final String ATTRIBUTE = CommandLines.class.getName();
    private static final Pattern ANNOUNCED = Pattern.compile("\\{(\\d{1,20})(\\+?)}\r?\n$");
    private static final Pattern START_TLS = Pattern.compile("[^ ]+ starttls *\r?\n", Pattern.CASE_INSENSITIVE);

    /** From how many octets on James keeps a command in a file, which he writes and reads elsewhere than on the event loop. */
    public static final int IN_MEMORY_MAX = 10 * 1024 * 1024;

    private static final int TAG_MAX = 64;

    /** A line longer than James reads is passed on for him to refuse. */
    private static final int LINE_MAX = 64 * 1024;

    private final ImapSettings settings;
    private final long literalMax;
    private final Arrival arrival;

    /** What James works on: a command, or the answer that one asked for. */
    private final AtomicInteger atWork = new AtomicInteger();

    /* The rest is the event loop's. */

    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private byte[] line = new byte[256];
    private int length;
    private long literalLeft;

    /** How many commands James has read so far. */
    private long read;

    /** The octets of the command that is being read. */
    private long octets;

    private boolean inCommand;
    private boolean skips;
    private boolean awaitsFile;

    /** Whether what James read last has not had its turn to answer: it may have ended, and its answer be on its way to this loop. */
    private boolean awaitsAnswer;

    private boolean working;
    private boolean startsTls;
    private boolean refused;
    private @Nullable ChannelHandlerContext context;

    /**
     * The lines of one connection.
     *
     * @param literalMax octets
     */
    public CommandLines(ImapSettings settings, long literalMax, PatienceSettings patience) {
        this.settings = settings;
        this.literalMax = literalMax;
        this.arrival = new Arrival(patience, this::isReady, this::tooSlow);
    }

    private boolean isReady() {
        return context != null && context.channel().config().isAutoRead() && mayPass();
    }

    private boolean mayPass() {
        return atWork.get() == 0 && !awaitsFile && !awaitsAnswer;
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
                    atWork.incrementAndGet();
                    awaitsAnswer = true;
                }
                read++;
                awaitsFile = false;
                behind.fireChannelRead(command);
            }
        };
    }

    /** Holds the session's next commands back until {@link #answered}; on the event loop. */
    static void hold(ImapSession session) {
        if (session.getAttribute(ATTRIBUTE) instanceof CommandLines lines) {
            lines.atWork.incrementAndGet();
        }
    }

    /** Says that a command of the session has ended; any thread may say so. */
    static void answered(ImapSession session) {
        if (session.getAttribute(ATTRIBUTE) instanceof CommandLines lines) {
            ChannelHandlerContext known = lines.context;
            if (lines.atWork.decrementAndGet() == 0 && known != null) {
                known.channel()
                        .eventLoop()
                        .execute(
                                () -> { // behind the answer, which was written before
                                    lines.awaitsAnswer = false;
                                    lines.work(known);
                                });
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
        } else {
            current.fireChannelRead(message);
        }
    }

    /** Passes on what James may have, and reads from the client again when nothing is left. */
    private void work(ChannelHandlerContext current) {
        if (working) {
            return; // an answer that was written within it: it goes on by itself
        }
        working = true;
        try {
            passAll(current);
        } finally {
            working = false;
        }
        boolean waits = held.isReadable() && !refused;
        if (!waits) {
            held.release();
            held = Unpooled.EMPTY_BUFFER;
        }
        if (current.channel().config().isAutoRead() == waits) {
            current.channel().config().setAutoRead(!waits);
        }
        if (length == 0 && literalLeft == 0 && !inCommand && !waits) {
            arrival.done();
        }
    }

    private void passAll(ChannelHandlerContext current) {
        if (startsTls && current.pipeline().get(SslHandler.class) != null) {
            startsTls = false; // what is read from now on was sent under TLS
        } else if (startsTls) {
            held.skipBytes(held.readableBytes());
        }
        while (held.isReadable() && !refused && mayPass() && current.channel().isWritable()) {
            if (literalLeft > 0) {
                int part = (int) Math.min(literalLeft, held.readableBytes());
                literalLeft -= part;
                ByteBuf literal = held.readSlice(part);
                if (!skips) {
                    current.fireChannelRead(Unpooled.copiedBuffer(literal));
                }
            } else {
                readLine(current);
            }
        }
    }

    private void readLine(ChannelHandlerContext current) {
        int end = held.bytesBefore((byte) '\n');
        int most = lineMax(current);
        int part = Math.min(end < 0 ? held.readableBytes() : end + 1, most - length);
        if (length + part > line.length) {
            line = Arrays.copyOf(line, Math.min(most, Math.max(length + part, 2 * line.length)));
        }
        held.readBytes(line, length, part);
        length += part;
        if (length == most || line[length - 1] == '\n') {
            take(current);
        }
    }

    /** Who has not signed in has no room for a line that is refused anyway. */
    private int lineMax(ChannelHandlerContext current) {
        ImapSession session = current.channel()
                .attr(NettyConstants.IMAP_SESSION_ATTRIBUTE_KEY)
                .get();
        return session == null || session.getState() == ImapSessionState.NON_AUTHENTICATED
                ? (int) Math.min(LINE_MAX, settings.bytesBeforeLogin().bytes() + 1)
                : LINE_MAX;
    }

    private void take(ChannelHandlerContext current) {
        Matcher announced = ANNOUNCED.matcher(text(Math.max(0, length - 32), length));
        if (!announced.find()) {
            takeLast(current);
            return;
        }
        boolean invited = announced.group(2).isEmpty();
        String size = announced.group(1);
        if (size.length() < 19 && Long.parseLong(size) <= literalMax) {
            announce(current, Long.parseLong(size), invited);
        } else if (invited && !inCommand) {
            say(current, tag() + " NO [TOOBIG] Trop grand / Too large"); // RFC 7889 section 4; it is not sent then
            length = 0;
        } else {
            end(current, "* BYE [TOOBIG] Trop grand / Too large");
        }
    }

    /** A line that ends its command, or is one, or is what a command asked for. */
    private void takeLast(ChannelHandlerContext current) {
        if (length < TAG_MAX
                && !inCommand
                && current.pipeline().get(SslHandler.class) == null
                && START_TLS.matcher(text(0, length)).matches()) {
            startsTls = true;
            held.skipBytes(held.readableBytes());
        }
        awaitsFile = inCommand && !skips && octets + length > IN_MEMORY_MAX; // before James can have read it
        inCommand = false;
        octets = 0;
        pass(current);
        skips = false;
    }

    /** A line that a literal follows, if James wants it. */
    private void announce(ChannelHandlerContext current, long size, boolean invited) {
        boolean first = !inCommand;
        long before = read;
        octets += length + size;
        literalLeft = size;
        inCommand = true;
        pass(current);
        if (read == before && !skips) {
            if (invited && !first) {
                say(current, "+ Ok");
            }
        } else if (invited) { // RFC 9051 section 4.3: it was answered, so the literal is not sent
            literalLeft = 0;
            inCommand = false;
            skips = false;
            octets = 0;
        } else {
            skips = true;
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
        if (!skips) {
            current.fireChannelRead(Unpooled.wrappedBuffer(whole));
        }
    }

    private static void say(ChannelHandlerContext current, String text) {
        var _ = current.writeAndFlush(Unpooled.wrappedBuffer((text + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    }
}
