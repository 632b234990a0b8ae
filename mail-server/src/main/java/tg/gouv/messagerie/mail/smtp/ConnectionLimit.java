package tg.gouv.messagerie.mail.smtp;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends the connections of a protocol that are too many, in all or of one address, with its own words. */
@ChannelHandler.Sharable
public final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private final int most;
    private final int mostPerAddress;
    private final byte[] refusal;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    /**
     * Counts from zero.
     *
     * @param refusal what the client is told, ASCII with CRLF; empty where TLS comes first
     */
    public ConnectionLimit(int most, int mostPerAddress, String refusal) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
        this.refusal = refusal.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        InetAddress client = ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
        int open = all.incrementAndGet();
        int openOfClient = byAddress.merge(client, 1, Integer::sum);
        // Netty completes the close after the connection was counted, so the count goes down exactly once.
        var _ = context.channel().closeFuture().addListener(_ -> {
            all.decrementAndGet();
            byAddress.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
        });
        if (open > most || openOfClient > mostPerAddress) {
            var _ = context.writeAndFlush(Unpooled.wrappedBuffer(refusal)).addListener(ChannelFutureListener.CLOSE);
        } else {
            context.fireChannelActive();
        }
    }
}
