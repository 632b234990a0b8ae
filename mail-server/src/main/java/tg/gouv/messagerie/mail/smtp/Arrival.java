package tg.gouv.messagerie.mail.smtp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/*
 * A client that sends a byte now and then is never silent: what bounds it is when the thing it began, a command or a message,
 * ends. Only the time in which we were ready to read counts. Everything happens on the event loop of the connection.
 */
/** How long the command or message that a client began to send takes to arrive. */
public final class Arrival {
    private final PatienceSettings settings;
    private final BooleanSupplier ready;
    private final Runnable tooSlow;
    private boolean begun;
    private long since;
    private long bytes;
    private @Nullable ScheduledFuture<?> check;

    /**
     * Waits for one thing after the other.
     *
     * @param ready whether it is the client that is waited for, and not us
     * @param tooSlow ends the connection
     */
    public Arrival(PatienceSettings settings, BooleanSupplier ready, Runnable tooSlow) {
        this.settings = settings;
        this.ready = ready;
        this.tooSlow = tooSlow;
    }

    /** So many bytes came; what they belong to has begun if it had not. */
    public void bytes(ChannelHandlerContext context, int count) {
        if (!begun) {
            begun = true;
            since = System.nanoTime();
            bytes = 0;
        }
        bytes += count;
        if (check == null) {
            checkIn(context, settings.arrival(bytes));
        }
    }

    /** It is whole. */
    public void done() {
        begun = false; // the check that is planned finds nothing, or waits for what begins next
    }

    /** The connection is no more. */
    public void end() {
        begun = false;
        if (check != null) {
            check.cancel(false);
        }
    }

    private void check(ChannelHandlerContext context) {
        check = null;
        if (!begun || !context.channel().isActive()) {
            return;
        }
        if (!ready.getAsBoolean()) {
            since = System.nanoTime(); // we did not read: the client could not send
        }
        Duration left = settings.arrival(bytes).minusNanos(System.nanoTime() - since);
        if (left.isPositive()) {
            checkIn(context, left);
        } else {
            begun = false;
            tooSlow.run();
        }
    }

    private void checkIn(ChannelHandlerContext context, Duration time) {
        check = context.channel()
                .eventLoop()
                .schedule(() -> check(context), time.toMillis() + 1, TimeUnit.MILLISECONDS);
    }
}
