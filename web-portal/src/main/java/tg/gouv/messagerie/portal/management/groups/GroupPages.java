package tg.gouv.messagerie.portal.management.groups;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.portal.management.asking.Asked;
import tg.gouv.messagerie.portal.management.asking.Choices;
import tg.gouv.messagerie.portal.management.asking.DirectoryParts;
import tg.gouv.messagerie.portal.management.asking.Paged;
import tg.gouv.messagerie.portal.management.asking.Planned;
import tg.gouv.messagerie.portal.management.asking.Question.Kind;
import tg.gouv.messagerie.portal.management.asking.Questions;
import tg.gouv.messagerie.portal.management.asking.Reach;
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

/** Groups: which there are, who is in one, and those that are made, renamed and removed. */
public final class GroupPages {
    static final String ALL = "/gestion/groupes";
    static final String ONE = ALL + "/{code}";
    private static final String NEW = ALL + "/nouveau";
    private static final int MEMBERS_PAGE = 50;
    private static final int COUNTED_MAX = 1_000;
    private static final int CODE_MAX = 64;

    private final DirectoryParts parts;
    private final StaticTemplates templates = new StaticTemplates();

    /** The pages over what the directory can do. */
    public GroupPages(DirectoryParts parts) {
        this.parts = parts;
    }

    /** All of them. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>(
                Step.routes(NEW, GroupPages.class, parts.provisioning(), this::newAsked, this::newPlanned));
        all.add(Route.get(ALL, Access.SIGNED_IN, GroupPages.class, this::groups));
        all.add(Route.get(ONE, Access.SIGNED_IN, GroupPages.class, this::group));
        all.addAll(Step.routes(
                ONE + "/modifier", GroupPages.class, parts.provisioning(), this::changeAsked, this::changePlanned));
        all.addAll(Step.routes(
                ONE + "/supprimer", GroupPages.class, parts.provisioning(), this::removeAsked, this::removePlanned));
        all.addAll(new MemberPages(parts, this).routes());
        all.addAll(new ListPages(parts, this).routes());
        return List.copyOf(all);
    }

    /** All of them, or those that are sought. */
    private Reply groups(Visit visit) {
        Reach reach = parts.reach(visit, Right.GROUPS);
        String sought = visit.query().line("q");
        if (sought.isEmpty()) {
            Paged<Group> page = Paged.of(visit, reach, ALL, GroupCode::new, Group::code, parts.register()::groups);
            return shown(200, visit, page, sought, "");
        }
        try {
            return shown(
                    200,
                    visit,
                    Paged.found(
                            visit,
                            ALL,
                            sought,
                            GroupCode::new,
                            Group::code,
                            (text, after, most) -> parts.structure().groups(Right.GROUPS, text, after, most)),
                    sought,
                    "");
        } catch (ProvisioningRefused refused) {
            return shown(
                    422,
                    visit,
                    new Paged<>(List.of(), ""),
                    sought,
                    visit.shell().sentence(refused));
        }
    }

    private Reply shown(int status, Visit visit, Paged<Group> page, String sought, String wrong) {
        boolean searches =
                !sought.isEmpty() || !page.next().isEmpty() || visit.query().has("apres");
        List<Group> shown = page.shown();
        Map<EntityCode, String> names =
                parts.names(shown.stream().map(Group::entity).collect(Collectors.toSet()));
        return Reply.page(
                status,
                templates.managementListing(
                        visit.shell(),
                        new Listing(
                                visit.shell().text("groups.title"),
                                visit.shell().text("groups.what"),
                                List.of(),
                                searches
                                        ? Optional.of(new Listing.Search(
                                                ALL, visit.shell().text("groups.seek"), sought, wrong))
                                        : Optional.empty(),
                                List.of(new Link(NEW, visit.shell().text("new.title"), "")),
                                List.of(
                                        visit.shell().text("home.name"),
                                        visit.shell().text("field.code"),
                                        visit.shell().text("field.service"),
                                        visit.shell().text("groups.named")),
                                shown.stream()
                                        .map(it -> new Listing.Line(
                                                place(it),
                                                it.name(),
                                                List.of(
                                                        it.code().value(),
                                                        names.getOrDefault(
                                                                it.entity(),
                                                                it.entity().value()),
                                                        String.valueOf(
                                                                it.members().size()))))
                                        .toList(),
                                page.next(),
                                visit.shell().text(sought.isEmpty() ? "groups.none" : "choices.none"))));
    }

    private Reply group(Visit visit) {
        Group group = known(visit);
        Optional<MailAddress> after =
                visit.query().has("apres") ? Optional.of(visit.query().of("apres", MailAddress::of)) : Optional.empty();
        List<MailAddress> now = parts.register().members(group.code(), after, MEMBERS_PAGE + 1);
        List<MailAddress> shown = now.subList(0, Math.min(MEMBERS_PAGE, now.size()));
        Map<MailAddress, Account> accounts = parts.directory().byAddresses(shown);
        int counted = parts.register()
                .members(group.code(), Optional.empty(), COUNTED_MAX)
                .size();
        Members members = new Members(visit.shell(), parts.register());
        Optional<MailingList> list = parts.register().mailingListOf(group.code());
        List<Thing.Fact> facts = new ArrayList<>(List.of(
                new Thing.Fact(visit.shell().text("field.code"), group.code().value()),
                new Thing.Fact(visit.shell().text("field.service"), parts.name(group.entity())),
                new Thing.Fact(
                        visit.shell().text("group.count"),
                        counted == COUNTED_MAX
                                ? visit.shell().text("list.more", counted - 1)
                                : String.valueOf(counted))));
        list.ifPresent(it -> {
            facts.add(new Thing.Fact(
                    visit.shell().text("list.address"), it.address().toString()));
            facts.add(new Thing.Fact(
                    visit.shell().text("field.ecrit"),
                    visit.shell().text("writers." + it.writers().word())));
            facts.add(new Thing.Fact(
                    visit.shell().text("field.responsable"), it.owner().toString()));
        });
        List<Link> acts = new ArrayList<>();
        List.of("ajouter", "ajouter-poste", "ajouter-regle", "ajouter-groupe", "retirer", "modifier", "liste")
                .forEach(it -> acts.add(link(visit, group, it)));
        if (list.isPresent()) {
            acts.add(link(visit, group, "fermer-liste"));
        }
        acts.add(link(visit, group, "supprimer"));
        return Reply.page(templates.managementThing(
                visit.shell(),
                new Thing(
                        group.name(),
                        facts,
                        List.of(
                                new Thing.Section(
                                        visit.shell().text("group.named"),
                                        members.sentences(group),
                                        "",
                                        visit.shell().text("group.named-none")),
                                new Thing.Section(
                                        visit.shell().text("group.now"),
                                        shown.stream()
                                                .map(it -> accounts.containsKey(it)
                                                        ? accounts.get(it).displayName() + " – " + it
                                                        : it.toString())
                                                .toList(),
                                        now.size() > MEMBERS_PAGE
                                                ? place(group) + "?apres="
                                                        + encoded(
                                                                shown.getLast().toString())
                                                : "",
                                        visit.shell().text("group.now-none"))),
                        acts,
                        new Link(ALL, visit.shell().text("groups.title"), ""))));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Link link(Visit visit, Group group, String act) {
        return new Link(
                place(group) + "/" + act,
                visit.shell().text("act." + act),
                visit.shell().text("act." + act + ".what"));
    }

    private Asked newAsked(Visit visit) {
        parts.reach(visit, Right.GROUPS);
        Choices services = Choices.entities(visit, parts.structure(), Right.GROUPS);
        return new Asked(
                visit.shell().text("new.title"),
                visit.shell().text("new.what"),
                NEW,
                ALL,
                services,
                new Questions(visit)
                        .line(Kind.TEXT, "nom", "")
                        .optional(Kind.TEXT, "code", "")
                        .choice("service", services.found(), "")
                        .sought(services)
                        .all());
    }

    private Planned newPlanned(Visit visit) {
        String name = visit.form().line("nom");
        GroupCode code =
                visit.form().given("code").isPresent() ? visit.form().of("code", GroupCode::new) : codeOf(name);
        Group wanted = new Group(code, name, visit.form().of("service", EntityCode::new), Set.of());
        String done = place(wanted) + "?fait=made";
        Optional<Group> there = parts.register().group(code);
        if (there.isPresent()) {
            if (there.get().equals(wanted)) {
                return new Planned(List.of(), _ -> done); // the form was sent twice
            }
            throw new PageRefused(422, "new.taken", code.value());
        }
        return new Planned(
                List.of(
                        visit.shell().text("new.would", wanted.name(), parts.name(wanted.entity())),
                        visit.shell().text("new.code", code.value()),
                        visit.shell().text("new.next")),
                Map.of("code", code.value()),
                provisioning -> {
                    provisioning.apply(State.of(wanted));
                    return done;
                });
    }

    /** A short name made of a long one. */
    private static GroupCode codeOf(String name) {
        String code = Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        code = code.substring(0, Math.min(CODE_MAX, code.length())).replaceAll("^-|-$", "");
        if (code.isEmpty()) {
            throw new PageRefused(422, "new.no-code");
        }
        return new GroupCode(code);
    }

    private Asked changeAsked(Visit visit) {
        Group group = known(visit);
        Choices services = Choices.entities(visit, parts.structure(), Right.GROUPS);
        return asked(
                visit,
                group,
                "modifier",
                services,
                new Questions(visit)
                        .line(Kind.TEXT, "nom", group.name())
                        .choice(
                                "service",
                                services.found(),
                                "",
                                visit.shell().text("empty.service", parts.name(group.entity())))
                        .hidden("vu", visit.form().has("vu") ? visit.form().text("vu") : seen(group)));
    }

    private static String seen(Group group) {
        return group.entity() + " " + group.name();
    }

    private Planned changePlanned(Visit visit) {
        Group group = known(visit);
        Group wanted = new Group(
                group.code(),
                visit.form().line("nom"),
                visit.form().given("service").isPresent()
                        ? visit.form().of("service", EntityCode::new)
                        : group.entity(),
                group.members());
        if (!wanted.equals(group) && !visit.form().text("vu").equals(seen(group))) {
            throw new ProvisioningRefused(Reason.CHANGED_MEANWHILE, group.code());
        }
        List<String> sentences = new ArrayList<>();
        if (!wanted.name().equals(group.name())) {
            sentences.add(visit.shell().text("change.name", group.name(), wanted.name()));
        }
        if (!wanted.entity().equals(group.entity())) {
            sentences.add(visit.shell().text("change.entity", wanted.name(), parts.name(wanted.entity())));
        }
        return planned(sentences, group, wanted);
    }

    private Asked removeAsked(Visit visit) {
        Group group = known(visit);
        return asked(visit, group, "supprimer", new Questions(visit));
    }

    private Planned removePlanned(Visit visit) {
        Group group = known(visit);
        return new Planned(List.of(visit.shell().text("remove.would", group.name())), provisioning -> {
            provisioning.removeGroup(group.code());
            return ALL + "?fait=removed";
        });
    }

    /** A form about a group. */
    Asked asked(Visit visit, Group group, String act, Questions questions) {
        return asked(visit, group, act, new Choices(List.of(), false, "", false), questions);
    }

    /** A form about a group, in which something may have to be looked for. */
    Asked asked(Visit visit, Group group, String act, Choices sought, Questions questions) {
        return new Asked(
                visit.shell().text("act." + act) + " – " + group.name(),
                visit.shell().text("act." + act + ".what"),
                place(group) + "/" + act,
                place(group),
                sought,
                questions.sought(sought).all());
    }

    /** A group that is to be otherwise, if it is still as it was seen. */
    Planned planned(List<String> sentences, Group seen, Group wanted) {
        return new Planned(sentences, provisioning -> {
            provisioning.apply(State.of(wanted), State.of(seen));
            return place(seen) + "?fait=changed";
        });
    }

    /** The group of the address, for who has the right where it is. */
    Group known(Visit visit) {
        Group group = parts.register().group(visit.name("code", GroupCode::new)).orElseThrow(PageRefused::nothingThere);
        parts.rights().demand(Right.GROUPS, new Place.OfEntity(group.entity()));
        return group;
    }

    /** The address of the page of a group. */
    static String place(Group group) {
        return ALL + "/" + Segment.of(group.code());
    }
}
