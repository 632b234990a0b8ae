package tg.gouv.messagerie.portal.management.rooms;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.portal.management.asking.Asked;
import tg.gouv.messagerie.portal.management.asking.Choice;
import tg.gouv.messagerie.portal.management.asking.Choices;
import tg.gouv.messagerie.portal.management.asking.DirectoryParts;
import tg.gouv.messagerie.portal.management.asking.Paged;
import tg.gouv.messagerie.portal.management.asking.Planned;
import tg.gouv.messagerie.portal.management.asking.Question.Kind;
import tg.gouv.messagerie.portal.management.asking.Questions;
import tg.gouv.messagerie.portal.management.asking.Step;
import tg.gouv.messagerie.portal.management.showing.Link;
import tg.gouv.messagerie.portal.management.showing.Listing;
import tg.gouv.messagerie.portal.management.showing.Thing;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Segment;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** Rooms and what is lent: what it is, when it may be used, who books it. */
public final class RoomPages {
    private static final String ALL = "/gestion/salles";
    private static final String ONE = ALL + "/{adresse}";
    private static final String NEW = ALL + "/nouvelle";

    private final DirectoryParts parts;
    private final StaticTemplates templates = new StaticTemplates();

    /** The pages over what the directory can do. */
    public RoomPages(DirectoryParts parts) {
        this.parts = parts;
    }

    /** All of them. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>(
                Step.routes(NEW, RoomPages.class, parts.provisioning(), this::newAsked, this::newPlanned));
        all.add(Route.get(ALL, Access.SIGNED_IN, RoomPages.class, this::rooms));
        all.add(Route.get(ONE, Access.SIGNED_IN, RoomPages.class, this::room));
        all.addAll(Step.routes(
                ONE + "/modifier", RoomPages.class, parts.provisioning(), this::changeAsked, this::changePlanned));
        all.addAll(Step.routes(
                ONE + "/fermer", RoomPages.class, parts.provisioning(), this::closeAsked, this::closePlanned));
        return List.copyOf(all);
    }

    private Reply rooms(Visit visit) {
        Paged<Room> page = Paged.of(
                visit, parts.reach(visit, Right.ROOMS), ALL, MailAddress::of, Room::address, parts.register()::rooms);
        List<Room> shown = page.shown();
        Map<EntityCode, String> names =
                parts.names(shown.stream().map(Room::entity).collect(Collectors.toSet()));
        return Reply.page(templates.managementListing(
                visit.shell(),
                new Listing(
                        visit.shell().text("rooms.title"),
                        visit.shell().text("rooms.what"),
                        List.of(),
                        List.of(new Link(NEW, visit.shell().text("new.title"), "")),
                        List.of(
                                visit.shell().text("home.name"),
                                visit.shell().text("address"),
                                visit.shell().text("field.service"),
                                visit.shell().text("field.sorte")),
                        shown.stream()
                                .map(it -> new Listing.Line(
                                        place(it.address()),
                                        it.name(),
                                        List.of(
                                                it.address().toString(),
                                                names.getOrDefault(
                                                        it.entity(), it.entity().value()),
                                                visit.shell()
                                                        .text("type."
                                                                + it.type().word()))))
                                .toList(),
                        page.next(),
                        visit.shell().text("rooms.none"))));
    }

    private Reply room(Visit visit) {
        Room room = known(visit);
        return Reply.page(templates.managementThing(
                visit.shell(),
                new Thing(
                        room.name(),
                        facts(visit, room),
                        List.of(),
                        List.of(link(visit, room, "modifier"), link(visit, room, "fermer")),
                        new Link(ALL, visit.shell().text("rooms.title"), ""))));
    }

    private List<Thing.Fact> facts(Visit visit, Room room) {
        List<Thing.Fact> facts = new ArrayList<>();
        facts.add(fact(visit, "adresse", room.address().toString()));
        facts.add(fact(visit, "nom", room.name()));
        facts.add(fact(visit, "service", parts.name(room.entity())));
        facts.add(fact(visit, "sorte", visit.shell().text("type." + room.type().word())));
        facts.add(fact(
                visit,
                "places",
                room.capacity().isPresent() ? String.valueOf(room.capacity().getAsInt()) : "–"));
        facts.add(fact(visit, "lieu", room.location().isEmpty() ? "–" : room.location()));
        facts.add(fact(
                visit,
                "equipement",
                room.features().isEmpty()
                        ? "–"
                        : room.features().stream().sorted().collect(Collectors.joining(", "))));
        facts.add(fact(
                visit,
                "heures",
                room.opening().spans().isEmpty()
                        ? visit.shell().text("always")
                        : room.opening().text()));
        facts.add(fact(
                visit,
                "reserve",
                room.bookers()
                        .map(code ->
                                parts.register().group(code).map(Group::name).orElse(code.value()))
                        .orElseGet(() -> visit.shell().text("empty.reserve"))));
        return facts;
    }

    private static Thing.Fact fact(Visit visit, String field, String value) {
        return new Thing.Fact(visit.shell().text("field." + field), value);
    }

    private static Link link(Visit visit, Room room, String act) {
        return new Link(
                place(room.address()) + "/" + act,
                visit.shell().text("act." + act),
                visit.shell().text("act." + act + ".what"));
    }

    private Asked newAsked(Visit visit) {
        Choices services = Choices.entities(visit, parts.structure(), Right.ROOMS);
        Questions questions = new Questions(visit)
                .line(Kind.TEXT, "nom", "")
                .line(Kind.EMAIL, "adresse", "")
                .choice("service", services.found(), "");
        described(visit, questions, Optional.empty());
        return new Asked(
                visit.shell().text("new.title"),
                visit.shell().text("new.what"),
                NEW,
                ALL,
                services,
                questions.sought(services).all());
    }

    private void described(Visit visit, Questions questions, Optional<Room> now) {
        List<Choice> groups = new ArrayList<>(parts.groups(visit, Right.ROOMS));
        String bookers = now.flatMap(Room::bookers).map(GroupCode::value).orElse("");
        if (!bookers.isEmpty() && groups.stream().noneMatch(it -> it.value().equals(bookers))) {
            groups.add(new Choice(bookers, bookers));
        }
        questions
                .radios(
                        "sorte",
                        Arrays.stream(Room.Type.values())
                                .map(it -> new Choice(it.word(), visit.shell().text("type." + it.word())))
                                .toList(),
                        now.map(it -> it.type().word()).orElse(Room.Type.ROOM.word()))
                .optional(
                        Kind.NUMBER,
                        "places",
                        now.filter(it -> it.capacity().isPresent())
                                .map(it -> String.valueOf(it.capacity().getAsInt()))
                                .orElse(""))
                .optional(Kind.TEXT, "lieu", now.map(Room::location).orElse(""))
                .optional(
                        Kind.LINES,
                        "equipement",
                        now.map(it -> it.features().stream().sorted().collect(Collectors.joining("\n")))
                                .orElse(""))
                .optional(
                        Kind.TEXT, "heures", now.map(it -> it.opening().text()).orElse(""))
                .choice("reserve", groups, bookers, visit.shell().text("empty.reserve"));
    }

    private Room wanted(Visit visit, MailAddress address, EntityCode entity) {
        return new Room(
                address,
                visit.form().line("nom"),
                entity,
                visit.form().of("sorte", Room.Type::of),
                visit.form().given("places").isPresent()
                        ? OptionalInt.of(visit.form().of("places", Integer::valueOf))
                        : OptionalInt.empty(),
                visit.form().line("lieu"),
                visit.form()
                        .text("equipement")
                        .lines()
                        .map(String::strip)
                        .filter(it -> !it.isEmpty())
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                visit.form().of("heures", Opening::parse),
                visit.form().given("reserve").isPresent()
                        ? Optional.of(visit.form().of("reserve", GroupCode::new))
                        : Optional.empty());
    }

    private Planned newPlanned(Visit visit) {
        MailAddress address = visit.form().of("adresse", MailAddress::of);
        Room wanted = wanted(visit, address, visit.form().of("service", EntityCode::new));
        String done = place(address) + "?fait=made";
        Optional<Room> there = parts.register().room(address);
        if (there.isPresent()) {
            if (there.get().equals(wanted)) {
                return new Planned(List.of(), _ -> done); // the form was sent twice
            }
            throw new PageRefused(422, "new.taken", address.toString());
        }
        return new Planned(told(visit, facts(visit, wanted)), provisioning -> {
            provisioning.room(wanted, Optional.empty());
            return done;
        });
    }

    private static List<String> told(Visit visit, List<Thing.Fact> facts) {
        return facts.stream()
                .map(it -> visit.shell().text("change", it.label(), it.value()))
                .toList();
    }

    private Asked changeAsked(Visit visit) {
        Room room = known(visit);
        Choices services = Choices.entities(visit, parts.structure(), Right.ROOMS);
        Questions questions = new Questions(visit)
                .line(Kind.TEXT, "nom", room.name())
                .choice(
                        "service",
                        services.found(),
                        "",
                        visit.shell().text("empty.service", parts.name(room.entity())));
        described(visit, questions, Optional.of(room));
        questions.hidden("vu", visit.form().has("vu") ? visit.form().text("vu") : seen(room));
        return asked(visit, room, "modifier", services, questions);
    }

    /** A room as it was seen, as one word. */
    private static String seen(Room room) {
        return Integer.toHexString(List.of(
                        room.name(),
                        room.entity().value(),
                        room.type().word(),
                        room.capacity().toString(),
                        room.location(),
                        room.features().stream().sorted().toList().toString(),
                        room.opening().text(),
                        room.bookers().map(GroupCode::value).orElse(""))
                .hashCode());
    }

    private Planned changePlanned(Visit visit) {
        Room room = known(visit);
        Room wanted = wanted(
                visit,
                room.address(),
                visit.form().given("service").isPresent()
                        ? visit.form().of("service", EntityCode::new)
                        : room.entity());
        String done = place(room.address()) + "?fait=changed";
        if (wanted.equals(room)) {
            return new Planned(List.of(), _ -> done);
        }
        if (!visit.form().text("vu").equals(seen(room))) {
            throw new ProvisioningRefused(Reason.CHANGED_MEANWHILE, room.address());
        }
        Set<Thing.Fact> before = Set.copyOf(facts(visit, room));
        List<Thing.Fact> changed =
                facts(visit, wanted).stream().filter(it -> !before.contains(it)).toList();
        return new Planned(told(visit, changed), provisioning -> {
            provisioning.room(wanted, Optional.of(room));
            return done;
        });
    }

    private Asked closeAsked(Visit visit) {
        Room room = known(visit);
        return asked(visit, room, "fermer", new Choices(List.of(), false, "", false), new Questions(visit));
    }

    private Planned closePlanned(Visit visit) {
        Room room = known(visit);
        return new Planned(List.of(visit.shell().text("close.would", room.name())), provisioning -> {
            provisioning.state(
                    parts.register().roomAccount(room.address()).orElseThrow(PageRefused::nothingThere),
                    Account.State.CLOSED);
            return ALL + "?fait=closed";
        });
    }

    private static Asked asked(Visit visit, Room room, String act, Choices sought, Questions questions) {
        return new Asked(
                visit.shell().text("act." + act) + " – " + room.name(),
                visit.shell().text("act." + act + ".what"),
                place(room.address()) + "/" + act,
                place(room.address()),
                sought,
                questions.sought(sought).all());
    }

    /** The room of the address, for who has the right where it is. */
    private Room known(Visit visit) {
        Room room =
                parts.register().room(visit.name("adresse", MailAddress::of)).orElseThrow(PageRefused::nothingThere);
        parts.rights().demand(Right.ROOMS, new Place.OfEntity(room.entity()));
        return room;
    }

    private static String place(MailAddress address) {
        return ALL + "/" + Segment.of(address);
    }
}
