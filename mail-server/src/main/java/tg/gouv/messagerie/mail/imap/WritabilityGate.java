package tg.gouv.messagerie.mail.imap;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imapserver.netty.NettyConstants;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.smtp.LiveConnection;
import tg.gouv.messagerie.mail.smtp.PatienceSettings;
import tg.gouv.messagerie.mail.smtp.UnreadLimit;

/** Ties an IMAP session to its connection, and makes whoever writes wait while the client does not read. */
public final class WritabilityGate extends ChannelInboundHandlerAdapter {
    private static final String ATTRIBUTE = WritabilityGate.class.getName();

    /** RFC 9051 section 7.1.5, RFC 5530 section 3. */
    private static final byte[] SESSION_OVER =
            "* BYE [EXPIRED] Acces retire, connectez-vous de nouveau / Access was taken back, sign in again\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final Channel channel;
    private final Duration most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** The gate of one connection. */
    public WritabilityGate(Channel channel, PatienceSettings settings) {
        this.channel = channel;
        this.most = settings.unreadTimeout();
    }

    /** The gate of a session's connection. */
    static @Nullable WritabilityGate of(ImapSession session) {
        return (WritabilityGate) session.getAttribute(ATTRIBUTE);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive(); // makes the session
        ImapSession session =
                channel.attr(NettyConstants.IMAP_SESSION_ATTRIBUTE_KEY).get();
        if (session != null) {
            session.setAttribute(ATTRIBUTE, this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        wake();
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        wake();
        context.fireChannelInactive();
    }

    /** Has the connection end when what this sign-in stands on does. */
    void standsOn(SignIn.Granted granted, Sessions sessions) {
        new LiveConnection(channel) {
            @Override
            protected byte[] lastWord() {
                return SESSION_OVER.clone();
            }
        }.standsOn(granted, SignIns.Protocol.IMAP, sessions);
    }

    /** From where the client connects. */
    InetAddress client() {
        return ((InetSocketAddress) channel.remoteAddress()).getAddress();
    }

    /**
     * Waits until the client has read most of what was written for it; never on the thread that writes.
     *
     * @throws CancellationException if the client is gone, or did not read for too long and was cut off
     */
    void await() {
        if (channel.eventLoop().inEventLoop()) {
            return;
        }
        try {
            CountDownLatch counted = new CountDownLatch(1);
            channel.eventLoop().execute(counted::countDown);
            counted.await(); // what was written is counted by the channel now
            awaitWritable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
        if (!channel.isActive()) {
            throw new CancellationException("the client is gone");
        }
    }

    private void awaitWritable() throws InterruptedException {
        long left = most.toNanos();
        lock.lock();
        try {
            while (channel.isActive() && !channel.isWritable()) {
                if (left <= 0) {
                    UnreadLimit.cutOff(channel);
                    return;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
