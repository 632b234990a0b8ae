package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.util.Optional;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.store.mail.ModSeqProvider;
import org.apache.james.mailbox.store.mail.UidProvider;

/** UIDs and MODSEQs for those who ask James for them; the store itself takes them in the statement that uses them. */
final class Counters implements UidProvider, ModSeqProvider {
    private final MailConnections connections;

    Counters(MailConnections connections) {
        this.connections = connections;
    }

    /** The counter of a mailbox; all zero if it does not exist. */
    Counter of(MailboxId id) throws MailboxException {
        return connections.run(c -> Counter.of(c, number(id))).orElse(Counter.NONE);
    }

    @Override
    public MessageUid nextUid(Mailbox mailbox) throws MailboxException {
        return nextUid(mailbox.getMailboxId());
    }

    @Override
    public MessageUid nextUid(MailboxId id) throws MailboxException {
        return MessageUid.of(
                connections.run(c -> Counter.advance(c, number(id), 1)).lastUid());
    }

    @Override
    public Optional<MessageUid> lastUid(Mailbox mailbox) throws MailboxException {
        long last = of(mailbox.getMailboxId()).lastUid();
        return last == 0 ? Optional.empty() : Optional.of(MessageUid.of(last));
    }

    @Override
    public ModSeq nextModSeq(Mailbox mailbox) throws MailboxException {
        return nextModSeq(mailbox.getMailboxId());
    }

    @Override
    public ModSeq nextModSeq(MailboxId id) throws MailboxException {
        return ModSeq.of(connections.run(c -> Counter.advance(c, number(id), 0)).highestModSeq());
    }

    @Override
    public ModSeq highestModSeq(Mailbox mailbox) throws MailboxException {
        return highestModSeq(mailbox.getMailboxId());
    }

    @Override
    public ModSeq highestModSeq(MailboxId id) throws MailboxException {
        return ModSeq.of(of(id).highestModSeq());
    }
}
