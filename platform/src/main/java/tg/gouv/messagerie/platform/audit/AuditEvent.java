package tg.gouv.messagerie.platform.audit;

import java.util.Locale;
import java.util.Optional;

/** What the State must be able to tell later. It says who, for whom, on what, from where, when, how it ended; never content. */
public sealed interface AuditEvent {
    /** When, by whom, for whom and from where. */
    Circumstances circumstances();

    /** What was acted on. */
    Subject subject();

    /** What it was brought together with: the position of an assignment, the address of an alias. */
    default Optional<Subject> counterpart() {
        return Optional.empty();
    }

    /** How it ended. */
    default Outcome outcome() {
        return Outcome.DONE;
    }

    /** What was done, by the stable name under which the trail keeps it. */
    default String act() {
        return switch (this) {
            case SignIn _ -> "sign-in";
            case Access _ -> "access";
            case Sending _ -> "sending";
            case Refusal _ -> "refusal";
            case MailboxRights _ -> "mailbox-rights";
            case Forwarding forwarding -> "forwarding-" + word(forwarding.change());
            case DirectoryChange written -> "directory-" + word(written.change());
            case ProgramStart _ -> "program-start";
            case ProgramStop _ -> "program-stop";
            case Order given -> "order-" + given.order();
            case Replay _ -> "outbox-replay";
            case Backup _ -> "backup";
            case Restored _ -> "restored";
            case QueueChange changed -> "queue-" + word(changed.change());
            case Look looked -> "look-" + word(looked.at());
        };
    }

    /** An event that may come many times a second, and is told with the number of its repetitions. */
    sealed interface Frequent extends AuditEvent {}

    /**
     * Somebody signed in, or tried to.
     *
     * @param subject the account that was to be opened, or a login that nobody has
     * @param counterpart the device password that was given, if it was one; or which other secret, where that matters
     */
    record SignIn(Circumstances circumstances, Subject subject, Optional<Subject> counterpart, Outcome outcome)
            implements Frequent {}

    /** Somebody read or changed another's data by a right they were given. */
    record Access(Circumstances circumstances, Subject subject, Outcome outcome) implements Frequent {}

    /**
     * Somebody handed in a message in another's name, by a right they have.
     *
     * @param subject in whose name
     */
    record Sending(Circumstances circumstances, Subject subject) implements Frequent {}

    /** Somebody asked for what they have no right to. */
    record Refusal(Circumstances circumstances, Subject subject) implements Frequent {
        @Override
        public Outcome outcome() {
            return Outcome.REFUSED;
        }
    }

    /**
     * Somebody gave or took rights in a mailbox (RFC 4314).
     *
     * @param subject the mailbox
     * @param counterpart who has which rights from now on, as {@link Subject.Kind#RIGHTS} says
     */
    record MailboxRights(Circumstances circumstances, Subject subject, Optional<Subject> counterpart)
            implements AuditEvent {}

    /**
     * The mail of an account goes on to an address from now on, or does so no more.
     *
     * @param subject the account
     */
    record Forwarding(Circumstances circumstances, Change change, Subject subject, Subject address)
            implements AuditEvent {
        @Override
        public Optional<Subject> counterpart() {
            return Optional.of(address);
        }

        /** What became of it. */
        public enum Change {
            BEGUN,
            ENDED
        }
    }

    /** The directory was changed. */
    record DirectoryChange(Circumstances circumstances, Act change, Subject subject, Optional<Subject> counterpart)
            implements AuditEvent {
        /** A change without a counterpart. */
        public DirectoryChange(Circumstances circumstances, Act change, Subject subject) {
            this(circumstances, change, subject, Optional.empty());
        }

        /** What was written. */
        public enum Act {
            DOMAIN,
            ENTITY,
            POSITION,
            PERSON,
            ASSIGNMENT,
            FUNCTION_MAILBOX,
            GROUP,
            GROUP_REMOVED,
            MAILING_LIST,
            ROOM,
            ALIAS,
            /** An address was taken away from its account. */
            ADDRESS_RETIRED,
            /** Somebody left; the counterpart is who reads their mail until the account closes. */
            DEPARTURE,
            /** Somebody who had left came back. */
            DEPARTURE_ENDED,
            ACCOUNT_STATE,
            PASSWORD,
            DEVICE_PASSWORD_ISSUED,
            DEVICE_PASSWORD_REVOKED,
            SECOND_FACTOR_ON,
            SECOND_FACTOR_OFF,
            /** Somebody hid a function mailbox, the counterpart, from their own programs. */
            FUNCTION_HIDDEN,
            /** They showed it again. */
            FUNCTION_SHOWN,
            /** Wrong secrets and codes that were counted against an account are forgotten. */
            UNLOCK,
            /** Everything that was opened by signing in ends. */
            SIGN_OUT,
            /** A session in a browser was ended from elsewhere. */
            WEB_SESSION_ENDED,
            ACTIVATION_CODE_ISSUED,
            ACTIVATION_CODE_USED,
            /** Its time was over before somebody used it. */
            ACTIVATION_CODE_EXPIRED,
            /** Rights were given; the counterpart says which and where. */
            GRANT,
            /** Rights were taken back. */
            REVOKE,
            /** A bulk import began. */
            IMPORT,
            /** A part of an import was written; what it changed are rows of their own. */
            IMPORT_BATCH,
            /** What an import replaced was given back. */
            IMPORT_UNDONE,
            /** Everybody was read out into a file. */
            EXPORT,
            /** Somebody's data must not be erased; the counterpart is why. */
            LEGAL_HOLD,
            LEGAL_HOLD_ENDED,
            /** Everything that was kept of somebody who had left is gone, and nothing is known of the account from then on but its id. */
            ERASURE,
            /** Everything that is kept of somebody was read out, mail included. */
            PERSON_EXPORT,
            /** An entry of an application, over LDAP. */
            LDAP_ENTRY
        }
    }

    /** The program has started. */
    record ProgramStart(Circumstances circumstances, Subject subject) implements AuditEvent {}

    /** The program ended in good order; two starts without this between them were a crash. */
    record ProgramStop(Circumstances circumstances, Subject subject) implements AuditEvent {}

    /**
     * An order at the command line of this machine.
     *
     * @param order the command's word, such as {@code down}
     */
    record Order(Circumstances circumstances, String order, Subject subject, Outcome outcome) implements AuditEvent {
        public Order {
            AuditText.demand(order);
        }
    }

    /**
     * An operator had work that was given up done again.
     *
     * @param subject the message of the outbox, or the topic of all of them
     * @param reason as the operator wrote it
     */
    record Replay(Circumstances circumstances, Subject subject, Subject reason) implements AuditEvent {
        @Override
        public Optional<Subject> counterpart() {
            return Optional.of(reason);
        }
    }

    /**
     * Everything was copied out into a backup; written before the first row is read, so that one that failed is told too.
     *
     * @param subject the backup
     */
    record Backup(Circumstances circumstances, Subject subject) implements AuditEvent {}

    /**
     * Everything is as a backup had it: what was done after that backup, rows of this trail included, is not here.
     *
     * @param subject the backup
     */
    record Restored(Circumstances circumstances, Subject subject) implements AuditEvent {}

    /**
     * An operator intervened in a message on its way.
     *
     * @param reason why, as they wrote it
     */
    record QueueChange(Circumstances circumstances, Measure change, Subject subject, Subject reason)
            implements AuditEvent {
        @Override
        public Optional<Subject> counterpart() {
            return Optional.of(reason);
        }

        /** What was done to it. */
        public enum Measure {
            HOLD,
            RELEASE,
            RETRY,
            DELETE,
            BOUNCE
        }
    }

    /** Somebody looked at what is known of others: who writes to whom, who has opened an account, or how it is. */
    record Look(Circumstances circumstances, At at, Subject subject) implements AuditEvent {
        /** Where they looked. */
        public enum At {
            QUEUE,
            TRACE,
            /** At who has opened somebody's account. */
            ACCESS,
            /** At the state of somebody's account: the help desk. */
            STATE,
            /** At what this trail tells of a part of the State. */
            PART
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
