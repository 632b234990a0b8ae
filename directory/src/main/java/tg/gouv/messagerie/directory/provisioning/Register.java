package tg.gouv.messagerie.directory.provisioning;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;

/**
 * What is in the directory, as those who write it name it. Lists are pages in the order of a key: what comes after the last one read
 * is the next page, whatever was added or removed meanwhile. May be called from any thread that may block.
 *
 * <p>All methods throw {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public interface Register {
    /** How many things a page holds at most. */
    int PAGE_MAX = 1_000;

    /** The domains whose mail is ours, by their names. */
    List<Domain> domains();

    /** The entity of this code. */
    Optional<Entity> entity(EntityCode code);

    /** The position of this code. */
    Optional<Position> position(PositionCode code);

    /** Those of these codes that are entities', in one query; more than {@link #PAGE_MAX} are not answered. */
    Map<EntityCode, Entity> entities(Collection<EntityCode> codes);

    /** Those of these codes that are positions', in one query; more than {@link #PAGE_MAX} are not answered. */
    Map<PositionCode, Position> positions(Collection<PositionCode> codes);

    /** The person who has this address, whatever the state of the account. */
    Optional<Registered> person(MailAddress address);

    /** The person who has this registration number. */
    Optional<Registered> person(Person.RegistrationNumber number);

    /**
     * Entities below one, itself included, by their codes.
     *
     * @param within absent, all of the State
     * @param after the code before the page
     */
    List<Entity> entities(Optional<EntityCode> within, Optional<EntityCode> after, int most);

    /** Positions in an entity and below it, by their codes. */
    List<Position> positions(Optional<EntityCode> within, Optional<PositionCode> after, int most);

    /** People of an entity and of those below it, by their primary addresses. */
    List<Registered> people(Optional<EntityCode> within, Optional<MailAddress> after, int most);

    /** The function mailbox that has this primary address, unless it is closed. */
    Optional<FunctionMailbox> functionMailbox(MailAddress address);

    /** The account of the function mailbox that has this primary address, unless it is closed. */
    Optional<AccountId> functionMailboxAccount(MailAddress address);

    /** Function mailboxes of an entity, of its positions, and of those below it, by their primary addresses. */
    List<FunctionMailbox> functionMailboxes(Optional<EntityCode> within, Optional<MailAddress> after, int most);

    /** Who uses a function mailbox now or will, by the positions they hold, in the order of their names. */
    List<MailboxUser> functionMailboxUsers(MailAddress address, int most);

    /** The group of this code. */
    Optional<Group> group(GroupCode code);

    /** Groups of an entity and of those below it, by their codes. */
    List<Group> groups(Optional<EntityCode> within, Optional<GroupCode> after, int most);

    /** The primary addresses of those who are in a group now, in their order. */
    List<MailAddress> members(GroupCode group, Optional<MailAddress> after, int most);

    /** The mailing list that has this primary address, unless it is closed. */
    Optional<MailingList> mailingList(MailAddress address);

    /** The mailing list that delivers to a group, unless it is closed. */
    Optional<MailingList> mailingListOf(GroupCode group);

    /** The account of the mailing list that has this primary address, unless it is closed. */
    Optional<AccountId> mailingListAccount(MailAddress address);

    /** Mailing lists of groups of an entity and of those below it, by their primary addresses. */
    List<MailingList> mailingLists(Optional<EntityCode> within, Optional<MailAddress> after, int most);

    /** The room or resource that has this primary address, unless it is closed. */
    Optional<Room> room(MailAddress address);

    /** The account of the room that has this primary address, unless it is closed. */
    Optional<AccountId> roomAccount(MailAddress address);

    /** Rooms and resources of an entity and of those below it, by their primary addresses. */
    List<Room> rooms(Optional<EntityCode> within, Optional<MailAddress> after, int most);

    /**
     * Somebody who uses a function mailbox by a position.
     *
     * @param from when they begin to hold the position
     * @param until when they hold it no more, if that is known
     */
    record MailboxUser(
            MailAddress person,
            String displayName,
            PositionCode position,
            FunctionAccess access,
            Instant from,
            Optional<Instant> until) {}

    /**
     * A person as they are.
     *
     * @param addresses every one, the primary included
     * @param positions those they hold now, by their codes
     */
    record Registered(
            AccountId account,
            Account.State state,
            Person person,
            Set<MailAddress> addresses,
            List<PositionCode> positions) {
        public Registered {
            addresses = Set.copyOf(addresses);
            positions = List.copyOf(positions);
        }
    }
}
