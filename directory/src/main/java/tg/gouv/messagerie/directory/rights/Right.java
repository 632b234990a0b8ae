package tg.gouv.messagerie.directory.rights;

import java.util.Locale;

/** What somebody may do to what is in a part of the State. Each has its word in the table, at the command line and in REST. */
public enum Right {
    /** See the private fields of people and the state of their accounts, never their mail: the help desk. */
    LOOK,
    /** Make people and change their names, addresses, language and entity. */
    PEOPLE,
    /** Give passwords and one-time codes, take device passwords and second factors away. */
    CREDENTIALS,
    /** Suspend, close and open accounts. */
    STATE,
    /** Put people into positions and end their assignments. */
    ASSIGN,
    /** Make entities and positions, change and move them. */
    STRUCTURE,
    /** Make function mailboxes and say who holds them. */
    FUNCTION_MAILBOXES,
    /** Make groups and mailing lists and say who is in them. */
    GROUPS,
    /** Make rooms and say who books them. */
    ROOMS,
    /** Read out everything that is kept of people who have left or ask for it, keep it from erasure, and erase it. */
    PERSONAL_DATA,
    /** Read what the audit trail tells of the part. */
    AUDIT,
    /** Give on what one has, and take it back. */
    GRANT;

    /** Whether it lets one do something with people: who has one finds people where they have it. */
    public boolean isOfPeople() {
        return switch (this) {
            case LOOK, PEOPLE, CREDENTIALS, STATE, ASSIGN, PERSONAL_DATA, AUDIT, GRANT -> true;
            case STRUCTURE, FUNCTION_MAILBOXES, GROUPS, ROOMS -> false;
        };
    }

    /** The right's word, such as {@code function-mailboxes}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The right of this word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Right of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
