package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Domain;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.State;

/** What the API does with entities and positions. */
final class StructureOperations {
    private static final List<String> PAGE = List.of("within", "after", "limit");
    private static final List<String> PAGED = List.of("items[]", "next?");
    private static final List<String> DRY_RUN = List.of("dry-run");
    private static final List<String> CHANGES = List.of("changes[]");
    private static final List<String> ENTITY = List.of("code", "name", "parent?");
    private static final List<String> POSITION = List.of("code", "title", "entity");

    private final Register register;
    private final Provisioning provisioning;

    StructureOperations(Register register, Provisioning provisioning) {
        this.register = register;
        this.provisioning = provisioning;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "GET",
                        "/domains",
                        "domains",
                        "The domains whose mail is ours, and whose each is.",
                        "token",
                        List.of(),
                        List.of(),
                        200,
                        List.of("items[]"),
                        _ -> domains()),
                new Operation(
                        "PUT",
                        "/domains/{name}",
                        "putDomain",
                        "Makes the mail of a domain ours, or says whose it is; the DNS is yours to publish.",
                        "structure",
                        List.of(),
                        List.of("entity?"),
                        200,
                        List.of("name", "entity?"),
                        this::putDomain),
                new Operation(
                        "GET",
                        "/entities",
                        "entities",
                        "Entities in a part of the State, by their codes.",
                        "token",
                        PAGE,
                        List.of(),
                        200,
                        PAGED,
                        this::entities),
                new Operation(
                        "GET",
                        "/entities/{code}",
                        "entity",
                        "An entity.",
                        "token",
                        List.of(),
                        List.of(),
                        200,
                        ENTITY,
                        this::entity),
                new Operation(
                        "PUT",
                        "/entities/{code}",
                        "putEntity",
                        "Makes an entity, or gives it another name or parent.",
                        "structure",
                        List.of(),
                        List.of("name", "parent?"),
                        200,
                        ENTITY,
                        this::putEntity),
                new Operation(
                        "GET",
                        "/positions",
                        "positions",
                        "Positions in a part of the State, by their codes.",
                        "token",
                        PAGE,
                        List.of(),
                        200,
                        PAGED,
                        this::positions),
                new Operation(
                        "GET",
                        "/positions/{code}",
                        "position",
                        "A position.",
                        "token",
                        List.of(),
                        List.of(),
                        200,
                        POSITION,
                        this::position),
                new Operation(
                        "PUT",
                        "/positions/{code}",
                        "putPosition",
                        "Makes a position, or gives it another title or entity.",
                        "structure",
                        List.of(),
                        List.of("title", "entity"),
                        200,
                        POSITION,
                        this::putPosition),
                new Operation(
                        "POST",
                        "/positions/{code}/hand-over",
                        "handOver",
                        "The position and its function mailboxes pass from one person to another.",
                        "assign",
                        DRY_RUN,
                        List.of("from", "to"),
                        200,
                        CHANGES,
                        this::handOver));
    }

    private Answer entities(Call call) {
        return Answer.of(Shown.page(
                register.entities(
                        call.query("within", EntityCode::new), call.query("after", EntityCode::new), call.limit()),
                Shown::entity,
                entity -> entity.code().value(),
                call.limit()));
    }

    private Answer entity(Call call) {
        return Answer.tagged(register.entity(call.path("code", EntityCode::new))
                .map(Shown::entity)
                .orElseThrow(Problem::nothingThere));
    }

    private Answer domains() {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        register.domains().forEach(domain -> items.add(Shown.domain(domain)));
        return Answer.of(json);
    }

    private Answer putDomain(Call call) {
        Domain domain = new Domain(call.path("name", text -> text), call.body().optional("entity", EntityCode::new));
        call.body().end();
        provisioning.domain(domain);
        return Answer.of(Shown.domain(domain));
    }

    private Answer putEntity(Call call) {
        Entity wanted = new Entity(
                call.path("code", EntityCode::new),
                call.body().of("name", text -> text),
                call.body().optional("parent", EntityCode::new));
        call.body().end();
        Optional<Entity> seen = register.entity(wanted.code());
        call.demandMatch(seen.map(Shown::entity));
        provisioning.apply(State.of(wanted), call.seen(seen, State::of));
        return Answer.tagged(Shown.entity(wanted));
    }

    private Answer positions(Call call) {
        return Answer.of(Shown.page(
                register.positions(
                        call.query("within", EntityCode::new), call.query("after", PositionCode::new), call.limit()),
                Shown::position,
                position -> position.code().value(),
                call.limit()));
    }

    private Answer position(Call call) {
        return Answer.tagged(register.position(call.path("code", PositionCode::new))
                .map(Shown::position)
                .orElseThrow(Problem::nothingThere));
    }

    private Answer putPosition(Call call) {
        Position wanted = new Position(
                call.path("code", PositionCode::new),
                call.body().of("title", text -> text),
                call.body().of("entity", EntityCode::new));
        call.body().end();
        Optional<Position> seen = register.position(wanted.code());
        call.demandMatch(seen.map(Shown::position));
        provisioning.apply(State.of(wanted), call.seen(seen, State::of));
        return Answer.tagged(Shown.position(wanted));
    }

    private Answer handOver(Call call) {
        MailAddress from = call.body().of("from", MailAddress::of);
        MailAddress to = call.body().of("to", MailAddress::of);
        call.body().end();
        LifeCycle act = new LifeCycle.HandOver(call.path("code", PositionCode::new), from, to);
        return Answer.of(Shown.done(call.dryRun() ? provisioning.rehearse(act) : provisioning.perform(act)));
    }
}
