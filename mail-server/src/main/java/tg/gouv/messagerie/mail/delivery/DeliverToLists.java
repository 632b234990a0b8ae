package tg.gouv.messagerie.mail.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import javax.mail.Header;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.MailingLists.Found;
import tg.gouv.messagerie.mail.submission.ListWriters;

/*
 * A list's copies are mails of their own, one for every 5,000 readers, enqueued with the removal of the one that came (Work): whatever
 * ends the program, a reader has the message once. What was to the list and to somebody by name arrives twice there, as both were meant.
 *
 * The one that came keeps its author and its text, so its signature holds; what cannot be delivered is told to the list's owner, for the
 * author knows none of the readers (RFC 5321 section 3.9.2).
 */
/** Sends what is for mailing lists on to everybody who reads them now. */
public final class DeliverToLists extends GenericMailet {
    /** What one message to many costs: one row of the queue with its recipients. */
    private static final int RECIPIENTS_MAX = 5_000;

    /** Those of the list that sends it on take the place of others (RFC 2369 section 2). */
    private static final Set<String> OF_LISTS = Set.of(
            "List-Id", "List-Post", "List-Owner", "List-Help", "List-Subscribe", "List-Unsubscribe", "List-Archive");

    private static final Logger LOG = LoggerFactory.getLogger(DeliverToLists.class);

    private final MailingLists lists;
    private final ListWriters writers;
    private final ReturnToSender returns;

    /** Lists of this directory. */
    @Inject
    public DeliverToLists(MailingLists lists, ListWriters writers, ReturnToSender returns) {
        this.lists = lists;
        this.writers = writers;
        this.returns = returns;
    }

    /** Takes the recipients that are lists out of the mail; what is left is nobody's. */
    @Override
    public void service(Mail mail) throws MessagingException {
        Map<tg.gouv.messagerie.directory.MailAddress, MailAddress> asked = new HashMap<>();
        for (MailAddress recipient : mail.getRecipients()) {
            tg.gouv.messagerie.directory.MailAddress.parse(recipient.asString())
                    .ifPresent(it -> asked.put(it.withoutDetail(), recipient));
        }
        List<MailAddress> others = new ArrayList<>(mail.getRecipients());
        List<MailAddress> refused = new ArrayList<>();
        for (Map.Entry<tg.gouv.messagerie.directory.MailAddress, Found> each :
                lists.byAddresses(asked.keySet()).entrySet()) {
            MailAddress recipient = Objects.requireNonNull(asked.get(each.getKey()));
            others.remove(recipient);
            if (cameFrom(mail, each.getValue())) {
                LOG.warn("event=list_loop mail={} list={}", mail.getName(), recipient.asString());
                getMailetContext()
                        .sendMail(MailAddress.nullSender(), List.of(recipient), mail.getMessage(), Mail.ERROR);
            } else if (writers.may(each.getValue(), mail.getMaybeSender())) {
                sendOn(mail, each.getValue());
            } else {
                refused.add(recipient);
            }
        }
        if (!refused.isEmpty()) {
            returns.listClosed(mail, refused, getMailetContext());
        }
        mail.setRecipients(others);
        if (others.isEmpty()) {
            mail.setState(Mail.GHOST);
        }
    }

    private static boolean cameFrom(Mail mail, Found list) throws MessagingException {
        String[] ids = mail.getMessage().getHeader("List-Id");
        return ids != null && Arrays.stream(ids).anyMatch(id -> id.contains(id(list)));
    }

    private void sendOn(Mail mail, Found list) throws MessagingException {
        MimeMessage message = of(list, mail);
        MailAddress owner = address(list.owner());
        Optional<tg.gouv.messagerie.directory.MailAddress> after = Optional.empty();
        int readers = 0;
        List<tg.gouv.messagerie.directory.MailAddress> page;
        do {
            page = lists.readers(list.id(), after, RECIPIENTS_MAX);
            if (!page.isEmpty()) {
                after = Optional.of(page.getLast());
                readers += page.size();
                send(message, owner, page);
            }
        } while (page.size() == RECIPIENTS_MAX);
        LOG.info("event=list mail={} list={} readers={}", mail.getName(), list.address(), readers);
    }

    private void send(MimeMessage message, MailAddress owner, List<tg.gouv.messagerie.directory.MailAddress> readers)
            throws MessagingException {
        List<MailAddress> recipients = new ArrayList<>(readers.size());
        for (tg.gouv.messagerie.directory.MailAddress reader : readers) {
            recipients.add(address(reader));
        }
        MailImpl copy = MailImpl.builder()
                .name(MailImpl.getId())
                .sender(owner)
                .addRecipients(recipients)
                .mimeMessage(message)
                .build();
        try {
            getMailetContext().sendMail(copy);
        } finally {
            LifecycleUtil.dispose(copy);
        }
    }

    private static MimeMessage of(Found list, Mail mail) throws MessagingException {
        MimeMessage message = new MimeMessage(mail.getMessage()); // others may have the one that came
        for (Header field : Collections.list(message.getAllHeaders())) {
            if (OF_LISTS.stream().anyMatch(field.getName()::equalsIgnoreCase)) {
                message.removeHeader(field.getName());
            }
        }
        message.setHeader("List-Id", "<" + id(list) + ">"); // RFC 2919
        message.setHeader("List-Post", "<mailto:" + list.address() + ">"); // RFC 2369 section 3.4
        message.setHeader("List-Owner", "<mailto:" + list.owner() + ">");
        message.setHeader("Precedence", "list"); // so that programs do not answer (RFC 3834 section 2)
        return message;
    }

    /** The list's identifier: a name below its domain, for as long as the list has its address (RFC 2919 section 2). */
    private static String id(Found list) {
        return list.address().toString().replace('@', '.');
    }

    private static MailAddress address(tg.gouv.messagerie.directory.MailAddress ours) {
        try {
            return new MailAddress(ours.toString());
        } catch (AddressException e) {
            throw new IllegalStateException("an address of the directory is none for James", e);
        }
    }
}
