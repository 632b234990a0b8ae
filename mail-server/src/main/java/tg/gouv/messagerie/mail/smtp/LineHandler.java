package tg.gouv.messagerie.mail.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
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

    /** RFC 4954 section 4: the same of AUTH, which may bring an access token. */
    public static final int AUTH_LENGTH_MAX = 12_288;

    private static final byte[] AUTH = {'A', 'U', 'T', 'H', ' '};

    private static final byte[] TOO_LONG =
            "500 5.5.2 Ligne trop longue, connexion terminee. Line too long, closing.\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final @Nullable Encryption encryption;
    private static final byte[] TOO_SLOW =
            "421 4.4.2 Trop lent, connexion terminee. Too slow, closing.\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] SIGN_IN = "421 4.7.0 Pas de connexion a temps. Not signed in in time, closing.\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final LineBounds bounds;
    private @Nullable SmtpTransport transport;
    private @Nullable ChannelHandlerContext own;

    /** How many handlers, such as that of DATA, are asked before commands are. */
    private int others;

    /** Works for one connection. */
    @SuppressWarnings("NullAway") // James takes null for « no TLS »
    public LineHandler(Protocol protocol, @Nullable Encryption encryption, SmtpMetrics metrics, LineBounds bounds) {
        super(protocol, encryption, false, metrics);
        this.encryption = encryption;
        this.bounds = bounds;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        own = context;
        super.handlerAdded(context);
    }

    @Override
    protected ProtocolSession createSession(ChannelHandlerContext context) {
        SmtpTransport made = new SmtpTransport(context.channel(), encryption, bounds.errorsMax());
        transport = made;
        ProtocolSession session = protocol.newSession(made);
        session.setAttachment(LiveConnection.OF, made.connection(), ProtocolSession.State.Connection);
        if (bounds.signsIn()) {
            var _ = context.channel()
                    .eventLoop()
                    .schedule(
                            () -> context.executor().execute(() -> demandSignIn(session, made)),
                            bounds.patience().signInTimeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
        return session;
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
                case TOO_SLOW -> client.end(TOO_SLOW);
            }
        } else {
            context.pipeline().get(LineFramer.class).done(context);
            if (client.isTlsAwaited()) {
                return;
            }
            if (others == 0 && isTooLong((ByteBuf) message)) {
                client.end(TOO_LONG);
            } else {
                super.channelRead(context, message);
            }
        }
    }

    private static boolean isTooLong(ByteBuf line) {
        int length = line.readableBytes();
        return length > COMMAND_LENGTH_MAX && (length > AUTH_LENGTH_MAX || !isAuth(line));
    }

    private static boolean isAuth(ByteBuf line) {
        for (int i = 0; i < AUTH.length; i++) {
            if (Character.toUpperCase((char) line.getByte(line.readerIndex() + i)) != AUTH[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void pushLineHandler(ChannelInboundHandlerAdapter handler) {
        if (others++ == 0) {
            tellFramer(true);
        }
        super.pushLineHandler(handler);
    }

    @Override
    public void popLineHandler() {
        others = Math.max(0, others - 1);
        if (others == 0) {
            tellFramer(false);
        }
        super.popLineHandler();
    }

    /** Whether a message, or an answer to AUTH, is awaited rather than a command. */
    private void tellFramer(boolean message) {
        ChannelHandlerContext context = own;
        if (context != null) {
            LineFramer framer = context.pipeline().get(LineFramer.class);
            if (framer != null) {
                framer.awaitsMessage(context, message);
            }
        }
    }

    private static void demandSignIn(ProtocolSession session, SmtpTransport client) {
        if (session.getUsername() == null && !client.isEnded()) {
            client.end(SIGN_IN);
        }
    }
}
