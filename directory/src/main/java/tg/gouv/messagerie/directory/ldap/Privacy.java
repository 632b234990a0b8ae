package tg.gouv.messagerie.directory.ldap;

import java.util.Locale;
import java.util.Set;

/** Which attributes are not for everybody who signs in. A right that opens them does not exist yet. */
final class Privacy {
    /** What the owner alone reads. */
    private static final Set<String> PRIVATE =
            Set.of("employeenumber", "gouvmailalternateaddress", "homephone", "homepostaladdress", "carlicense");

    /** What nobody reads, writes or compares. */
    private static final Set<String> SECRET =
            Set.of("userpassword", "authpassword", "pwdhistory", "sambantpassword", "sambalmpassword");

    private Privacy() {}

    /** Whether nobody sees it. */
    static boolean isSecret(String attribute) {
        return SECRET.contains(attribute.toLowerCase(Locale.ROOT));
    }

    /** Whether only the owner sees it. */
    static boolean isPrivate(String attribute) {
        return PRIVATE.contains(attribute.toLowerCase(Locale.ROOT));
    }

    /** Whether a search may ask for entries by it: else its answers would spell the value out. */
    static boolean mayBeSearched(String attribute) {
        return !isSecret(attribute) && !isPrivate(attribute);
    }

    /** Whether somebody sees it in an entry. */
    static boolean isShown(String attribute, boolean own) {
        return !isSecret(attribute) && (own || !isPrivate(attribute));
    }
}
