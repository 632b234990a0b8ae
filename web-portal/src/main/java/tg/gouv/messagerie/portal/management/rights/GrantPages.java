package tg.gouv.messagerie.portal.management.rights;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights.Budget;
import tg.gouv.messagerie.directory.rights.Rights.Given;
import tg.gouv.messagerie.directory.rights.Rights.Listed;
import tg.gouv.messagerie.portal.management.asking.Asked;
import tg.gouv.messagerie.portal.management.asking.Choice;
import tg.gouv.messagerie.portal.management.asking.Choices;
import tg.gouv.messagerie.portal.management.asking.DirectoryParts;
import tg.gouv.messagerie.portal.management.asking.Planned;
import tg.gouv.messagerie.portal.management.asking.Question.Kind;
import tg.gouv.messagerie.portal.management.asking.Questions;
import tg.gouv.messagerie.portal.management.asking.Step;
import tg.gouv.messagerie.portal.management.showing.Link;
import tg.gouv.messagerie.portal.management.showing.Listing;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Shell;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** The rights that one has, those that were given in one's part, and to give and take them back. */
public final class GrantPages {
    private static final String ALL = "/gestion/droits";
    private static final String GIVE = ALL + "/donner";
    private static final String TAKE = ALL + "/{id}/reprendre";
    private static final int PAGE = 25;

    private final DirectoryParts parts;
    private final StaticTemplates templates = new StaticTemplates();

    /** The pages over what the directory can do. */
    public GrantPages(DirectoryParts parts) {
        this.parts = parts;
    }

    /** All of them. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>();
        all.add(Route.get(ALL, Access.SIGNED_IN, GrantPages.class, this::rights));
        all.addAll(Step.routes(GIVE, GrantPages.class, parts.provisioning(), this::giveAsked, this::givePlanned));
        all.addAll(Step.routes(TAKE, GrantPages.class, parts.provisioning(), this::takeAsked, this::takePlanned));
        return List.copyOf(all);
    }

    private Reply rights(Visit visit) {
        List<Given> held = parts.rights().heldBy(visit.account());
        if (held.isEmpty()) {
            throw new PageRefused(403, "nowhere");
        }
        boolean gives = held.stream().anyMatch(it -> it.rights().contains(Right.GRANT));
        Optional<UUID> after = visit.query().has("apres")
                ? Optional.of(visit.query().of("apres", UUID::fromString))
                : Optional.empty();
        List<Listed> found = parts.rights().givenWhere(visit.account(), after, PAGE + 1);
        List<Listed> shown = found.subList(0, Math.min(PAGE, found.size()));
        Shell s = visit.shell();
        return Reply.page(templates.managementListing(
                s,
                new Listing(
                        s.text("rights.title"),
                        s.text("rights.own"),
                        own(visit, held),
                        gives ? List.of(new Link(GIVE, s.text("give.title"), "")) : List.of(),
                        List.of(
                                s.text("rights.to"),
                                s.text("rights.rights"),
                                s.text("rights.where"),
                                s.text("rights.by"),
                                s.text("rights.from"),
                                s.text("rights.until"),
                                s.text("rights.budget"),
                                s.text("rights.take")),
                        shown.stream().map(it -> line(s, it)).toList(),
                        found.size() > PAGE
                                ? ALL + "?apres=" + shown.getLast().given().id()
                                : "",
                        s.text(gives ? "rights.none" : "rights.gives-not"))));
    }

    private List<String> own(Visit visit, List<Given> held) {
        Map<UUID, Budget> budgets = parts.rights().budgets(visit.account());
        Map<EntityCode, String> names = parts.names(held.stream()
                .flatMap(it -> it.entity().stream())
                .map(EntityCode::new)
                .collect(Collectors.toSet()));
        Shell s = visit.shell();
        return held.stream()
                .map(it -> {
                    StringBuilder text = new StringBuilder(s.text(
                            "own",
                            it.entity()
                                    .map(code -> names.getOrDefault(new EntityCode(code), code))
                                    .orElseGet(() -> s.text("everywhere")),
                            words(s, it.rights())));
                    it.until().ifPresent(until -> text.append(s.text("own.until", s.day(until))));
                    Optional.ofNullable(budgets.get(it.id()))
                            .ifPresent(budget -> text.append(s.text("own.budget", budget.left())));
                    return text.append('.').toString();
                })
                .toList();
    }

    private static String words(Shell s, Set<Right> rights) {
        return rights.stream().sorted().map(it -> s.text("right." + it.word())).collect(Collectors.joining(", "));
    }

    private static Listing.Line line(Shell s, Listed listed) {
        Given given = listed.given();
        return new Listing.Line(
                "/gestion/droits/" + given.id() + "/reprendre",
                holder(s, listed),
                List.of(
                        words(s, given.rights()),
                        listed.entityName().orElseGet(() -> s.text("everywhere")),
                        by(s, listed),
                        s.day(given.from()),
                        given.until().map(s::day).orElse("–"),
                        budget(s, listed),
                        s.text("take.title")));
    }

    private static String holder(Shell s, Listed listed) {
        return listed.holderAddress()
                .map(it -> listed.holderName() + " – " + it)
                .orElseGet(() -> s.text("holder.position", listed.holderName()));
    }

    private static String by(Shell s, Listed listed) {
        return listed.byName().orElseGet(() -> s.text("by.operator"));
    }

    private static String budget(Shell s, Listed listed) {
        OptionalInt most = listed.given().accountsMax();
        return most.isEmpty()
                ? "–"
                : s.text(
                        "budget",
                        Math.max(0, most.getAsInt() - listed.accounts().orElse(0)),
                        most.getAsInt());
    }

    private Asked giveAsked(Visit visit) {
        parts.reach(visit, Right.GRANT);
        Choices services = Choices.entities(visit, parts.structure(), Right.GRANT);
        Set<Right> own = EnumSet.noneOf(Right.class);
        parts.rights().heldBy(visit.account()).forEach(it -> own.addAll(it.rights()));
        return new Asked(
                visit.shell().text("give.title"),
                visit.shell().text("give.what"),
                GIVE,
                ALL,
                services,
                new Questions(visit)
                        .line(Kind.EMAIL, "personne", "")
                        .boxes(
                                "droits",
                                Arrays.stream(Right.values())
                                        .filter(own::contains)
                                        .map(it -> new Choice(
                                                it.word(), visit.shell().text("told." + it.word())))
                                        .toList(),
                                List.of())
                        .choice("service", services.found(), "")
                        .optional(Kind.NUMBER, "budget", "")
                        .optional(Kind.DATE, "depuis", "")
                        .optional(Kind.DATE, "jusque", "")
                        .sought(services)
                        .all());
    }

    private Planned givePlanned(Visit visit) {
        MailAddress address = visit.form().of("personne", MailAddress::of);
        Registered person = parts.register()
                .person(address)
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_PERSON, address));
        Grant grant = new Grant(
                new Grant.OfAccount(person.account()),
                ticked(visit),
                Optional.of(visit.form().of("service", EntityCode::new)),
                visit.form().given("budget").isPresent()
                        ? OptionalInt.of(visit.form().of("budget", GrantPages::notNegative))
                        : OptionalInt.empty(),
                moment(visit, "depuis", 0),
                moment(visit, "jusque", 1));
        if (parts.rights().heldBy(person.account()).stream().anyMatch(it -> isSame(it, grant))) {
            return new Planned(List.of(), _ -> ALL + "?fait=given"); // the form was sent twice
        }
        return new Planned(told(visit, person, grant), provisioning -> {
            provisioning.grant(grant);
            return ALL + "?fait=given";
        });
    }

    private static Set<Right> ticked(Visit visit) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String word : visit.form().all("droits")) {
            try {
                rights.add(Right.of(word));
            } catch (IllegalArgumentException _) {
                throw new PageRefused(422, "refused.field", word);
            }
        }
        if (rights.isEmpty()) {
            throw new PageRefused(422, "give.nothing");
        }
        return rights;
    }

    private static int notNegative(String text) {
        int number = Integer.parseInt(text);
        if (number < 0) {
            throw new IllegalArgumentException("a budget is 0 or more");
        }
        return number;
    }

    private static Optional<Instant> moment(Visit visit, String field, int daysAfter) {
        return visit.form().given(field).isEmpty()
                ? Optional.empty()
                : Optional.of(visit.form()
                        .of(field, LocalDate::parse)
                        .plusDays(daysAfter)
                        .atStartOfDay(visit.shell().site().zone())
                        .toInstant());
    }

    private static boolean isSame(Given given, Grant grant) {
        return given.rights().equals(grant.rights())
                && given.entity().equals(grant.entity().map(EntityCode::value))
                && given.accountsMax().equals(grant.accountsMax())
                && given.until().equals(grant.until())
                && given.holder().startsWith("account:");
    }

    private List<String> told(Visit visit, Registered person, Grant grant) {
        Shell s = visit.shell();
        List<String> sentences = new ArrayList<>();
        sentences.add(s.text(
                "give.would",
                person.person().name().display(),
                person.person().address().toString(),
                grant.entity().map(parts::name).orElseGet(() -> s.text("everywhere"))));
        grant.rights().stream().sorted().forEach(it -> sentences.add(s.text("told." + it.word())));
        if (grant.accountsMax().isPresent()) {
            sentences.add(s.text("give.budget", grant.accountsMax().getAsInt()));
        }
        grant.from().ifPresent(it -> sentences.add(s.text("give.from", s.moment(it))));
        sentences.add(
                grant.until().map(it -> s.text("give.until", s.moment(it))).orElseGet(() -> s.text("give.open")));
        return sentences;
    }

    private Listed known(Visit visit) {
        return parts.rights()
                .givenWhere(visit.account(), visit.name("id", UUID::fromString))
                .orElseThrow(PageRefused::nothingThere);
    }

    private Asked takeAsked(Visit visit) {
        Listed listed = known(visit);
        return new Asked(
                visit.shell().text("take.title") + " – " + listed.holderName(),
                visit.shell()
                        .text(
                                "take.what",
                                holder(visit.shell(), listed),
                                words(visit.shell(), listed.given().rights()),
                                listed.entityName()
                                        .orElseGet(() -> visit.shell().text("everywhere")),
                                by(visit.shell(), listed)),
                ALL + "/" + listed.given().id() + "/reprendre",
                ALL,
                new Questions(visit).all());
    }

    private Planned takePlanned(Visit visit) {
        Listed listed = known(visit);
        return new Planned(
                List.of(
                        visit.shell().text("take.would", holder(visit.shell(), listed)),
                        visit.shell().text("take.below")),
                provisioning -> {
                    provisioning.revoke(listed.given().id());
                    return ALL + "?fait=taken";
                });
    }
}
