package tg.gouv.messagerie.mail.transfer.outgoing;

/** What another server made of a message for one recipient. */
sealed interface Verdict {
    /** It is responsible now (RFC 5321 section 4.2.5). */
    record Taken(String reply) implements Verdict {}

    /** Not now. */
    record Later(Diagnosis why) implements Verdict {}

    /** Never. */
    record Never(Diagnosis why) implements Verdict {}

    /** Not beside so many others: in another transaction, at once (RFC 5321 section 4.5.3.1.10). */
    record TooMany(Diagnosis why) implements Verdict {}

    /** What is stored is damaged: nobody gets it. */
    record Damaged(Diagnosis why) implements Verdict {}

    /** A refusal, for good or for now. */
    static Verdict of(Diagnosis why) {
        return why.isPermanent() ? new Never(why) : new Later(why);
    }
}
