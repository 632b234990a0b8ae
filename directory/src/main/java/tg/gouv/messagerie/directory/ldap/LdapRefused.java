package tg.gouv.messagerie.directory.ldap;

/** LDAP cannot be started as it is set; the sentence says which setting and why. */
public final class LdapRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    LdapRefused(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
