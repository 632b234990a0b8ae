package tg.gouv.messagerie.directory.ldap;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.directory.api.ldap.model.entry.Modification;
import org.apache.directory.api.ldap.model.entry.Value;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.State;

/*
 * A modification is applied to what the entry shows; what comes out is what the act is to bring about. So it does not matter by which
 * modifications a client says it. The act is done only if the person, entity or position is still as the entry showed it.
 */
/** Modifications of entries that show what the directory holds: each becomes the act that changes that, judged as at every other door. */
record Acts(Tree tree, Register register, Provisioning provisioning) {
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("uid", "the name of a person's entry never changes"),
            Map.entry("objectclass", "the classes of what the directory shows are its own"),
            Map.entry(
                    "title",
                    "titles are those of the positions that somebody holds: give them another position (assign, reassign)"),
            Map.entry("gouvpositiondn", "positions are given and taken by acts of the directory (assign, reassign)"),
            Map.entry("roleoccupant", "positions are given and taken by acts of the directory (assign, reassign)"),
            Map.entry("employeenumber", "a person is known by the registration number: it does not change"),
            Map.entry("gouvmailalternateaddress", "further addresses are given by acts of the directory (alias)"),
            Map.entry("memberof", "who is in a group is said by the group"),
            Map.entry(
                    "member", "who is in it is said by acts of the directory: positions, groups and rules make it up"),
            Map.entry("owner", "a function mailbox is bound to its position or entity by an act of the directory"));

    /** Which act an entry's change is. */
    void modify(Row row, Collection<Modification> modifications, Done done) throws Refusal, SQLException {
        Changed changed = new Changed(row);
        for (Modification each : modifications) {
            changed.apply(each);
        }
        switch (row.source().orElse("")) {
            case "person" -> person(row, changed, done);
            case "entity" -> entity(row, changed, done);
            case "position" -> position(row, changed, done);
            default ->
                throw new Refusal(
                        ResultCodeEnum.UNWILLING_TO_PERFORM,
                        "function mailboxes and groups are changed by acts of the directory, not over LDAP");
        }
    }

    /** As whom an act is done. */
    @FunctionalInterface
    interface Done {
        void as(Runnable act);
    }

    private void person(Row row, Changed changed, Done done) throws Refusal, SQLException {
        changed.demandOnly(
                "sn",
                "givenname",
                "cn",
                "displayname",
                "preferredlanguage",
                "mail",
                "departmentnumber",
                "gouventitydn",
                "ou");
        MailAddress address = tree.addressOf(row)
                .map(MailAddress::of)
                .orElseThrow(() -> new Refusal(ResultCodeEnum.NO_SUCH_OBJECT, "no such entry"));
        Person seen = register.person(address)
                .orElseThrow(() -> new Refusal(ResultCodeEnum.NO_SUCH_OBJECT, "no such entry"))
                .person();
        PersonName name = new PersonName(changed.optional("givenName").orElse(""), changed.single("sn"));
        for (String shown : List.of("cn", "displayName")) {
            if (changed.has(shown) && !changed.single(shown).equals(name.display())) {
                throw new Refusal(
                        ResultCodeEnum.CONSTRAINT_VIOLATION,
                        "cn and displayName are the given name and the family name: change givenName and sn");
            }
        }
        MailAddress primary = MailAddress.parse(changed.single("mail"))
                .orElseThrow(() -> new Refusal(ResultCodeEnum.INVALID_ATTRIBUTE_SYNTAX, "mail is not an address"));
        Optional<EntityCode> entity = entityOf(changed, "departmentNumber", seen.entity());
        if (changed.has("ou")) {
            throw new Refusal(
                    ResultCodeEnum.CONSTRAINT_VIOLATION,
                    "ou is the name of the entity: change departmentNumber or gouvEntityDN");
        }
        Locale language = Locale.of(changed.single("preferredLanguage").toLowerCase(Locale.ROOT));
        if (seen.registrationNumber().isEmpty() && !primary.equals(seen.address())) { // known by the address alone
            if (!language.equals(seen.language()) || !entity.equals(seen.entity())) {
                throw new Refusal(
                        ResultCodeEnum.UNWILLING_TO_PERFORM,
                        "who has no registration number is given another address and name by themselves");
            }
            done.as(() -> provisioning.perform(new LifeCycle.Renaming(seen.address(), name, primary)));
            return;
        }
        Person wanted = new Person(seen.registrationNumber(), name, primary, language, entity);
        done.as(() -> provisioning.apply(
                new State(List.of(), List.of(), List.of(), List.of(wanted), List.of(), List.of(), Map.of()),
                new State(List.of(), List.of(), List.of(), List.of(seen), List.of(), List.of(), Map.of())));
    }

    private void entity(Row row, Changed changed, Done done) throws Refusal {
        changed.demandOnly("displayname", "ou", "gouvparentdn");
        EntityCode code = new EntityCode(row.values("ou").getFirst());
        Entity seen =
                register.entity(code).orElseThrow(() -> new Refusal(ResultCodeEnum.NO_SUCH_OBJECT, "no such entry"));
        Optional<EntityCode> parent =
                changed.has("gouvParentDN") ? changed.optional("gouvParentDN").map(Acts::codeOf) : seen.parent();
        Entity wanted = new Entity(code, changed.label(code.value(), "ou", seen.name()), parent);
        done.as(() -> provisioning.apply(
                new State(List.of(), List.of(wanted), List.of(), List.of(), List.of(), List.of(), Map.of()),
                new State(List.of(), List.of(seen), List.of(), List.of(), List.of(), List.of(), Map.of())));
    }

    private void position(Row row, Changed changed, Done done) throws Refusal {
        changed.demandOnly("displayname", "cn", "gouventitydn");
        PositionCode code = new PositionCode(row.values("cn").getFirst());
        Position seen =
                register.position(code).orElseThrow(() -> new Refusal(ResultCodeEnum.NO_SUCH_OBJECT, "no such entry"));
        EntityCode entity = changed.has("gouvEntityDN") ? codeOf(changed.single("gouvEntityDN")) : seen.entity();
        Position wanted = new Position(code, changed.label(code.value(), "cn", seen.title()), entity);
        done.as(() -> provisioning.apply(
                new State(List.of(), List.of(), List.of(wanted), List.of(), List.of(), List.of(), Map.of()),
                new State(List.of(), List.of(), List.of(seen), List.of(), List.of(), List.of(), Map.of())));
    }

    private static Optional<EntityCode> entityOf(Changed changed, String byCode, Optional<EntityCode> before)
            throws Refusal {
        Optional<EntityCode> entity = before;
        if (changed.has(byCode)) {
            entity = changed.optional(byCode).map(EntityCode::new);
        }
        if (changed.has("gouvEntityDN")) {
            Optional<EntityCode> named = changed.optional("gouvEntityDN").map(Acts::codeOf);
            if (changed.has(byCode) && !named.equals(entity)) {
                throw new Refusal(
                        ResultCodeEnum.CONSTRAINT_VIOLATION, "departmentNumber and gouvEntityDN name the same entity");
            }
            entity = named;
        }
        return entity;
    }

    /** The code in the kept name of an entity: {@code /ou=budget,ou=entities}. What is no such name is an entity that nobody knows. */
    private static EntityCode codeOf(String kept) {
        boolean named = kept.startsWith("/ou=") && kept.endsWith(",ou=entities");
        return new EntityCode(named ? kept.substring(4, kept.length() - ",ou=entities".length()) : kept);
    }

    /** What an entry would show. */
    private final class Changed {
        private final Row row;
        private final Map<String, List<String>> after = new HashMap<>();

        Changed(Row row) {
            this.row = row;
        }

        void apply(Modification each) throws Refusal {
            String id = each.getAttribute().getId();
            AttributeType type = tree.base().schema().getAttributeType(id);
            if (type == null) {
                throw new Refusal(ResultCodeEnum.UNDEFINED_ATTRIBUTE_TYPE, "this attribute is not known here");
            }
            if (Privacy.isSecret(type.getName())) {
                throw new Refusal(
                        ResultCodeEnum.UNWILLING_TO_PERFORM,
                        "passwords are changed by the password modify operation (RFC 3062), ldappasswd: nowhere in an entry");
            }
            if (!type.isUserModifiable()) {
                throw new Refusal(
                        ResultCodeEnum.CONSTRAINT_VIOLATION, "operational attributes are written by the server alone");
            }
            List<String> given = new ArrayList<>();
            for (Value value : each.getAttribute()) {
                String text = value.getString() == null ? "" : value.getString();
                given.add(FilterPlan.isName(type) ? tree.base().kept(text) : text);
            }
            String name = type.getName().toLowerCase(Locale.ROOT);
            List<String> values = new ArrayList<>(values(name));
            switch (each.getOperation()) {
                case REPLACE_ATTRIBUTE -> {
                    values.clear();
                    values.addAll(given);
                }
                case ADD_ATTRIBUTE -> {
                    if (given.stream().anyMatch(value -> holds(values, value))) {
                        throw new Refusal(ResultCodeEnum.ATTRIBUTE_OR_VALUE_EXISTS, "the entry has this value");
                    }
                    values.addAll(given);
                }
                case REMOVE_ATTRIBUTE -> {
                    if (values.isEmpty() || !given.stream().allMatch(value -> holds(values, value))) {
                        throw new Refusal(ResultCodeEnum.NO_SUCH_ATTRIBUTE, "the entry has no such value");
                    }
                    values.removeIf(value -> given.isEmpty() || holds(given, value));
                }
                case INCREMENT_ATTRIBUTE ->
                    throw new Refusal(ResultCodeEnum.UNWILLING_TO_PERFORM, "nothing here is a number to increment");
            }
            after.put(name, List.copyOf(values));
        }

        /** Refuses what is no part of the acts that change such an entry, and says why. */
        void demandOnly(String... mapped) throws Refusal {
            List<String> known = List.of(mapped);
            for (String name : after.keySet()) {
                if (!known.contains(name) && has(name)) {
                    throw new Refusal(
                            ResultCodeEnum.UNWILLING_TO_PERFORM,
                            REFUSED.getOrDefault(
                                    name, "the directory does not keep this attribute of what the entry shows"));
                }
            }
        }

        /** Whether an attribute is to be other than it is. */
        boolean has(String name) {
            List<String> values = after.get(name.toLowerCase(Locale.ROOT));
            return values != null && !values.equals(row.values(name));
        }

        Optional<String> optional(String name) throws Refusal {
            List<String> values = values(name.toLowerCase(Locale.ROOT));
            if (values.size() > 1) {
                throw new Refusal(ResultCodeEnum.CONSTRAINT_VIOLATION, name + " has one value here");
            }
            return values.stream().findFirst();
        }

        String single(String name) throws Refusal {
            return optional(name)
                    .orElseThrow(() -> new Refusal(ResultCodeEnum.CONSTRAINT_VIOLATION, name + " has a value here"));
        }

        /** What people read: displayName, or the naming attribute's value beside the code. */
        String label(String code, String naming, String before) throws Refusal {
            String label = before;
            if (has(naming)) {
                List<String> values = values(naming);
                List<String> others =
                        values.stream().filter(value -> !value.equals(code)).toList();
                if (others.size() == values.size()) {
                    throw new Refusal(ResultCodeEnum.NOT_ALLOWED_ON_RDN, "the code by which it is known never changes");
                }
                if (others.size() > 1) {
                    throw new Refusal(
                            ResultCodeEnum.CONSTRAINT_VIOLATION, naming + " has the code and one other value here");
                }
                label = others.isEmpty() ? code : others.getFirst();
            }
            if (has("displayName")) {
                String shown = single("displayName");
                if (has(naming) && !shown.equals(label)) {
                    throw new Refusal(
                            ResultCodeEnum.CONSTRAINT_VIOLATION, "displayName and " + naming + " say the same name");
                }
                label = shown;
            }
            return label;
        }

        private List<String> values(String name) {
            List<String> changed = after.get(name.toLowerCase(Locale.ROOT));
            return changed != null ? changed : row.values(name);
        }

        private static boolean holds(List<String> values, String value) {
            return values.stream().anyMatch(value::equalsIgnoreCase);
        }
    }
}
