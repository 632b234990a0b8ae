package tg.gouv.messagerie.mail.transfer;

import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.delivery.FullMailboxes;
import tg.gouv.messagerie.mail.smtp.MessageLines;
import tg.gouv.messagerie.mail.smtp.SmtpReply;
import tg.gouv.messagerie.mail.submission.ListWriters;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** For whom mail is accepted: accounts of the directory, mailing lists from who may write to them; others only from people, to be sealed or sent. */
public final class RecipientHook implements RcptHook {
    private static final Logger log = LoggerFactory.getLogger(RecipientHook.class);

    private final Directory directory;
    private final MailingLists lists;
    private final ListWriters writers;
    private final MailSettings settings;
    private final FullMailboxes full;

    /** Recipients of this directory. */
    @Inject
    public RecipientHook(
            Directory directory, MailingLists lists, ListWriters writers, MailSettings settings, FullMailboxes full) {
        this.directory = directory;
        this.lists = lists;
        this.writers = writers;
        this.settings = settings;
        this.full = full;
    }

    @Override
    public HookResult doRcpt(SMTPSession session, MaybeSender sender, MailAddress recipient) {
        if (session.getRcptCount() >= recipientsMax(session)) {
            return SmtpReply.TOO_MANY_RECIPIENTS.hook(); // RFC 5321 section 4.5.3.1.10
        }
        try {
            return isOurs(recipient) ? ours(session, sender, recipient) : outside(session);
        } catch (StoreUnavailable e) {
            log.warn("event=recipient_unavailable session={}", session.getSessionID(), e);
            return SmtpReply.TRY_LATER.hook();
        }
    }

    private int recipientsMax(SMTPSession session) {
        return session.getUsername() == null
                ? settings.transfer().recipientsMax()
                : settings.submission().recipientsMax();
    }

    private boolean isOurs(MailAddress recipient) {
        return directory.domains().contains(recipient.getDomain().asString());
    }

    private HookResult list(MaybeSender sender, tg.gouv.messagerie.directory.MailAddress address) {
        MailingLists.Found list = lists.byAddresses(List.of(address)).get(address);
        if (list == null) {
            return directory.isRoom(address) ? SmtpReply.A_ROOM.hook() : SmtpReply.UNKNOWN_RECIPIENT.hook();
        }
        return writers.may(list, sender) ? HookResult.DECLINED : SmtpReply.NOT_A_WRITER.hook();
    }

    private HookResult ours(SMTPSession session, MaybeSender sender, MailAddress recipient) {
        Optional<tg.gouv.messagerie.directory.MailAddress> address =
                tg.gouv.messagerie.directory.MailAddress.parse(recipient.asString());
        if (address.flatMap(directory::byAddress).isEmpty()) {
            return address.map(it -> list(sender, it.withoutDetail())).orElseGet(SmtpReply.UNKNOWN_RECIPIENT::hook);
        }
        if (!full.isFull(recipient, MessageLines.declaredSize(session))) {
            return HookResult.DECLINED;
        }
        // Another server keeps the message and tries again; a person's program tells the person.
        return session.getUsername() == null ? SmtpReply.MAILBOX_FULL_NOW.hook() : SmtpReply.MAILBOX_FULL.hook();
    }

    private HookResult outside(SMTPSession session) {
        if (session.getUsername() == null) {
            return SmtpReply.NO_RELAY.hook();
        }
        return switch (settings.outside()) {
            case REFUSE -> SmtpReply.NOTHING_OUTSIDE.hook();
            case SEAL, SEND -> HookResult.DECLINED;
        };
    }
}
