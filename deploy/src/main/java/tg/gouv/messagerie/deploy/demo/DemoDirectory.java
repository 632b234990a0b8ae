package tg.gouv.messagerie.deploy.demo;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.platform.settings.Secret;

/** The fictitious State as the directory is asked to hold it. */
public final class DemoDirectory {
    /** Whose holder reads what was sent to the outside world: the administrator's. */
    private static final PositionCode ADMINISTRATION = new PositionCode("chef-informatique");

    private static final EntityCode ADMINISTRATORS = new EntityCode("informatique");

    /** A ministry's own people: not its tree, nor the rights of others. */
    private static final Set<Right> FOCAL_POINT = EnumSet.of(
            Right.LOOK,
            Right.PEOPLE,
            Right.CREDENTIALS,
            Right.STATE,
            Right.ASSIGN,
            Right.FUNCTION_MAILBOXES,
            Right.AUDIT);

    private DemoDirectory() {}

    /** The whole State, with the passwords of this installation. */
    public static State state(DemoPasswords passwords) {
        List<String> addresses = DemoSheet.addresses();
        List<Person> people = new ArrayList<>();
        List<Assignment> assignments = new ArrayList<>();
        Map<MailAddress, Secret> secrets = new HashMap<>();
        for (DemoState.Person person : DemoState.people()) {
            MailAddress address = MailAddress.of(addresses.get(people.size()));
            people.add(person(person, people.size() + 1, address));
            person.position().ifPresent(it -> assignments.add(new Assignment(address, new PositionCode(it))));
            secrets.put(address, passwords.of(address.toString()));
        }
        return new State(
                List.of(DemoState.DOMAIN), entities(), positions(), people, assignments, functionMailboxes(), secrets);
    }

    /** What the administrator and the focal point may do, by their positions; once, whatever somebody makes of it later. */
    public static void grants(Rights rights, Directory directory, Provisioning provisioning) {
        for (DemoState.Person person : DemoState.people()) {
            boolean administrator = person.roles().contains(DemoState.Role.ADMINISTRATOR);
            if (!administrator && !person.roles().contains(DemoState.Role.FOCAL_POINT)) {
                continue;
            }
            AccountId account = directory
                    .byAddress(MailAddress.of(
                            DemoSheet.addresses().get(DemoState.people().indexOf(person))))
                    .map(Account::id)
                    .orElseThrow();
            if (rights.heldBy(account).isEmpty()) {
                provisioning.grant(new Grant(
                        new Grant.OfPosition(new PositionCode(person.position().orElseThrow())),
                        administrator ? EnumSet.allOf(Right.class) : FOCAL_POINT,
                        administrator ? Optional.empty() : Optional.of(new EntityCode("energie")),
                        administrator ? OptionalInt.empty() : OptionalInt.of(50),
                        Optional.empty(),
                        Optional.empty()));
            }
        }
    }

    private static Person person(DemoState.Person person, int number, MailAddress address) {
        return new Person(
                Optional.of(new Person.RegistrationNumber(String.format(Locale.ROOT, "%06d", number))),
                new PersonName(person.given(), person.family()),
                address,
                Locale.FRENCH,
                Optional.of(new EntityCode(person.entity())));
    }

    private static List<Entity> entities() {
        return DemoState.entities().stream()
                .map(it -> new Entity(
                        new EntityCode(it.code()), it.name(), it.parent().map(EntityCode::new)))
                .toList();
    }

    private static List<Position> positions() {
        return DemoState.positions().stream()
                .map(it -> new Position(new PositionCode(it.code()), it.title(), new EntityCode(it.entity())))
                .toList();
    }

    private static List<FunctionMailbox> functionMailboxes() {
        List<FunctionMailbox> mailboxes = new ArrayList<>();
        for (DemoState.Position position : DemoState.positions()) {
            position.function()
                    .map(it -> new MailAddress(it, DemoState.DOMAIN))
                    .map(it -> new FunctionMailbox(it, position.title(), new PositionCode(position.code())))
                    .ifPresent(mailboxes::add);
        }
        mailboxes.add(new FunctionMailbox(
                new MailAddress(DemoState.OUTSIDE, DemoState.DOMAIN),
                "Monde extérieur",
                new FunctionMailbox.OfEntity(ADMINISTRATORS),
                Map.of(ADMINISTRATION, FunctionAccess.HOLDER)));
        return mailboxes;
    }
}
