package tg.gouv.messagerie.platform.audit;

import java.util.Locale;

/**
 * What was acted on, by the name that never changes or by which administrators know it. Never its content.
 *
 * @param id of at most 320 characters, without control characters
 */
public record Subject(Kind kind, String id) {
    /** What there is to act on. */
    public enum Kind {
        /** A person's account or a function mailbox, by its id. */
        ACCOUNT,
        /** An address, in lower case. */
        ADDRESS,
        DOMAIN,
        /** A mailbox, by the id of its account and its own: {@code 0199…/42}. */
        MAILBOX,
        /** Rights in a mailbox: the id of an account, or a word of RFC 4314, and letters: {@code 0199…=lrs}; no letter: none. */
        RIGHTS,
        /** An entity, by its code. */
        ENTITY,
        /** A position, by its code. */
        POSITION,
        /** A group of people, by its code. */
        GROUP,
        /** An entry of an application in the LDAP tree, by its name without the base. */
        ENTRY,
        /** The state an account was brought into. */
        STATE,
        /** A device password, by its id, and by the name its owner gave it where it is issued or revoked: {@code 0199…/Téléphone}. */
        DEVICE,
        /**
         * Which secret was given at a sign-in, where that matters: {@code main-password} where a device password is asked for, {@code
         * unknown-device} for a device password that serves no more or was mistyped, {@code
         * no-code} or {@code wrong-code} with a right main password, {@code recovery-code} in the place of a telephone's, {@code
         * lost-password} or {@code wrong-recovery} of who chooses another password with two codes, {@code token} of the
         * provider of identities, or {@code token-} and why it was refused.
         */
        SECRET,
        /** A login that nobody has: {@code unknown}, for its text may be a password. */
        LOGIN,
        /** Rights in a part of the State, by the id of the grant, with their words and the entity: {@code 0199…=people,state@energie}. */
        GRANT,
        /** A message on its way, by its id. */
        MESSAGE,
        /** Messages of the outbox, by their topic. */
        TOPIC,
        /** A bulk import, by its id. */
        IMPORT,
        /** How many: {@code made=10,changed=2}. */
        COUNT,
        /** Why something was done, as who did it wrote. */
        REASON,
        /** A backup, by its name. */
        BACKUP,
        /** What somebody asked to see, in words. */
        QUESTION,
        /** The program, by its version. */
        PROGRAM
    }

    public Subject {
        AuditText.demand(id);
    }

    /** The subject as the trail writes it, such as {@code position:directeur-budget}. */
    public String text() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + id;
    }
}
