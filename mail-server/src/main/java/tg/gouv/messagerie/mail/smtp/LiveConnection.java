package tg.gouv.messagerie.mail.smtp;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;

/** A client's connection, which ends when what its sign-in stands on does. */
public abstract class LiveConnection {
    /** The connection of a session of SMTP. */
    public static final AttachmentKey<LiveConnection> OF =
            AttachmentKey.of("MESSAGERIE_CONNECTION", LiveConnection.class);

    /** A client that does not read waits no longer than this for its last word. */
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private final Channel channel;

    /** The connection over a channel. */
    protected LiveConnection(Channel channel) {
        this.channel = channel;
    }

    /** Ties the connection to what was granted on it. */
    public final void standsOn(SignIn.Granted granted, SignIns.Protocol protocol, Sessions sessions) {
        Sessions.Session session = sessions.began(
                granted, protocol, ((InetSocketAddress) channel.remoteAddress()).getAddress(), this::end);
        var _ = channel.closeFuture().addListener(_ -> session.close());
    }

    private void end() {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(lastWord())).addListener(ChannelFutureListener.CLOSE);
        var _ = channel.eventLoop()
                .schedule(() -> UnreadLimit.cutOff(channel), LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What is said before the connection is closed; nothing that the client sends is done any more. */
    protected abstract byte[] lastWord();
}
