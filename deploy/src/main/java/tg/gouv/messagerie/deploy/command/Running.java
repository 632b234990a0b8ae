package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.SequencedMap;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.mail.queue.OperatedQueue;
import tg.gouv.messagerie.mail.trace.TracedMail;

/** A program that serves its clients until it is closed. */
public interface Running extends AutoCloseable {
    /** The open ports, by their names in {@code connection.json}. */
    SequencedMap<String, Integer> ports();

    /** The addresses of what is served over HTTP, by their names in {@code connection.json}. */
    SequencedMap<String, String> urls(String host);

    /** The processes, by their names in {@code connection.json}, this one first. */
    SequencedMap<String, Long> processes();

    /** Calls back each time a process was replaced by another. */
    void onProcessChange(Runnable callback);

    /** The file of the authority that clients are to trust. */
    Path authority();

    /** Whether each part is well, by its name; asks each one now. */
    SequencedMap<String, Boolean> health();

    /** What follows an act elsewhere. */
    RunningRoutes routes();

    /** The accounts of administrators. */
    RunningAdministrators administrators();

    /** Who exists. */
    Directory directory();

    /** The one way to write the directory. */
    Provisioning provisioning();

    /** One-time codes of accounts. */
    ActivationCodes activationCodes();

    /** What letters with such codes say. */
    LetterSettings letters();

    /** What there is in the directory, for those who write it. */
    Register register();

    /** Many at once, out of a file. */
    Imports imports();

    /** Everything that is kept of one person. */
    PersonalArchives archives();

    /** Who may do what. */
    Rights rights();

    /** Passwords for one device each. */
    DevicePasswords devicePasswords();

    /** What was opened by signing in. */
    Sessions sessions();

    /** Codes beside the main password. */
    SecondFactors secondFactors();

    /** Who has opened an account. */
    AccessLedger ledger();

    /** What the audit trail tells of a part of the State. */
    PartLedger partLedger();

    /** How people's accounts are. */
    HelpDesk helpDesk();

    /** People by the beginning of what is known of them. */
    PeopleIndex people();

    /** What there is to count, by the names of {@link Figure}; what cannot be counted now is absent. */
    SequencedMap<Figure, Long> figures();

    /** Mail on its way. */
    OperatedQueue queue();

    /** What became of accepted mail. */
    TracedMail traces();

    /** What is counted, and from where on somebody should look. The same bounds are in deploy/alarms/messagerie.rules.yml. */
    enum Figure {
        /** Accounts of people and function mailboxes. */
        ACCOUNTS,
        /** Accepted messages that wait for their delivery. */
        QUEUED,
        /** How long the oldest of them that nobody holds has waited. */
        QUEUE_OLDEST_SECONDS(900, true),
        /** Those of them that an operator holds. */
        HELD,
        /** Messages that were given up. */
        ASIDE(0, true),
        /** Recipients on other servers whose message is not there yet. */
        OUTGOING,
        /** How long the one of them that nobody holds has waited who waits longest. */
        OUTGOING_OLDEST_SECONDS(14_400, true),
        /** Recipients on other servers for whom it was given up, and of which nobody could be told. */
        OUTGOING_DEAD(0, true),
        /** Events and messages between parts that were given up. */
        DEAD_LETTERS(0, true),
        /** Large objects that were found damaged or gone. */
        DAMAGED_OBJECTS(0, true),
        /** Deliveries to mailboxes in the last five minutes. */
        DELIVERED_LATELY,
        /** What is free where the data directory is. */
        DATA_FREE_PERCENT(10, false),
        /** What is free where large objects are. */
        BLOBS_FREE_PERCENT(10, false),
        /** How long the certificate is valid still. */
        CERTIFICATE_DAYS(14, false),
        /** How long the oldest transaction of the database has been open. */
        OLDEST_SNAPSHOT_SECONDS(3_600, true),
        /** How long the oldest row of the audit trail has waited for its seal. */
        AUDIT_UNSEALED_SECONDS(60, true),
        /** Heads of the audit trail that are not outside yet. */
        AUDIT_UNSENT_HEADS;

        private final long bound;
        private final boolean most;
        private final boolean bounded;

        Figure() {
            this.bound = 0;
            this.most = true;
            this.bounded = false;
        }

        Figure(long bound, boolean most) {
            this.bound = bound;
            this.most = most;
            this.bounded = true;
        }

        /** Whether somebody should look at it. */
        boolean isAlarming(long value) {
            return bounded && (most ? value > bound : value < bound);
        }
    }

    /**
     * Tells the audit trail that a system user gave an order through the control socket.
     *
     * @param order the command's word
     * @param obeyed false if this user may not give it
     */
    void ordered(String systemUser, String order, boolean obeyed);

    /** Stops every part, the last one first. */
    @Override
    void close();
}
