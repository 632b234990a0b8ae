package tg.gouv.messagerie.directory.provisioning;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * Writes the directory. Every act says how something should be and is known by its natural key (a domain's name, a code, a
 * registration number, an address): the second time it changes nothing.
 *
 * <p>An act is done for whom {@link tg.gouv.messagerie.platform.audit.Circumstances} name. The program itself and operators of the
 * machine may do everything; an account only what its rights allow, and nothing that would give or expose, to whomever, a right that
 * it has not itself. What is not allowed is refused and counted in the audit trail.
 *
 * <p>Each act is one transaction, durable when it returns; acts happen one after the other over all nodes. All of them
 * throw {@link ProvisioningRefused} when the directory must not become what is asked, and {@link
 * tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer; nothing was changed then. May be
 * called from any thread that may block.
 */
public interface Provisioning {
    /**
     * Makes the mail of a domain ours.
     *
     * @param name a domain, in any case
     */
    void domain(String name);

    /**
     * Makes the mail of a domain ours, or says whose the domain is.
     *
     * @return whether something changed
     */
    boolean domain(Domain domain);

    /** Makes an entity, or gives it another name or parent. */
    void entity(Entity entity);

    /** Makes a position, or gives it another title or entity. */
    void position(Position position);

    /**
     * Makes a person with an active account and a primary address; or gives them other names, another language, entity or
     * primary address. The address they had before becomes a former one, which still delivers and signs in.
     *
     * @return the person's account
     */
    AccountId person(Person person);

    /** Puts a person into a position, or changes from when or until when they hold it. */
    void assignment(Assignment assignment);

    /**
     * Makes a function mailbox, or gives it another name, another owner or other holders.
     *
     * @return the function mailbox's account
     */
    AccountId functionMailbox(FunctionMailbox mailbox);

    /**
     * Makes a group, or gives it another name, entity or members. A rule and a group among its members need the right where they are:
     * nobody writes to more people than they administer.
     */
    void group(Group group);

    /**
     * Removes a group.
     *
     * @return whether there was one
     * @throws ProvisioningRefused with {@link ProvisioningRefused.Reason#GROUP_IN_USE} while a list or another group needs it
     */
    boolean removeGroup(GroupCode group);

    /**
     * Makes a mailing list, or gives it another group, owner or other writers. It is closed and opened as every account is.
     *
     * @return the list's account
     */
    AccountId mailingList(MailingList list);

    /**
     * Makes a room or a thing that is lent, or says otherwise what it is and who books it. It is closed and opened as every account is.
     *
     * @param seen as somebody saw it, if it must still be so; refused with {@link ProvisioningRefused.Reason#CHANGED_MEANWHILE} if it is not
     * @return whether something changed
     */
    boolean room(Room room, Optional<Room> seen);

    /**
     * Gives an account a further address, which delivers and signs in like its primary one. Who gives it has every right that the account
     * has, and in a domain that is an entity's the right there.
     *
     * @return whether it had it not
     */
    boolean alias(AccountId account, MailAddress alias);

    /**
     * Takes a further or former address away from an account: it delivers and signs in no more, and is given to nobody else.
     *
     * @return whether it had it
     */
    boolean retire(AccountId account, MailAddress address);

    /** Suspends, closes or opens an account. */
    void state(AccountId account, Account.State state);

    /**
     * Gives a person's account this password in place of the one it had.
     *
     * @param password prepared as RFC 8265 section 4.2 says; at most 1,024 bytes of UTF-8
     */
    void password(AccountId account, Secret password);

    /**
     * Tells whether {@link #ownPassword} would take this password by what a password must be.
     *
     * @throws ProvisioningRefused if it would not
     */
    void demandGood(AccountId account, Secret password);

    /**
     * Gives a person's account, if it has none, the password of which another directory had this hash; it is hashed as ours are when it is
     * given the first time.
     *
     * @param hash as in {@code userPassword}: {@code {SSHA}}, {@code {SSHA256}}, {@code {SSHA512}}, {@code {CRYPT}} with {@code $1$},
     *     {@code $5$}, {@code $6$} or {@code $2b$}, {@code {PBKDF2-SHA256}}, {@code {PBKDF2-SHA512}}
     * @return whether it had none
     */
    boolean importedPassword(AccountId account, String hash);

    /**
     * Does what happens to people in the service of a State, whole or not at all.
     *
     * @return what it changed
     */
    LifeCycle.Done perform(LifeCycle act);

    /** What {@link #perform} would change now: it is done, and taken back. It is refused for the same reasons. */
    LifeCycle.Done rehearse(LifeCycle act);

    /**
     * Does an act and takes it back: it is judged and refused as it would be now, nothing stays of it, and the audit trail is told of it only
     * that it was refused.
     *
     * @param act calls one method of what it is given, and returns what that returned
     */
    <T> T rehearse(Function<Provisioning, T> act);

    /**
     * Gives rights in a part of the State.
     *
     * @return the grant's id
     */
    UUID grant(Grant grant);

    /**
     * Takes a grant back, and with it every grant that was given by it.
     *
     * @return whether it served until now
     */
    boolean revoke(UUID grant);

    /**
     * Gives the account that acts another password in place of the one it had. It needs no right: the door has asked for the main
     * password that it had, never for a device password, and for nothing that merely continues a sign-in.
     *
     * @param account who acts, as {@link tg.gouv.messagerie.platform.audit.Circumstances} say
     * @param password as in {@link #password}
     */
    void ownPassword(AccountId account, Secret password);

    /**
     * Has the program write to the account that acts in another language. It needs no right.
     *
     * @param account a person's, who acts, as {@link tg.gouv.messagerie.platform.audit.Circumstances} say
     * @param language French or English
     * @return whether it was another one
     */
    boolean ownLanguage(AccountId account, Locale language);

    /**
     * Does everything a description holds, whole or not at all. What it does not name stays as it is; a password is given
     * only to an account that has none.
     *
     * @return what changed
     */
    Applied apply(State state);

    /**
     * The same, if what the description is to change is as somebody saw it: whoever changed it meanwhile is not overwritten (RFC 9110
     * section 13.1.1).
     *
     * @param seen entities, positions and people as they were seen, people by their addresses; refused with {@link
     *     ProvisioningRefused.Reason#CHANGED_MEANWHILE} if one is not so
     */
    Applied apply(State state, State seen);

    /**
     * What a description changed.
     *
     * @param changed acts that made or altered something
     * @param unchanged acts that found everything as it should be
     */
    record Applied(int changed, int unchanged) {}
}
