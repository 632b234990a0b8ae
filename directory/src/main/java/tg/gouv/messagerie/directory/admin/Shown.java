package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Domain;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;

/** Things of the directory as JSON. */
final class Shown {
    private Shown() {}

    static ObjectNode entity(Entity entity) {
        return Json.object()
                .put("code", entity.code().value())
                .put("name", entity.name())
                .put("parent", entity.parent().map(EntityCode::value).orElse(null));
    }

    static ObjectNode domain(Domain domain) {
        return Json.object()
                .put("name", domain.name())
                .put("entity", domain.entity().map(EntityCode::value).orElse(null));
    }

    static ObjectNode position(Position position) {
        return Json.object()
                .put("code", position.code().value())
                .put("title", position.title())
                .put("entity", position.entity().value());
    }

    static ObjectNode person(Registered registered) {
        Person person = registered.person();
        ObjectNode json = Json.object()
                .put("id", registered.account().toString())
                .put("address", person.address().toString())
                .put("given", person.name().given())
                .put("family", person.name().family())
                .put("language", person.language().getLanguage())
                .put(
                        "registrationNumber",
                        person.registrationNumber()
                                .map(Person.RegistrationNumber::value)
                                .orElse(null))
                .put("entity", person.entity().map(EntityCode::value).orElse(null))
                .put("state", word(registered.state()));
        ArrayNode addresses = json.putArray("addresses");
        registered.addresses().stream().map(String::valueOf).sorted().forEach(addresses::add);
        ArrayNode positions = json.putArray("positions");
        registered.positions().forEach(code -> positions.add(code.value()));
        return json;
    }

    static ObjectNode group(Group group) {
        ObjectNode json = Json.object()
                .put("code", group.code().value())
                .put("name", group.name())
                .put("entity", group.entity().value());
        ArrayNode members = json.putArray("members");
        group.members().stream().map(Member::text).sorted().forEach(members::add);
        return json;
    }

    static ObjectNode member(MailAddress member) {
        return Json.object().put("address", member.toString());
    }

    static ObjectNode mailingList(MailingList list) {
        return Json.object()
                .put("address", list.address().toString())
                .put("group", list.group().value())
                .put("writers", list.writers().word())
                .put("owner", list.owner().toString());
    }

    static ObjectNode room(Room room) {
        ObjectNode json = Json.object()
                .put("address", room.address().toString())
                .put("name", room.name())
                .put("entity", room.entity().value())
                .put("type", room.type().word())
                .put("location", room.location())
                .put("opening", room.opening().text())
                .put("bookers", room.bookers().map(GroupCode::value).orElse(null));
        room.capacity().ifPresent(it -> json.put("capacity", it));
        ArrayNode features = json.putArray("features");
        room.features().stream().sorted().forEach(features::add);
        return json;
    }

    static ObjectNode done(LifeCycle.Done done) {
        ObjectNode json = Json.object();
        ArrayNode changes = json.putArray("changes");
        for (LifeCycle.Change change : done.changes()) {
            changes.addObject()
                    .put("what", change.what())
                    .put("subject", change.subject())
                    .put("with", change.with().orElse(null));
        }
        return json;
    }

    static ObjectNode grants(List<Rights.Given> grants) {
        return grants(grants, Map.of());
    }

    /** Grants, with what is left of their budgets. */
    static ObjectNode grants(List<Rights.Given> grants, Map<UUID, Rights.Budget> budgets) {
        ObjectNode json = Json.object();
        ArrayNode all = json.putArray("grants");
        for (Rights.Given given : grants) {
            ObjectNode each = all.addObject()
                    .put("id", given.id().toString())
                    .put("holder", given.holder())
                    .put("entity", given.entity().orElse(null))
                    .put("from", given.from().toString())
                    .put("until", given.until().map(String::valueOf).orElse(null))
                    .put("by", given.by());
            given.accountsMax().ifPresent(most -> each.put("accountsMax", most));
            Rights.Budget budget = budgets.get(given.id());
            if (budget != null) {
                each.put("accounts", budget.accounts()).put("accountsLeft", budget.left());
            }
            ArrayNode rights = each.putArray("rights");
            given.rights().stream().map(Right::word).sorted().forEach(rights::add);
        }
        return json;
    }

    /** A page, with the key to ask for the next one by when it is full. */
    static <T> ObjectNode page(List<T> things, Function<T, ObjectNode> shown, Function<T, String> key, int limit) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        things.forEach(thing -> items.add(shown.apply(thing)));
        json.put("next", things.size() < limit ? null : key.apply(things.getLast()));
        return json;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
