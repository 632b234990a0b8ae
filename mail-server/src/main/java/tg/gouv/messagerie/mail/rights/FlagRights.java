package tg.gouv.messagerie.mail.rights;

import java.util.EnumSet;
import java.util.Set;
import javax.mail.Flags;
import javax.mail.Flags.Flag;
import org.apache.james.mailbox.model.MailboxACL.Rfc4314Rights;
import org.apache.james.mailbox.model.MailboxACL.Right;

/** Which right a flag asks for: s for {@code \Seen}, t for {@code \Deleted}, w for every other (RFC 4314 section 4). */
final class FlagRights {
    private FlagRights() {}

    /** The rights without which these flags cannot all be changed. */
    static Right[] of(Flags flags) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (Flag flag : flags.getSystemFlags()) {
            if (flag != Flag.RECENT) {
                rights.add(of(flag));
            }
        }
        if (flags.getUserFlags().length > 0) {
            rights.add(Right.Write);
        }
        return rights.toArray(Right[]::new);
    }

    /** Those of the flags that may be changed with these rights. */
    static Flags permitted(Flags flags, Rfc4314Rights rights) {
        Flags permitted = new Flags(flags);
        for (Flag flag : flags.getSystemFlags()) {
            if (flag != Flag.RECENT && !rights.contains(of(flag))) {
                permitted.remove(flag);
            }
        }
        if (!rights.contains(Right.Write)) {
            for (String keyword : flags.getUserFlags()) {
                permitted.remove(keyword);
            }
        }
        return permitted;
    }

    private static Right of(Flag flag) {
        if (flag == Flag.SEEN) {
            return Right.WriteSeenFlag;
        }
        return flag == Flag.DELETED ? Right.DeleteMessages : Right.Write;
    }

    /** What is in one and not in the other. */
    static Flags difference(Flags one, Flags other) {
        Flags difference = without(one, other);
        difference.add(without(other, one));
        return difference;
    }

    static Flags without(Flags flags, Flags those) {
        Flags rest = new Flags(flags);
        rest.remove(those);
        return rest;
    }

    static boolean isEmpty(Flags flags) {
        return flags.getSystemFlags().length == 0 && flags.getUserFlags().length == 0;
    }
}
