package tg.gouv.messagerie.directory.ldap;

import tg.gouv.messagerie.directory.Account;

/** Who may do over LDAP more than look names up; asked when somebody signs in. */
@FunctionalInterface
public interface LdapWriters {
    /** Whether an account writes entries below {@code ou=applications}, and searches without bounds. */
    boolean mayWriteApplications(Account account);
}
