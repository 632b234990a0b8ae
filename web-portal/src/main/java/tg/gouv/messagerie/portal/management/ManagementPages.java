package tg.gouv.messagerie.portal.management;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.imports.AddressProposals;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.letters.Letters;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.provisioning.StructureIndex;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.rights.Rights.Budget;
import tg.gouv.messagerie.directory.rights.Rights.Given;
import tg.gouv.messagerie.mail.Forwards;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Segment;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** The pages of « Gestion » that are about people: to find them, to see how their accounts are, and what happens to them. */
public final class ManagementPages {
    private static final int PAGE = 25;
    /** The address of a person's page. */
    static final String PERSON = "/gestion/personnes/{adresse}";

    private final Parts parts;
    private final StaticTemplates templates = new StaticTemplates();

    /** The pages over what the directory can do. */
    public ManagementPages(Parts parts) {
        this.parts = parts;
    }

    /** What the pages stand on. */
    public record Parts(
            Register register,
            PeopleIndex people,
            Provisioning provisioning,
            Rights rights,
            HelpDesk desk,
            Forwards forwards,
            ActivationCodes codes,
            AccessLedger ledger,
            StructureIndex structure,
            AddressProposals addresses,
            LetterSettings letters,
            InstantSource clock) {}

    /** All of them. */
    public List<Route> routes() {
        List<Route> all =
                new ArrayList<>(new PersonPages(parts, this::known).routes()); // « nouvelle » before addresses
        all.addAll(List.of(
                Route.get("/gestion", Access.SIGNED_IN, ManagementPages.class, this::home),
                Route.get("/gestion/personnes", Access.SIGNED_IN, ManagementPages.class, this::find),
                Route.get(PERSON, Access.SIGNED_IN, ManagementPages.class, this::person),
                Route.get(PERSON + "/acces", Access.SIGNED_IN, ManagementPages.class, this::ledger),
                Route.post(PERSON + "/debloquer", Access.SIGNED_IN, ManagementPages.class, this::unlock),
                Route.get(PERSON + "/lettre", Access.PROVED, ManagementPages.class, this::letterAsked),
                Route.post(PERSON + "/lettre", Access.PROVED, ManagementPages.class, this::letter)));
        all.addAll(new ActPages(parts, this::known).routes());
        return List.copyOf(all);
    }

    /** Who administers nothing has no business here; what they may do where they do is judged with each act. */
    private List<Given> demandRights(Visit visit) {
        List<Given> given = parts.rights().heldBy(visit.account());
        if (given.isEmpty()) {
            throw new PageRefused(403, "management.nothing");
        }
        return given;
    }

    private Reply home(Visit visit) {
        List<Given> given = demandRights(visit);
        Map<UUID, Budget> budgets = parts.rights().budgets(visit.account());
        List<Part> places = given.stream()
                .map(it -> new Part(
                        it.entity()
                                .flatMap(code -> parts.register().entity(new EntityCode(code)))
                                .map(Entity::name)
                                .orElseGet(() -> visit.shell().text("management.everywhere")),
                        it.rights().stream()
                                .sorted()
                                .map(right -> visit.shell().text("right." + right.word()))
                                .toList(),
                        it.until().map(visit.shell()::day).orElse(""),
                        Optional.ofNullable(budgets.get(it.id()))
                                .map(budget ->
                                        visit.shell().text("management.budget", budget.accounts(), budget.left()))
                                .orElse("")))
                .toList();
        return Reply.page(templates.managementHome(visit.shell(), Area.of(given), places));
    }

    private Reply find(Visit visit) {
        demandRights(visit);
        String sought = visit.query().line("q");
        if (sought.isEmpty()) {
            return Reply.to("/gestion");
        }
        Optional<PeopleIndex.After> after = visit.query().has("apres")
                ? Optional.of(visit.query().of("apres", PeopleIndex.After::of))
                : Optional.empty();
        PeopleIndex.Page page;
        try {
            page = parts.people().find(Optional.empty(), sought, after, PAGE);
        } catch (ProvisioningRefused refused) {
            return Reply.page(
                    422,
                    templates.managementFound(
                            visit.shell(),
                            sought,
                            List.of(),
                            "",
                            "",
                            visit.shell().sentence(refused)));
        }
        String count = page.isMore()
                ? visit.shell().text("found.more", page.counted())
                : visit.shell().text(page.counted() == 1 ? "found.one" : "found.count", page.counted());
        return Reply.page(templates.managementFound(
                visit.shell(),
                sought,
                page.people(),
                page.next()
                        .map(it -> "/gestion/personnes?q=" + encoded(sought) + "&apres=" + encoded(it.text()))
                        .orElse(""),
                count,
                ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Reply person(Visit visit) {
        demandRights(visit);
        Registered person = known(visit, Right.LOOK);
        return Reply.page(templates.managementPerson(
                visit.shell(),
                person,
                entity(person),
                parts.register().positions(person.positions()).values().stream()
                        .map(Position::title)
                        .sorted()
                        .toList(),
                parts.desk().look(person.account()),
                List.of(Act.values()).stream()
                        .filter(it -> it.fits(person.state()))
                        .map(Act::word)
                        .toList()));
    }

    private Reply ledger(Visit visit) {
        Registered person = known(visit, Right.AUDIT);
        OptionalLong before = visit.query().given("avant").isPresent()
                ? OptionalLong.of(visit.query().of("avant", Long::valueOf))
                : OptionalLong.empty();
        List<AccessLedger.Entry> rows = parts.ledger().another(person.account(), before, PAGE);
        return Reply.page(templates.managementLedger(
                visit.shell(),
                person,
                rows,
                rows.size() < PAGE ? "" : String.valueOf(rows.getLast().row().number())));
    }

    private Reply unlock(Visit visit) {
        Registered person = known(visit, Right.CREDENTIALS);
        parts.desk().unlock(person.account());
        return Reply.to(place(person) + "?fait=unlocked");
    }

    private Reply letterAsked(Visit visit) {
        return Reply.page(templates.managementLetter(visit.shell(), known(visit, Right.CREDENTIALS)));
    }

    /** A new code on paper; the one before serves no more. */
    private Reply letter(Visit visit) {
        Registered person = known(visit, Right.CREDENTIALS);
        MailAddress address = person.person().address();
        ActivationCodes.Issued issued = parts.codes().issue(address, true);
        Optional<Entity> entity =
                person.person().entity().flatMap(it -> parts.register().entity(it));
        ActivationCodes.Letter letter = new ActivationCodes.Letter(
                person.person().registrationNumber().map(it -> it.value()),
                person.person().name().display(),
                person.person().language(),
                address,
                new ActivationCodes.Service(
                        entity.map(it -> it.code().value()).orElse(""),
                        entity.map(Entity::name).orElse(""),
                        1),
                issued);
        Locale language = visit.language();
        return Reply.file("application/pdf", "lettre.pdf", to -> write(letter, language, to));
    }

    private void write(ActivationCodes.Letter letter, Locale language, OutputStream to) throws IOException {
        try (Letters letters = new Letters(to, parts.letters(), language)) {
            letters.add(letter);
        }
    }

    private String entity(Registered person) {
        return person.person()
                .entity()
                .flatMap(it -> parts.register().entity(it))
                .map(Entity::name)
                .orElse("");
    }

    /** The person of the address, whom who acts may see with this right; an address without anybody is told as one without the right. */
    private Registered known(Visit visit, Right right) {
        Optional<Registered> person = parts.register().person(visit.name("adresse", MailAddress::of));
        if (person.isEmpty()) {
            throw PageRefused.nothingThere();
        }
        AccountId account = person.get().account();
        parts.rights().demand(right, new Place.OfAccount(account));
        return person.get();
    }

    /** The address of the page of a person. */
    public static String place(Registered person) {
        return place(person.person().address());
    }

    /** The address of the page of who has this address. */
    static String place(MailAddress address) {
        return "/gestion/personnes/" + Segment.of(address);
    }

    /**
     * A part of the State in which somebody has rights.
     *
     * @param until a day, or nothing
     * @param budget a sentence, or nothing
     */
    public record Part(String name, List<String> rights, String until, String budget) {
        public Part {
            rights = List.copyOf(rights);
        }
    }
}
