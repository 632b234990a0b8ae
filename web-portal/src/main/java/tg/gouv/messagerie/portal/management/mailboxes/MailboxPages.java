package tg.gouv.messagerie.portal.management.mailboxes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox.OfEntity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox.OfPosition;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Register.MailboxUser;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.portal.management.asking.Asked;
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

/** Function mailboxes: which there are, who opens one today and by which position, and those that are made and closed. */
public final class MailboxPages {
    static final String ALL = "/gestion/boites";
    static final String ONE = ALL + "/{adresse}";
    private static final String NEW = ALL + "/nouvelle";

    /** So many who open a mailbox are shown. */
    static final int USERS_MAX = 100;

    private final DirectoryParts parts;
    private final StaticTemplates templates = new StaticTemplates();

    /** The pages over what the directory can do. */
    public MailboxPages(DirectoryParts parts) {
        this.parts = parts;
    }

    /** All of them. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>();
        for (boolean ofPosition : List.of(true, false)) {
            all.addAll(Step.routes(
                    place(ofPosition),
                    MailboxPages.class,
                    parts.provisioning(),
                    visit -> newAsked(visit, ofPosition),
                    visit -> newPlanned(visit, ofPosition)));
        }
        all.add(Route.get(ALL, Access.SIGNED_IN, MailboxPages.class, this::mailboxes));
        all.add(Route.get(ONE, Access.SIGNED_IN, MailboxPages.class, this::mailbox));
        all.addAll(Step.routes(
                ONE + "/renommer", MailboxPages.class, parts.provisioning(), this::renameAsked, this::renamePlanned));
        all.addAll(Step.routes(
                ONE + "/fermer", MailboxPages.class, parts.provisioning(), this::closeAsked, this::closePlanned));
        all.addAll(new AccessPages(parts, this).routes());
        return List.copyOf(all);
    }

    private static String place(boolean ofPosition) {
        return NEW + (ofPosition ? "/poste" : "/service");
    }

    private Reply mailboxes(Visit visit) {
        Paged<FunctionMailbox> page = Paged.of(
                visit,
                parts.reach(visit, Right.FUNCTION_MAILBOXES),
                ALL,
                MailAddress::of,
                FunctionMailbox::address,
                parts.register()::functionMailboxes);
        List<FunctionMailbox> shown = page.shown();
        Owners owners = Owners.of(parts, shown);
        return Reply.page(templates.managementListing(
                visit.shell(),
                new Listing(
                        visit.shell().text("boxes.title"),
                        visit.shell().text("boxes.what"),
                        List.of(),
                        List.of(
                                new Link(place(true), visit.shell().text("new.poste"), ""),
                                new Link(place(false), visit.shell().text("new.service"), "")),
                        List.of(
                                visit.shell().text("home.name"),
                                visit.shell().text("address"),
                                visit.shell().text("box.owner")),
                        shown.stream()
                                .map(it -> new Listing.Line(
                                        place(it),
                                        it.displayName(),
                                        List.of(it.address().toString(), owners.name(visit, it))))
                                .toList(),
                        page.next(),
                        visit.shell().text("boxes.none"))));
    }

    /** To what some mailboxes belong, by names that were asked for together. */
    private record Owners(Map<PositionCode, Position> positions, Map<EntityCode, String> entities) {
        static Owners of(DirectoryParts parts, List<FunctionMailbox> mailboxes) {
            return new Owners(
                    parts.register()
                            .positions(mailboxes.stream()
                                    .filter(it -> it.owner() instanceof OfPosition)
                                    .map(it -> ((OfPosition) it.owner()).position())
                                    .collect(Collectors.toSet())),
                    parts.names(mailboxes.stream()
                            .filter(it -> it.owner() instanceof OfEntity)
                            .map(it -> ((OfEntity) it.owner()).entity())
                            .collect(Collectors.toSet())));
        }

        String name(Visit visit, FunctionMailbox mailbox) {
            return switch (mailbox.owner()) {
                case OfPosition of ->
                    visit.shell()
                            .text(
                                    "owner.position",
                                    Optional.ofNullable(positions.get(of.position()))
                                            .map(Position::title)
                                            .orElse(of.position().value()));
                case OfEntity of ->
                    visit.shell()
                            .text(
                                    "owner.entity",
                                    entities.getOrDefault(
                                            of.entity(), of.entity().value()));
            };
        }
    }

    private Reply mailbox(Visit visit) {
        FunctionMailbox mailbox = known(visit);
        Map<PositionCode, String> titles = titles(mailbox);
        List<MailboxUser> users = parts.register().functionMailboxUsers(mailbox.address(), USERS_MAX + 1);
        List<String> told = new ArrayList<>(users.stream()
                .limit(USERS_MAX)
                .map(it -> sentence(visit, it, titles))
                .toList());
        if (users.size() > USERS_MAX) {
            told.add(visit.shell().text("list.more", USERS_MAX));
        }
        return Reply.page(templates.managementThing(
                visit.shell(),
                new Thing(
                        mailbox.displayName(),
                        List.of(
                                new Thing.Fact(
                                        visit.shell().text("address"),
                                        mailbox.address().toString()),
                                new Thing.Fact(
                                        visit.shell().text("box.owner"),
                                        Owners.of(parts, List.of(mailbox)).name(visit, mailbox))),
                        List.of(
                                new Thing.Section(
                                        visit.shell().text("box.positions"),
                                        access(mailbox).entrySet().stream()
                                                .map(it -> visit.shell()
                                                        .text(
                                                                "position."
                                                                        + it.getValue()
                                                                                .name(),
                                                                titles.getOrDefault(
                                                                        it.getKey(),
                                                                        it.getKey()
                                                                                .value())))
                                                .sorted()
                                                .toList(),
                                        "",
                                        visit.shell().text("box.positions-none")),
                                new Thing.Section(
                                        visit.shell().text("box.users"),
                                        told,
                                        "",
                                        visit.shell().text("box.users-none"))),
                        List.of("confier", "reprendre", "ouvrir", "retirer", "renommer", "fermer").stream()
                                .map(act -> new Link(
                                        place(mailbox) + "/" + act,
                                        visit.shell().text("act." + act),
                                        visit.shell().text("act." + act + ".what")))
                                .toList(),
                        new Link(ALL, visit.shell().text("boxes.title"), ""))));
    }

    /** How somebody opens a mailbox. */
    String sentence(Visit visit, MailboxUser user, Map<PositionCode, String> titles) {
        String title = titles.getOrDefault(user.position(), user.position().value());
        StringBuilder text = new StringBuilder(visit.shell()
                .text(
                        "user." + user.access().name(),
                        user.displayName(),
                        user.person().toString(),
                        title));
        if (user.from().isAfter(parts.clock().instant())) {
            text.append(visit.shell().text("user.from", visit.shell().moment(user.from())));
        }
        user.until()
                .ifPresent(it -> text.append(
                        visit.shell().text("user.until", visit.shell().moment(it))));
        return text.append('.').toString();
    }

    /** Every position that opens a mailbox, its own included. */
    static Map<PositionCode, FunctionAccess> access(FunctionMailbox mailbox) {
        Map<PositionCode, FunctionAccess> access = new TreeMap<>(Comparator.comparing(PositionCode::value));
        access.putAll(mailbox.holders());
        if (mailbox.owner() instanceof OfPosition(PositionCode position)) {
            access.put(position, FunctionAccess.HOLDER);
        }
        return access;
    }

    /** The titles of the positions that open a mailbox. */
    Map<PositionCode, String> titles(FunctionMailbox mailbox) {
        Set<PositionCode> codes = new HashSet<>(access(mailbox).keySet());
        return parts.register().positions(codes).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().title()));
    }

    private Asked newAsked(Visit visit, boolean ofPosition) {
        Choices choices = ofPosition
                ? Choices.positions(visit, parts.structure(), Right.FUNCTION_MAILBOXES)
                : Choices.entities(visit, parts.structure(), Right.FUNCTION_MAILBOXES);
        return new Asked(
                visit.shell().text(ofPosition ? "new.poste" : "new.service"),
                visit.shell().text(ofPosition ? "new.poste.what" : "new.service.what"),
                place(ofPosition),
                ALL,
                choices,
                new Questions(visit)
                        .line(Kind.TEXT, "nom", "")
                        .line(Kind.EMAIL, "adresse", "")
                        .choice(ofPosition ? "poste" : "service", choices.found(), "")
                        .sought(choices)
                        .all());
    }

    private Planned newPlanned(Visit visit, boolean ofPosition) {
        FunctionMailbox wanted = new FunctionMailbox(
                visit.form().of("adresse", MailAddress::of),
                visit.form().line("nom"),
                ofPosition
                        ? new OfPosition(visit.form().of("poste", PositionCode::new))
                        : new OfEntity(visit.form().of("service", EntityCode::new)),
                Map.of());
        String done = place(wanted) + "?fait=made";
        Optional<FunctionMailbox> there = parts.register().functionMailbox(wanted.address());
        if (there.isPresent()) {
            if (there.get().equals(wanted)) {
                return new Planned(List.of(), _ -> done); // the form was sent twice
            }
            throw new PageRefused(422, "new.taken", wanted.address().toString());
        }
        return new Planned(
                List.of(
                        visit.shell()
                                .text(
                                        "new.would",
                                        wanted.displayName(),
                                        wanted.address().toString()),
                        Owners.of(parts, List.of(wanted)).name(visit, wanted) + ".",
                        visit.shell().text(ofPosition ? "new.poste.who" : "new.service.who")),
                provisioning -> {
                    provisioning.functionMailbox(wanted);
                    return done;
                });
    }

    private Asked renameAsked(Visit visit) {
        FunctionMailbox mailbox = known(visit);
        return asked(visit, mailbox, "renommer", new Questions(visit).line(Kind.TEXT, "nom", mailbox.displayName()));
    }

    private Planned renamePlanned(Visit visit) {
        FunctionMailbox mailbox = known(visit);
        FunctionMailbox wanted =
                new FunctionMailbox(mailbox.address(), visit.form().line("nom"), mailbox.owner(), mailbox.holders());
        return planned(
                wanted.equals(mailbox)
                        ? List.of()
                        : List.of(visit.shell().text("rename.would", mailbox.displayName(), wanted.displayName())),
                wanted);
    }

    private Asked closeAsked(Visit visit) {
        return asked(visit, known(visit), "fermer", new Questions(visit));
    }

    private Planned closePlanned(Visit visit) {
        FunctionMailbox mailbox = known(visit);
        return new Planned(
                List.of(visit.shell()
                        .text(
                                "close.would",
                                mailbox.displayName(),
                                mailbox.address().toString())),
                provisioning -> {
                    provisioning.state(
                            parts.register()
                                    .functionMailboxAccount(mailbox.address())
                                    .orElseThrow(PageRefused::nothingThere),
                            Account.State.CLOSED);
                    return ALL + "?fait=closed";
                });
    }

    /** A form about a mailbox. */
    Asked asked(Visit visit, FunctionMailbox mailbox, String act, Questions questions) {
        return asked(visit, mailbox, act, new Choices(List.of(), false, "", false), questions);
    }

    /** A form about a mailbox, in which something may have to be looked for. */
    Asked asked(Visit visit, FunctionMailbox mailbox, String act, Choices sought, Questions questions) {
        return new Asked(
                visit.shell().text("act." + act) + " – " + mailbox.displayName(),
                visit.shell().text("act." + act + ".what"),
                place(mailbox) + "/" + act,
                place(mailbox),
                sought,
                questions.sought(sought).all());
    }

    /** A mailbox that is to be otherwise. */
    Planned planned(List<String> sentences, FunctionMailbox wanted) {
        return new Planned(sentences, provisioning -> {
            provisioning.functionMailbox(wanted);
            return place(wanted) + "?fait=changed";
        });
    }

    /** The mailbox of the address, for who has the right where it is. */
    FunctionMailbox known(Visit visit) {
        FunctionMailbox mailbox = parts.register()
                .functionMailbox(visit.name("adresse", MailAddress::of))
                .orElseThrow(PageRefused::nothingThere);
        parts.rights()
                .demand(
                        Right.FUNCTION_MAILBOXES,
                        switch (mailbox.owner()) {
                            case OfPosition of -> new Place.OfPosition(of.position());
                            case OfEntity of -> new Place.OfEntity(of.entity());
                        });
        return mailbox;
    }

    /** The address of the page of a mailbox. */
    static String place(FunctionMailbox mailbox) {
        return ALL + "/" + Segment.of(mailbox.address());
    }
}
