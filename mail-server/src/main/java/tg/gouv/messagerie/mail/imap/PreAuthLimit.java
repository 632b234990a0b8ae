package tg.gouv.messagerie.mail.imap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.james.imap.api.ImapSessionState;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imapserver.netty.NettyConstants;
import tg.gouv.messagerie.mail.smtp.PatienceSettings;

/** Ends a connection that sends too much before it has signed in: James 3.8.1 keeps its literals (CVE-2024-37358). */
public final class PreAuthLimit extends ChannelInboundHandlerAdapter {
    private static final byte[] BYE = "* BYE Trop de donnees avant la connexion / Too much data before sign-in\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private static final byte[] LATE =
            "* BYE Pas de connexion a temps / Not signed in in time\r\n".getBytes(StandardCharsets.US_ASCII);

    private final long most;
    private final Duration time;
    private long total;

    /** The limit for one connection. */
    public PreAuthLimit(ImapSettings settings, PatienceSettings patience) {
        this.most = settings.bytesBeforeLogin().bytes();
        this.time = patience.signInTimeout();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        var _ = context.executor().schedule(() -> demandSignIn(context), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void demandSignIn(ChannelHandlerContext context) {
        ImapSession session = context.channel()
                .attr(NettyConstants.IMAP_SESSION_ATTRIBUTE_KEY)
                .get();
        if (context.channel().isActive() && (session == null || !isSignedIn(session))) {
            var _ = context.channel()
                    .writeAndFlush(Unpooled.wrappedBuffer(LATE))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ImapSession session = context.channel()
                .attr(NettyConstants.IMAP_SESSION_ATTRIBUTE_KEY)
                .get();
        if (session != null && isSignedIn(session)) {
            context.pipeline().remove(this);
            context.fireChannelRead(message);
            return;
        }
        if (message instanceof ByteBuf bytes) {
            total += bytes.readableBytes();
            if (total > most) {
                bytes.release();
                var _ = context.writeAndFlush(Unpooled.wrappedBuffer(BYE)).addListener(ChannelFutureListener.CLOSE);
                return;
            }
        }
        context.fireChannelRead(message);
    }

    private static boolean isSignedIn(ImapSession session) {
        return session.getState() != ImapSessionState.NON_AUTHENTICATED
                && session.getState() != ImapSessionState.LOGOUT;
    }
}
