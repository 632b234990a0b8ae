package tg.gouv.messagerie.mail.queue;

/** What an operator does with messages on their way. */
public enum QueueAct {
    /** Keeps them from being tried, until they are released. What is being worked on is held if it fails. */
    HOLD,
    /** Lets what was held go on. */
    RELEASE,
    /** Makes due at once what waits or was given up. */
    RETRY,
    /** Removes them for good; nobody is told but the audit trail. */
    DELETE,
    /** Returns them to their senders, as not delivered to those who do not have them. */
    BOUNCE
}
