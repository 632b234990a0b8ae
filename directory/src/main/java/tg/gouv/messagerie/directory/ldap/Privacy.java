package tg.gouv.messagerie.directory.ldap;

import java.util.Locale;
import java.util.Set;

/** Which attributes are not for everybody who signs in; {@link Sight} is who reads the private ones. */
final class Privacy {
    /** What the owner reads, and who has the right to look at the owner. */
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

    /** Whether few see it. */
    static boolean isPrivate(String attribute) {
        return PRIVATE.contains(attribute.toLowerCase(Locale.ROOT));
    }
}
