package tg.gouv.messagerie.mail.postgres;

import org.apache.james.mailbox.model.MessageRange;

/** The UIDs of a {@link MessageRange}, both ends included. */
record UidRange(long first, long last) {
    static UidRange of(MessageRange set) {
        return switch (set.getType()) {
            case ALL -> new UidRange(0, Long.MAX_VALUE);
            case FROM -> new UidRange(set.getUidFrom().asLong(), Long.MAX_VALUE);
            case ONE -> new UidRange(set.getUidFrom().asLong(), set.getUidFrom().asLong());
            case RANGE -> new UidRange(set.getUidFrom().asLong(), set.getUidTo().asLong());
        };
    }
}
