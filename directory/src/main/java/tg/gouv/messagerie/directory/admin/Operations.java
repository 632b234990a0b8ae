package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.BearerTokens;
import tg.gouv.messagerie.platform.settings.Secret;

/** What the API does. Writing is judged where it is done; reading about people needs the right to look. */
final class Operations {
    private static final List<String> PAGE = List.of("within", "after", "limit");
    private static final List<String> PAGED = List.of("items[]", "next?");
    private static final List<String> DRY_RUN = List.of("dry-run");
    private static final List<String> CHANGES = List.of("changes[]");
    private static final List<String> ENTITY = List.of("code", "name", "parent?");
    private static final List<String> POSITION = List.of("code", "title", "entity");
    private static final List<String> PERSON = List.of(
            "id",
            "address",
            "given",
            "family",
            "language",
            "registrationNumber?",
            "entity?",
            "state",
            "addresses[]",
            "positions[]");

    private final Register register;
    private final Provisioning provisioning;
    private final Rights rights;
    private final BearerTokens tokens;
    private final ActivationCodes codes;

    Operations(
            Register register, Provisioning provisioning, Rights rights, BearerTokens tokens, ActivationCodes codes) {
        this.register = register;
        this.provisioning = provisioning;
        this.rights = rights;
        this.tokens = tokens;
        this.codes = codes;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "POST",
                        "/tokens",
                        "issueToken",
                        "A token, for who signs in.",
                        "nothing",
                        List.of(),
                        List.of("login", "password", "code?"),
                        201,
                        List.of("token", "expires", "secondFactorDemanded!"),
                        this::issueToken),
                new Operation(
                        "DELETE",
                        "/tokens/current",
                        "revokeToken",
                        "The token of this request serves no more.",
                        "token",
                        List.of(),
                        List.of(),
                        204,
                        List.of(),
                        this::revokeToken),
                new Operation(
                        "GET",
                        "/me",
                        "me",
                        "Whose token this is, and what they may do.",
                        "token",
                        List.of(),
                        List.of(),
                        200,
                        List.of("id", "grants[]"),
                        this::me),
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
                        this::handOver),
                new Operation(
                        "GET",
                        "/people",
                        "people",
                        "People in a part of the State, by their primary addresses.",
                        "look",
                        PAGE,
                        List.of(),
                        200,
                        PAGED,
                        this::people),
                new Operation(
                        "GET",
                        "/people/{address}",
                        "person",
                        "A person, by any of their addresses.",
                        "look",
                        List.of(),
                        List.of(),
                        200,
                        PERSON,
                        this::person),
                new Operation(
                        "PUT",
                        "/people/{address}",
                        "putPerson",
                        "Makes the person who has this primary address, or gives them other names, language or entity.",
                        "people",
                        List.of(),
                        List.of("given", "family", "language", "registrationNumber?", "entity?"),
                        200,
                        PERSON,
                        this::putPerson),
                new Operation(
                        "POST",
                        "/people/{address}/assignments",
                        "assign",
                        "The person holds a position, from and until when.",
                        "assign",
                        List.of(),
                        List.of("position", "from?", "until?"),
                        204,
                        List.of(),
                        this::assign),
                new Operation(
                        "POST",
                        "/people/{address}/reassignment",
                        "reassign",
                        "The person takes another position.",
                        "assign, people",
                        DRY_RUN,
                        List.of("to", "from?"),
                        200,
                        CHANGES,
                        this::reassign),
                new Operation(
                        "POST",
                        "/people/{address}/renaming",
                        "rename",
                        "The person has another name and primary address.",
                        "people",
                        DRY_RUN,
                        List.of("given", "family", "address"),
                        200,
                        CHANGES,
                        this::rename),
                new Operation(
                        "POST",
                        "/people/{address}/suspension",
                        "suspend",
                        "The person may not sign in; mail still arrives.",
                        "state",
                        DRY_RUN,
                        List.of(),
                        200,
                        CHANGES,
                        call -> perform(call, new LifeCycle.Suspension(address(call)))),
                new Operation(
                        "POST",
                        "/people/{address}/departure",
                        "depart",
                        "The person leaves: no position, no sign-in; until the account closes their address receives, somebody may read"
                                + " it, and whoever writes is told to whom to write.",
                        "state, assign, credentials",
                        DRY_RUN,
                        List.of("until", "reader?", "answer?"),
                        200,
                        CHANGES,
                        this::depart),
                new Operation(
                        "POST",
                        "/people/{address}/resumption",
                        "resume",
                        "A person who was suspended, or has left, may sign in again.",
                        "state",
                        DRY_RUN,
                        List.of(),
                        200,
                        CHANGES,
                        call -> perform(call, new LifeCycle.Resumption(address(call)))),
                new Operation(
                        "POST",
                        "/people/{address}/activation-code",
                        "issueCode",
                        "A one-time code with which the person gives the account a password; with reset, in place of the one it has.",
                        "credentials",
                        List.of("reset"),
                        List.of(),
                        201,
                        List.of("code", "expires"),
                        this::issueCode),
                new Operation(
                        "GET",
                        "/people/{address}/rights",
                        "rightsOf",
                        "What a person may do.",
                        "look",
                        List.of(),
                        List.of(),
                        200,
                        List.of("grants[]"),
                        this::rightsOf),
                new Operation(
                        "POST",
                        "/grants",
                        "grant",
                        "Gives a person or a position rights in a part of the State.",
                        "grant",
                        List.of(),
                        List.of("person?", "position?", "rights[]", "entity?", "accountsMax#?", "from?", "until?"),
                        201,
                        List.of("id"),
                        this::grant),
                new Operation(
                        "DELETE",
                        "/grants/{id}",
                        "revoke",
                        "Takes a grant back, and all that was given by it.",
                        "grant",
                        List.of(),
                        List.of(),
                        204,
                        List.of(),
                        this::revoke));
    }

    private Answer issueToken(Call call) {
        String login = call.body().of("login", text -> text);
        Secret password = new Secret(call.body().of("password", text -> text));
        Optional<Secret> code = call.body().optional("code", Secret::new);
        call.body().end();
        return switch (tokens.issue(login, password, code, call.client())) {
            case BearerTokens.Outcome.Issued issued ->
                Answer.made(Json.object()
                        .put("token", issued.token().reveal())
                        .put("expires", issued.expires().toString())
                        .put("secondFactorDemanded", issued.enrolsOnly()));
            case BearerTokens.Outcome.CodeNeeded() -> throw new Problem(401, "code-needed");
            case BearerTokens.Outcome.Refused() -> throw new Problem(401, "sign-in-refused");
            case BearerTokens.Outcome.Throttled(var until) ->
                throw new Problem(429, "sign-in-throttled", until.toString());
        };
    }

    private Answer revokeToken(Call call) {
        call.token().ifPresent(tokens::revoke);
        return Answer.nothing();
    }

    private Answer me(Call call) {
        ObjectNode json = Shown.grants(rights.heldBy(call.signedIn()));
        return Answer.of(json.put("id", call.signedIn().toString()));
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
                .orElseThrow(Operations::nothingThere));
    }

    private Answer putEntity(Call call) {
        Entity wanted = new Entity(
                call.path("code", EntityCode::new),
                call.body().of("name", text -> text),
                call.body().optional("parent", EntityCode::new));
        call.body().end();
        Optional<Entity> seen = register.entity(wanted.code());
        demandMatch(call, seen.map(Shown::entity));
        provisioning.apply(part(List.of(wanted), List.of(), List.of()), seen(call, seen, Operations::entities));
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
                .orElseThrow(Operations::nothingThere));
    }

    private Answer putPosition(Call call) {
        Position wanted = new Position(
                call.path("code", PositionCode::new),
                call.body().of("title", text -> text),
                call.body().of("entity", EntityCode::new));
        call.body().end();
        Optional<Position> seen = register.position(wanted.code());
        demandMatch(call, seen.map(Shown::position));
        provisioning.apply(part(List.of(), List.of(wanted), List.of()), seen(call, seen, Operations::positions));
        return Answer.tagged(Shown.position(wanted));
    }

    private Answer handOver(Call call) {
        MailAddress from = call.body().of("from", MailAddress::of);
        MailAddress to = call.body().of("to", MailAddress::of);
        return perform(call, new LifeCycle.HandOver(call.path("code", PositionCode::new), from, to));
    }

    private Answer people(Call call) {
        Optional<EntityCode> within = call.query("within", EntityCode::new);
        demand(call, Right.LOOK, within.<Place>map(Place.OfEntity::new).orElseGet(Place.WholeState::new));
        return Answer.of(Shown.page(
                register.people(within, call.query("after", MailAddress::of), call.limit()),
                Shown::person,
                registered -> registered.person().address().toString(),
                call.limit()));
    }

    private Answer person(Call call) {
        return Answer.tagged(Shown.person(known(call)));
    }

    private Answer putPerson(Call call) {
        Person wanted = new Person(
                call.body().optional("registrationNumber", Person.RegistrationNumber::new),
                new PersonName(
                        call.body().of("given", text -> text), call.body().of("family", text -> text)),
                address(call),
                call.body().of("language", Locale::of),
                call.body().optional("entity", EntityCode::new));
        call.body().end();
        Optional<Registered> seen = register.person(wanted.address());
        demandMatch(call, seen.map(Shown::person));
        provisioning.apply(
                part(List.of(), List.of(), List.of(wanted)),
                seen(call, seen.map(Registered::person), Operations::people));
        return Answer.tagged(Shown.person(register.person(wanted.address()).orElseThrow(Operations::nothingThere)));
    }

    private Answer assign(Call call) {
        Assignment assignment = new Assignment(
                address(call),
                call.body().of("position", PositionCode::new),
                call.body().moment("from"),
                call.body().moment("until"));
        call.body().end();
        provisioning.assignment(assignment);
        return Answer.nothing();
    }

    private Answer reassign(Call call) {
        PositionCode to = call.body().of("to", PositionCode::new);
        return perform(
                call, new LifeCycle.Reassignment(address(call), call.body().optional("from", PositionCode::new), to));
    }

    private Answer rename(Call call) {
        return perform(
                call,
                new LifeCycle.Renaming(
                        address(call),
                        new PersonName(
                                call.body().of("given", text -> text),
                                call.body().of("family", text -> text)),
                        call.body().of("address", MailAddress::of)));
    }

    private Answer depart(Call call) {
        Instant until = call.body().moment("until").orElseThrow(() -> new Problem(400, "member-missing", "until"));
        return perform(
                call,
                new LifeCycle.Departure(
                        address(call),
                        call.body().optional("reader", MailAddress::of),
                        call.body().optional("answer", MailAddress::of),
                        until));
    }

    private Answer perform(Call call, LifeCycle act) {
        call.body().end();
        return Answer.of(Shown.done(call.dryRun() ? provisioning.rehearse(act) : provisioning.perform(act)));
    }

    private Answer issueCode(Call call) {
        ActivationCodes.Issued issued =
                codes.issue(address(call), call.query("reset", "true"::equals).orElse(false));
        return Answer.made(Json.object()
                .put("code", issued.code().reveal())
                .put("expires", issued.expires().toString()));
    }

    private Answer rightsOf(Call call) {
        return Answer.of(Shown.grants(rights.heldBy(known(call).account())));
    }

    private Answer grant(Call call) {
        Optional<AccountId> person = call.body()
                .optional("person", MailAddress::of)
                .map(address -> register.person(address)
                        .map(Registered::account)
                        .orElseThrow(() -> new Problem(422, "nobody-there", address.toString())));
        Optional<PositionCode> position = call.body().optional("position", PositionCode::new);
        if (person.isPresent() == position.isPresent()) {
            throw new Problem(422, "one-holder");
        }
        Set<Right> given = EnumSet.noneOf(Right.class);
        given.addAll(call.body().list("rights", Right::of));
        Grant grant;
        try {
            grant = new Grant(
                    person.<Grant.Holder>map(Grant.OfAccount::new)
                            .orElseGet(() -> new Grant.OfPosition(position.orElseThrow())),
                    given,
                    call.body().optional("entity", EntityCode::new),
                    call.body().number("accountsMax"),
                    call.body().moment("from"),
                    call.body().moment("until"));
        } catch (IllegalArgumentException _) {
            throw new Problem(422, "member-malformed", "rights");
        }
        call.body().end();
        return Answer.made(Json.object().put("id", provisioning.grant(grant).toString()));
    }

    private Answer revoke(Call call) {
        provisioning.revoke(call.path("id", UUID::fromString));
        return Answer.nothing();
    }

    /** The person of the path, whom the actor may look at. */
    private Registered known(Call call) {
        Registered known = register.person(address(call)).orElseThrow(Operations::nothingThere);
        if (!known.account().equals(call.signedIn())) {
            demand(call, Right.LOOK, new Place.OfAccount(known.account()));
        }
        return known;
    }

    private void demand(Call call, Right right, Place place) {
        if (!rights.may(call.signedIn(), right, place)) {
            throw new Problem(403, "not-allowed", right.word());
        }
    }

    private static MailAddress address(Call call) {
        return call.path("address", MailAddress::of);
    }

    static Problem nothingThere() {
        return new Problem(404, "nothing-there");
    }

    static void demandMatch(Call call, Optional<ObjectNode> now) {
        call.ifMatch().ifPresent(tags -> {
            if (now.isEmpty() || !Tag.matches(tags, Tag.of(now.get()))) {
                throw new Problem(412, "changed-meanwhile");
            }
        });
    }

    /** What must still be so when it is changed: what was seen, if the client said that it saw something. */
    static <T> State seen(Call call, Optional<T> seen, Function<T, State> of) {
        return call.ifMatch().flatMap(_ -> seen).map(of).orElse(State.NOTHING);
    }

    private static State entities(Entity entity) {
        return part(List.of(entity), List.of(), List.of());
    }

    private static State positions(Position position) {
        return part(List.of(), List.of(position), List.of());
    }

    private static State people(Person person) {
        return part(List.of(), List.of(), List.of(person));
    }

    private static State part(List<Entity> entities, List<Position> positions, List<Person> people) {
        return new State(List.of(), entities, positions, people, List.of(), List.of(), Map.of());
    }
}
