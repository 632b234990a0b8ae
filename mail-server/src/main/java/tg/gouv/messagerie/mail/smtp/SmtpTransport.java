package tg.gouv.messagerie.mail.smtp;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.netty.Encryption;
import org.apache.james.protocols.netty.HandlerConstants;
import org.apache.james.protocols.netty.NettyProtocolTransport;
import org.jspecify.annotations.Nullable;

/** Writes replies: counts errors, and starts TLS in one step that nothing can come between. */
final class SmtpTransport extends NettyProtocolTransport {
    private static final byte[] TOO_MANY_ERRORS =
            "421 4.7.0 Trop d'erreurs, connexion terminee. Too many errors, closing.\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    /** RFC 5321 section 3.8: a server that must end says 421. */
    private static final byte[] SESSION_OVER =
            "421 4.7.0 Acces retire, connectez-vous de nouveau. Access was taken back, sign in again.\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final Channel channel;
    private final @Nullable Encryption encryption;
    private final int errorsMax;
    private int errors;
    private boolean tlsAwaited;
    private volatile boolean ended;

    SmtpTransport(Channel channel, @Nullable Encryption encryption, int errorsMax) {
        super(channel, encryption, false);
        this.channel = channel;
        this.encryption = encryption;
        this.errorsMax = errorsMax;
    }

    /** Whether lines are dropped because they were sent before TLS started. */
    boolean isTlsAwaited() {
        return tlsAwaited;
    }

    /** Ends that: the next line was sent under TLS. */
    void tlsStarted() {
        tlsAwaited = false;
    }

    /** Whether the connection is being closed: what the client still sends is dropped. */
    boolean isEnded() {
        return ended;
    }

    @Override
    protected void writeToClient(byte[] reply, ProtocolSession session, boolean startTls) {
        if (startTls) {
            startTls(reply);
            return;
        }
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(reply));
        if (reply.length > 0 && (reply[0] == '4' || reply[0] == '5') && ++errors >= errorsMax) {
            end(TOO_MANY_ERRORS);
        }
    }

    /** The connection, for what ends it from elsewhere. */
    LiveConnection connection() {
        return new LiveConnection(channel) {
            @Override
            protected byte[] lastWord() {
                ended = true;
                return SESSION_OVER.clone();
            }
        };
    }

    /** Says a last word and closes. */
    void end(byte[] reply) {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(reply));
        close();
    }

    @Override
    protected void close() {
        ended = true;
        super.close();
    }

    private void startTls(byte[] reply) {
        if (encryption == null) {
            throw new IllegalStateException("STARTTLS without a certificate");
        }
        Encryption keys = encryption;
        tlsAwaited = true;
        // On the event loop nothing is read or written between these lines: the reply leaves in the clear, and the next
        // byte read is TLS.
        channel.eventLoop().execute(() -> {
            var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(reply));
            ChannelHandlerContext framer = channel.pipeline().context(LineFramer.class);
            framer.pipeline().get(LineFramer.class).startTls(framer);
            channel.pipeline().addFirst(HandlerConstants.SSL_HANDLER, keys.sslHandler());
        });
    }
}
