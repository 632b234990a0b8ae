package tg.gouv.messagerie.mail.smtp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends the connection of a client that does not read what was written for it. */
public final class UnreadLimit extends ChannelInboundHandlerAdapter {
    private final Duration most;
    private @Nullable ScheduledFuture<?> end;

    /** The limit for one connection. */
    public UnreadLimit(PatienceSettings settings) {
        this.most = settings.unreadTimeout();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Channel channel = context.channel();
        if (channel.isWritable()) {
            cancel();
        } else if (end == null) {
            end = channel.eventLoop().schedule(() -> cutOff(channel), most.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }

    private void cancel() {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
    }

    /** Closes without the farewell of TLS, which would wait behind what is not read. */
    public static void cutOff(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.setCloseNotifyFlushTimeoutMillis(1);
        }
        var _ = channel.close();
    }
}
