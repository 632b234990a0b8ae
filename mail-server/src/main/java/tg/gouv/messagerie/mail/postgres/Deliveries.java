package tg.gouv.messagerie.mail.postgres;

import java.util.Locale;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.james.core.MailAddress;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.postgres.Delivery.NotDelivered;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * Once, whatever ends the program: the row (mail, recipient) in delivered is committed together with all that the delivery does, and
 * inserted first, so that a repetition finds it and writes nothing. The row is only written while our life of the program holds the
 * lease of the mail, and goes with the mail (on delete cascade): a worker that lost its lease delivers nothing, not even after
 * the mail was done and its rows are gone.
 */
/** Deliveries of queued mail to local recipients. Any thread that may block may call. */
public final class Deliveries {
    /** Tells apart several deliveries of one mail to the same recipient: a text, set by whoever makes them several. */
    public static final AttributeName PART = AttributeName.of("tg.gouv.messagerie.part");

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private final PostgresMailQueues.Ground ground;

    /** Deliveries of the mails of these queues. */
    @Inject
    public Deliveries(PostgresMailQueues queues) {
        this.ground = queues.ground();
    }

    /** What delivers a mail to a recipient. */
    @FunctionalInterface
    public interface Act {
        /** Delivers, on the calling thread; what James enqueues meanwhile is part of the delivery. */
        void perform(Delivery delivery) throws Exception;
    }

    /**
     * Delivers a mail to one recipient, once: when this returns, all that the act did for him is durable, now or since an earlier time.
     *
     * @param mail one that a queue of this program handed out, or that James split off it
     * @return false if he had it already: nothing was written
     * @throws Exception the act's, or what kept it from being committed; nothing was written
     */
    public boolean once(Mail mail, MailAddress recipient, Act act) throws Exception {
        QueueItem item = ground.leases()
                .of(mail)
                .orElseThrow(() -> new IllegalStateException("the mail " + mail.getName() + " is of no queue here"));
        Work work = new Work(item);
        Delivery delivery =
                new Delivery(work, key(mail, recipient), ground.clock().instant());
        try {
            work.during(() -> {
                act.perform(delivery);
                return delivery;
            });
        } catch (Exception e) {
            if (!delivery.isCommitted() && !delivery.isRepeated()) {
                throw e;
            }
            if (delivery.isCommitted()) {
                LOG.warn("event=after-delivery-failed mail={}", mail.getName(), e);
            }
        }
        if (delivery.isRepeated()) {
            return false;
        }
        if (!delivery.isCommitted()) {
            Optional<Exception> hidden = work.failure();
            if (hidden.isPresent()) {
                throw hidden.get();
            }
            if (!commit(delivery)) {
                return false;
            }
        }
        work.committed();
        return true;
    }

    /**
     * Leaves something to be done when the delivery on the calling thread is committed, and not if it is not.
     *
     * @return false if there is none
     */
    public static boolean afterwards(Runnable act) {
        Optional<Work> work = Work.current();
        work.ifPresent(each -> each.afterwards(act));
        return work.isPresent();
    }

    private static String key(Mail mail, MailAddress recipient) {
        String address = MailEnvelope.column(recipient).toLowerCase(Locale.ROOT);
        return mail.getAttribute(PART)
                .flatMap(part -> part.getValue().valueAs(String.class))
                .map(part -> address + " (" + EscapedText.column(part) + ")")
                .orElse(address);
    }

    /** Commits a delivery that puts nothing in a mailbox. */
    private boolean commit(Delivery delivery) throws MailboxException {
        try {
            ground.connections().<Object, MailboxException>transaction(c -> {
                if (Sql.query(c, row -> 1, "with " + Delivery.MARK + " select from d", delivery.mark())
                        .isEmpty()) {
                    delivery.whyNot(c);
                }
                delivery.write(c);
                return delivery;
            });
            delivery.committed();
            return true;
        } catch (NotDelivered e) {
            if (delivery.isRepeated()) {
                return false;
            }
            throw e;
        } catch (StoreUnavailable e) {
            throw new MailUnavailable(e);
        }
    }
}
