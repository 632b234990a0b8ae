package tg.gouv.messagerie.directory.help;

import tg.gouv.messagerie.directory.AccountId;

/**
 * What the help desk sees of a person's account, and does for it; judged and told in the audit trail as {@link PersonStates} says.
 *
 * @param usage what mail says of it
 */
public record HelpDesk(PersonStates states, PersonalUsage usage) {
    /** How an account is, with what its mailboxes hold. */
    public Seen look(AccountId person) {
        return new Seen(states.of(person), usage.of(person)); // judged before mail is asked
    }

    /** Forgets what was counted against an account. */
    public boolean unlock(AccountId person) {
        return states.unlock(person);
    }

    /** How an account is: no content, no subject, no correspondent. */
    public record Seen(PersonStates.PersonState account, PersonalUsage.Usage usage) {}
}
