package tg.gouv.messagerie.mail.smtp;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import java.util.function.Supplier;
import org.apache.james.protocols.netty.AbstractChannelPipelineFactory;
import org.apache.james.protocols.netty.Encryption;
import org.apache.james.protocols.netty.HandlerConstants;
import org.apache.james.protocols.netty.TimeoutHandler;
import org.jspecify.annotations.Nullable;

/** What a connection of SMTP or LMTP passes through: limits, TLS, lines, commands. */
public final class LinePipeline extends AbstractChannelPipelineFactory<SocketChannel> {
    private final LineBounds bounds;
    private final CommandWorkers workers;
    private final ConnectionLimit connections;
    private final @Nullable Encryption encryption;
    private final Supplier<ChannelInboundHandlerAdapter> commands;

    /**
     * The pipeline of one port.
     *
     * @param encryption none for a protocol in the clear
     * @param commands makes the {@link LineHandler} of a connection
     */
    @SuppressWarnings("NullAway") // James's own framer and threads are not used
    public LinePipeline(
            LineBounds bounds,
            CommandWorkers workers,
            @Nullable Encryption encryption,
            Supplier<ChannelInboundHandlerAdapter> commands) {
        super(null, null);
        this.bounds = bounds;
        this.workers = workers;
        this.encryption = encryption;
        this.commands = commands;
        boolean clear = encryption == null || encryption.isStartTLS();
        this.connections = new ConnectionLimit(
                bounds.connectionsMax(),
                bounds.connectionsPerAddressMax(),
                clear ? "421 4.7.0 Trop de connexions. Too many connections.\r\n" : "");
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (encryption != null && !encryption.isStartTLS()) {
            pipeline.addLast(HandlerConstants.SSL_HANDLER, encryption.sslHandler());
        }
        pipeline.addLast(HandlerConstants.CONNECTION_LIMIT_HANDLER, connections);
        pipeline.addLast(
                HandlerConstants.TIMEOUT_HANDLER,
                new TimeoutHandler(Math.toIntExact(bounds.idle().toSeconds())));
        pipeline.addLast("unread", new UnreadLimit(bounds.patience()));
        pipeline.addLast(HandlerConstants.FRAMER, new LineFramer(bounds));
        pipeline.addLast(workers.threads(), HandlerConstants.CORE_HANDLER, createHandler());
    }

    @Override
    protected ChannelInboundHandlerAdapter createHandler() {
        return commands.get();
    }
}
