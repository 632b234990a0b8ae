package tg.gouv.messagerie.mail.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import org.apache.james.protocols.api.Protocol;
import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.netty.Encryption;
import org.apache.james.smtpserver.netty.SMTPChannelInboundHandler;
import org.apache.james.smtpserver.netty.SmtpMetrics;
import org.jspecify.annotations.Nullable;

/** Works on the lines of one connection, one after the other, on a thread that may wait. */
public final class LineHandler extends SMTPChannelInboundHandler {
    /** RFC 5321 section 4.5.3.1.4 asks for 512; a long address with parameters fits. Answers to AUTH are longer. */
    private static final int COMMAND_LENGTH_MAX = 2_048;

    private static final byte[] TOO_LONG =
            "500 5.5.2 Ligne trop longue, connexion terminee. Line too long, closing.\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final @Nullable Encryption encryption;
    private final int errorsMax;
    private @Nullable SmtpTransport transport;

    /** How many handlers, such as that of DATA, are asked before commands are. */
    private int others;

    /** Works for one connection. */
    @SuppressWarnings("NullAway") // James takes null for « no TLS »
    public LineHandler(Protocol protocol, @Nullable Encryption encryption, SmtpMetrics metrics, int errorsMax) {
        super(protocol, encryption, false, metrics);
        this.encryption = encryption;
        this.errorsMax = errorsMax;
    }

    @Override
    protected ProtocolSession createSession(ChannelHandlerContext context) {
        SmtpTransport made = new SmtpTransport(context.channel(), encryption, errorsMax);
        transport = made;
        return protocol.newSession(made);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        SmtpTransport client = transport;
        if (client == null || client.isEnded()) {
            return;
        }
        if (message instanceof LineFramer.Mark mark) {
            switch (mark) {
                case TLS_STARTED -> client.tlsStarted();
                case LINE_TOO_LONG -> client.end(TOO_LONG);
            }
        } else {
            context.pipeline().get(LineFramer.class).done(context);
            if (client.isTlsAwaited()) {
                return;
            }
            if (others == 0 && ((ByteBuf) message).readableBytes() > COMMAND_LENGTH_MAX) {
                client.end(TOO_LONG);
            } else {
                super.channelRead(context, message);
            }
        }
    }

    @Override
    public void pushLineHandler(ChannelInboundHandlerAdapter handler) {
        others++;
        super.pushLineHandler(handler);
    }

    @Override
    public void popLineHandler() {
        others = Math.max(0, others - 1);
        super.popLineHandler();
    }
}
