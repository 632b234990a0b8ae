package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;

/** What the API does with people. Writing is judged where it is done; reading about people needs the right to look. */
final class PeopleOperations {
    private static final List<String> PAGE = List.of("within", "find", "after", "limit");
    private static final List<String> PAGED = List.of("items[]", "next?", "counted#?", "more!?");
    private static final List<String> DRY_RUN = List.of("dry-run");
    private static final List<String> CHANGES = List.of("changes[]");
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
    private final ActivationCodes codes;
    private final PeopleIndex index;

    PeopleOperations(
            Register register, Provisioning provisioning, Rights rights, ActivationCodes codes, PeopleIndex index) {
        this.index = index;
        this.register = register;
        this.provisioning = provisioning;
        this.rights = rights;
        this.codes = codes;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "GET",
                        "/people",
                        "people",
                        "People in a part of the State, by their primary addresses; with find, those whose names, registration numbers or"
                                + " addresses begin so, by their names.",
                        "look; with find any right over people, where one has it",
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
                        "PUT",
                        "/people/{address}/addresses/{other}",
                        "addAddress",
                        "The person has a further address, which delivers and signs in like the primary one.",
                        "people",
                        List.of(),
                        List.of(),
                        204,
                        List.of(),
                        this::addAddress),
                new Operation(
                        "DELETE",
                        "/people/{address}/addresses/{other}",
                        "removeAddress",
                        "A further or former address of the person delivers no more; it is given to nobody else.",
                        "people",
                        List.of(),
                        List.of(),
                        204,
                        List.of(),
                        this::removeAddress),
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
                        "PUT",
                        "/people/{address}/hold",
                        "hold",
                        "The person's data must not be erased, until the hold ends.",
                        "personal-data",
                        DRY_RUN,
                        List.of("reason"),
                        200,
                        CHANGES,
                        call -> perform(
                                call,
                                new LifeCycle.Hold(address(call), call.body().of("reason", text -> text)))),
                new Operation(
                        "DELETE",
                        "/people/{address}/hold",
                        "endHold",
                        "The person's data may be erased again.",
                        "personal-data",
                        DRY_RUN,
                        List.of(),
                        200,
                        CHANGES,
                        call -> perform(call, new LifeCycle.HoldEnd(address(call)))),
                new Operation(
                        "POST",
                        "/people/{address}/erasure",
                        "erase",
                        "Everything that is kept of a person who has left goes, mailboxes included; with now, although they left lately.",
                        "personal-data",
                        List.of("dry-run", "now"),
                        List.of(),
                        200,
                        CHANGES,
                        call -> perform(call, new LifeCycle.Erasure(address(call), call.truth("now")))),
                new Operation(
                        "POST",
                        "/people/{address}/activation-code",
                        "issueCode",
                        "A one-time code with which the person gives the account a password; with reset, in place of the one it has.",
                        "credentials",
                        List.of("reset"),
                        List.of(),
                        201,
                        List.of("code*", "expires"),
                        this::issueCode),
                new Operation(
                        "PUT",
                        "/me/language",
                        "changeMyLanguage",
                        "The language in which the program writes to oneself: fr or en.",
                        "token",
                        List.of(),
                        List.of("language"),
                        204,
                        List.of(),
                        this::changeMyLanguage),
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
                        this::rightsOf));
    }

    private Answer people(Call call) {
        Optional<EntityCode> within = call.query("within", EntityCode::new);
        Optional<String> sought = call.query("find", text -> text);
        if (sought.isPresent()) {
            return found(index.find(within, sought.get(), call.query("after", PeopleIndex.After::of), call.limit()));
        }
        demand(call, Right.LOOK, within.<Place>map(Place.OfEntity::new).orElseGet(Place.WholeState::new));
        return Answer.of(Shown.page(
                register.people(within, call.query("after", MailAddress::of), call.limit()),
                Shown::person,
                registered -> registered.person().address().toString(),
                call.limit()));
    }

    private static Answer found(PeopleIndex.Page page) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        page.people().forEach(person -> items.add(Shown.person(person)));
        json.put("next", page.next().map(PeopleIndex.After::text).orElse(null));
        return Answer.of(json.put("counted", page.counted()).put("more", page.isMore()));
    }

    private Answer changeMyLanguage(Call call) {
        Locale language = call.body().of("language", Locale::of);
        call.body().end();
        provisioning.ownLanguage(call.signedIn(), language);
        return Answer.nothing();
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
        call.demandMatch(seen.map(Shown::person));
        provisioning.apply(State.of(wanted), call.seen(seen.map(Registered::person), State::of));
        return Answer.tagged(Shown.person(register.person(wanted.address()).orElseThrow(Problem::nothingThere)));
    }

    private Answer addAddress(Call call) {
        provisioning.alias(account(call), call.path("other", MailAddress::of));
        return Answer.nothing();
    }

    private Answer removeAddress(Call call) {
        if (!provisioning.retire(account(call), call.path("other", MailAddress::of))) {
            throw Problem.nothingThere();
        }
        return Answer.nothing();
    }

    /** The account of the path's person; the act is judged where it is done. */
    private AccountId account(Call call) {
        return register.person(address(call)).map(Registered::account).orElseThrow(Problem::nothingThere);
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

    /** The person of the path, whom the actor may look at. */
    private Registered known(Call call) {
        Registered known = register.person(address(call)).orElseThrow(Problem::nothingThere);
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
}
