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
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * James's StoreMessageIdManager takes a UID and a MODSEQ before it copies a message. If they were given away then, another
 * append could commit a greater UID before the copy commits the smaller one, and a client that synchronizes in between would
 * never see the copy. So the next ones are only announced here, and every statement of the store that writes takes its own;
 * PostgresMessageIdMapper tells James's message which.
 */
/** What James asks about UIDs and MODSEQs: the last ones, and an announcement, not a promise, of the next ones. */
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
        return MessageUid.of(of(id).lastUid() + 1);
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
        return connections
                .run(c -> Sql.first(
                        c,
                        row -> ModSeq.of(row.getLong(1) + 1),
                        "select a.highest_modseq from mailbox b join account_counter a on a.owner_id = b.owner_id"
                                + " where b.id = ?",
                        number(id)))
                .orElseGet(ModSeq::first);
    }

    @Override
    public Mono<MessageUid> nextUidReactive(MailboxId id) {
        return connections.later(() -> nextUid(id));
    }

    @Override
    public Mono<ModSeq> nextModSeqReactive(MailboxId id) {
        return connections.later(() -> nextModSeq(id));
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
