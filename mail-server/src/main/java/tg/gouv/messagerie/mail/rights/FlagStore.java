package tg.gouv.messagerie.mail.rights;

import java.util.List;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import reactor.core.publisher.Mono;

/** Where flags are changed on a condition (RFC 7162 section 3.1.3). */
public interface FlagStore {
    /**
     * Which messages may be changed.
     *
     * @param unchangedSince those that have no MODSEQ above this one
     * @param orWithout those that have none of these keywords, in lower case, if there is any
     */
    record Condition(long unchangedSince, List<String> orWithout) {
        /** All of them. */
        public static final Condition NONE = new Condition(Long.MAX_VALUE, List.of());
    }

    /**
     * What became of a change.
     *
     * @param stored the messages that have the flags now, those that had them before included
     * @param modified those that were left alone because somebody changed them since
     */
    record Stored(List<UpdatedFlags> stored, List<MessageUid> modified) {}

    /**
     * Changes the flags of the messages that may be changed, all in one transaction under the mailbox's lock.
     *
     * @param uids ascending; those that are not there are passed over
     */
    Mono<Stored> store(Mailbox mailbox, FlagsUpdateCalculator change, List<MessageUid> uids, Condition condition);
}
