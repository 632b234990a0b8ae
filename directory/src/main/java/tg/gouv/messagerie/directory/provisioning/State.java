package tg.gouv.messagerie.directory.provisioning;

import java.util.List;
import java.util.Map;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * A State, or a part of one, as it should be.
 *
 * @param domains whose mail is ours
 * @param entities each after its parent
 * @param groups each after those it names
 * @param passwords by any address of a person, for accounts that have none
 */
public record State(
        List<String> domains,
        List<Entity> entities,
        List<Position> positions,
        List<Person> people,
        List<Assignment> assignments,
        List<FunctionMailbox> functionMailboxes,
        List<Group> groups,
        List<MailingList> mailingLists,
        Map<MailAddress, Secret> passwords) {
    /** Nothing at all. */
    public static final State NOTHING =
            new State(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Map.of());

    public State {
        domains = List.copyOf(domains);
        entities = List.copyOf(entities);
        positions = List.copyOf(positions);
        people = List.copyOf(people);
        assignments = List.copyOf(assignments);
        functionMailboxes = List.copyOf(functionMailboxes);
        groups = List.copyOf(groups);
        mailingLists = List.copyOf(mailingLists);
        passwords = Map.copyOf(passwords);
    }

    /** A State without groups. */
    public State(
            List<String> domains,
            List<Entity> entities,
            List<Position> positions,
            List<Person> people,
            List<Assignment> assignments,
            List<FunctionMailbox> functionMailboxes,
            Map<MailAddress, Secret> passwords) {
        this(domains, entities, positions, people, assignments, functionMailboxes, List.of(), List.of(), passwords);
    }

    /** An entity alone. */
    public static State of(Entity entity) {
        return new State(List.of(), List.of(entity), List.of(), List.of(), List.of(), List.of(), Map.of());
    }

    /** A position alone. */
    public static State of(Position position) {
        return new State(List.of(), List.of(), List.of(position), List.of(), List.of(), List.of(), Map.of());
    }

    /** A person alone. */
    public static State of(Person person) {
        return new State(List.of(), List.of(), List.of(), List.of(person), List.of(), List.of(), Map.of());
    }

    /** A group alone. */
    public static State of(Group group) {
        return groups(List.of(group), List.of());
    }

    /** A mailing list alone. */
    public static State of(MailingList list) {
        return groups(List.of(), List.of(list));
    }

    /** Groups and mailing lists alone. */
    public static State groups(List<Group> groups, List<MailingList> mailingLists) {
        return new State(
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), groups, mailingLists, Map.of());
    }
}
