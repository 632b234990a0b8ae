package tg.gouv.messagerie.mail.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import javax.mail.Flags;
import javax.mail.Flags.Flag;

/*
 * \Recent is not stored. A message is recent while its UID is at or above the mailbox's recent_from_uid, which moves past
 * the last UID when a session selects the mailbox. One bit, written when the message arrives and never by a reader, says
 * that it was not recent even then: a session that has the mailbox open put it there. Who replaces the flags of a message was
 * told of it, so that sets the bit too, as James's contract wants; its contracts also give \Recent by hand, which clears it.
 */
/** The columns {@code flags} and {@code user_flags}. */
final class FlagColumns {
    static final int DELETED = 2;
    static final int NEVER_RECENT = 16;
    static final int SEEN = 32;

    private static final Map<Flag, Integer> BITS =
            Map.of(Flag.ANSWERED, 1, Flag.DELETED, DELETED, Flag.DRAFT, 4, Flag.FLAGGED, 8, Flag.SEEN, SEEN);

    /** Joins keywords into one parameter; no keyword contains it (RFC 9051 section 9: atom). */
    private static final String SEPARATOR = "\u001f";

    /** SQL that splits what {@link #joined} joined. */
    static final String SPLIT = "string_to_array(%s, e'\\x1f')";

    private FlagColumns() {}

    static int bits(Flags flags) {
        int bits = flags.contains(Flag.RECENT) ? 0 : NEVER_RECENT;
        for (var each : BITS.entrySet()) {
            if (flags.contains(each.getKey())) {
                bits |= each.getValue();
            }
        }
        return bits;
    }

    /** The keywords as they are stored: without control characters, which PostgreSQL or we could not tell apart. */
    static String[] keywords(Flags flags) {
        return Stream.of(flags.getUserFlags())
                .map(keyword -> keyword.replaceAll("\\p{Cntrl}", ""))
                .filter(keyword -> !keyword.isEmpty())
                .distinct()
                .toArray(String[]::new);
    }

    static String joined(Flags flags) {
        return String.join(SEPARATOR, keywords(flags));
    }

    static boolean isUnseen(Flags flags) {
        return !flags.contains(Flag.SEEN);
    }

    /**
     * The flags of a row.
     *
     * @param row has {@code uid}, {@code flags}, {@code user_flags} and {@code recent_from_uid}
     */
    static Flags read(ResultSet row) throws SQLException {
        int bits = row.getInt("flags");
        Flags flags = new Flags();
        for (var each : BITS.entrySet()) {
            if ((bits & each.getValue()) != 0) {
                flags.add(each.getKey());
            }
        }
        if ((bits & NEVER_RECENT) == 0 && row.getLong("uid") >= row.getLong("recent_from_uid")) {
            flags.add(Flag.RECENT);
        }
        for (String keyword : (String[]) row.getArray("user_flags").getArray()) {
            flags.add(keyword);
        }
        return flags;
    }
}
