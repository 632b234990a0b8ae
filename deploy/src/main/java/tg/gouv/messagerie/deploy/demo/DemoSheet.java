package tg.gouv.messagerie.deploy.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet.SheetAccount;
import tg.gouv.messagerie.deploy.demo.DemoState.Entity;
import tg.gouv.messagerie.deploy.demo.DemoState.Person;
import tg.gouv.messagerie.deploy.demo.DemoState.Role;

/** Who is in the demonstration, as its sheet and its screen name them. */
public final class DemoSheet {
    /** The State's mail domain. */
    public static final String DOMAIN = DemoState.DOMAIN;

    /** The name below which the directory is, over LDAP. */
    public static final String LDAP_BASE = "dc=gouv,dc=tg";

    /** A function mailbox to try, and who reads it. */
    public static final String FUNCTION = "directeur.budget@" + DOMAIN;

    /** Where mail to the outside world arrives. */
    public static final String OUTSIDE_MAILBOX = DemoState.OUTSIDE + "@" + DOMAIN;

    /** The administrator, to whom the program writes. */
    public static final String ADMINISTRATOR = "rachidatou.tchakondo@" + DOMAIN;

    private DemoSheet() {}

    /** The address of every person, in the order of the State. */
    public static List<String> addresses() {
        LocalParts parts = new LocalParts();
        List<String> addresses = new ArrayList<>();
        for (Person person : DemoState.people()) {
            addresses.add(parts.of(person.given(), person.family()) + "@" + DOMAIN);
        }
        return addresses;
    }

    /** Every account a person signs in to, with its password. */
    public static List<SheetAccount> accounts(DemoPasswords passwords) {
        Map<String, String> entities =
                DemoState.entities().stream().collect(Collectors.toMap(Entity::code, Entity::name));
        List<String> addresses = addresses();
        List<SheetAccount> accounts = new ArrayList<>();
        for (Person person : DemoState.people()) {
            String address = addresses.get(accounts.size());
            accounts.add(new SheetAccount(
                    person.name(),
                    address,
                    address,
                    "uid=" + address.substring(0, address.indexOf('@')) + ",ou=people," + LDAP_BASE,
                    passwords.of(address).reveal(),
                    person.roles().stream().sorted().map(Role::label).toList(),
                    String.valueOf(entities.get(person.entity()))));
        }
        return accounts;
    }

    /** The most particular role of an account, by which the screen introduces it. */
    public static String role(SheetAccount account) {
        return account.roles().getLast();
    }
}
