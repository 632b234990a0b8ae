package tg.gouv.messagerie.mail.postgres;

import java.util.Map;
import javax.mail.Flags;
import javax.mail.Flags.Flag;

/** Flags as rows have them: the system flags (RFC 9051 section 2.3.2) are bits, keywords an array. */
final class MessageFlags {
    /** The partial indexes of the schema name DELETED and SEEN. */
    private static final Map<Flag, Integer> BITS =
            Map.of(Flag.ANSWERED, 1, Flag.DELETED, 2, Flag.DRAFT, 4, Flag.FLAGGED, 8, Flag.RECENT, 16, Flag.SEEN, 32);

    static final int RECENT = 16;

    private MessageFlags() {}

    static short bits(Flags flags) {
        int bits = 0;
        for (Map.Entry<Flag, Integer> each : BITS.entrySet()) {
            if (flags.contains(each.getKey())) {
                bits |= each.getValue();
            }
        }
        return (short) bits;
    }

    static Flags of(int bits, String[] keywords) {
        Flags flags = new Flags();
        BITS.forEach((flag, bit) -> {
            if ((bits & bit) != 0) {
                flags.add(flag);
            }
        });
        for (String keyword : keywords) {
            flags.add(keyword);
        }
        return flags;
    }

    /** What a message with these flags adds to the count of unseen ones. */
    static int unseen(Flags flags) {
        return flags.contains(Flag.SEEN) ? 0 : 1;
    }
}
