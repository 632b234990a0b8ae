package tg.gouv.messagerie.portal.management;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.portal.management.asking.Asked;
import tg.gouv.messagerie.portal.management.asking.Choice;
import tg.gouv.messagerie.portal.management.asking.Choices;
import tg.gouv.messagerie.portal.management.asking.Planned;
import tg.gouv.messagerie.portal.management.asking.Question.Kind;
import tg.gouv.messagerie.portal.management.asking.Questions;
import tg.gouv.messagerie.portal.management.asking.Reach;
import tg.gouv.messagerie.portal.management.asking.Step;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Visit;

/** Somebody new, and what is simply changed of a person: language, service, further addresses. */
final class PersonPages {
    private static final String NEW = "/gestion/personnes/nouvelle";
    private static final int HOMONYMS_MAX = 10;

    private final ManagementPages.Parts parts;
    private final Known known;

    PersonPages(ManagementPages.Parts parts, Known known) {
        this.parts = parts;
        this.known = known;
    }

    List<Route> routes() {
        List<Route> all = new ArrayList<>(
                Step.routes(NEW, ManagementPages.class, parts.provisioning(), this::newAsked, this::newPlanned));
        all.addAll(Step.routes(
                ManagementPages.PERSON + "/modifier",
                ManagementPages.class,
                parts.provisioning(),
                this::changeAsked,
                this::changePlanned));
        all.addAll(Step.routes(
                ManagementPages.PERSON + "/adresses",
                ManagementPages.class,
                parts.provisioning(),
                this::addressesAsked,
                this::addressesPlanned));
        return all;
    }

    private Asked newAsked(Visit visit) {
        Reach.of(parts.rights().heldBy(visit.account()), Right.PEOPLE);
        Choices services = Choices.entities(visit, parts.structure(), Right.PEOPLE);
        return new Asked(
                visit.shell().text("new.title"),
                visit.shell().text("new.what"),
                NEW,
                "/gestion",
                services,
                new Questions(visit)
                        .optional(Kind.TEXT, "prenoms", "")
                        .line(Kind.TEXT, "nom", "")
                        .optional(Kind.TEXT, "matricule", "")
                        .radios("langue", languages(visit), "fr")
                        .choice("service", services.found(), "")
                        .optional(Kind.EMAIL, "adresse", "")
                        .sought(services)
                        .all());
    }

    private static List<Choice> languages(Visit visit) {
        return List.of(
                new Choice("fr", visit.shell().text("language.fr")),
                new Choice("en", visit.shell().text("language.en")));
    }

    private Planned newPlanned(Visit visit) {
        PersonName name =
                new PersonName(visit.form().line("prenoms"), visit.form().line("nom"));
        EntityCode service = visit.form().of("service", EntityCode::new);
        MailAddress address = visit.form().given("adresse").isPresent()
                ? visit.form().of("adresse", MailAddress::of)
                : parts.addresses().propose(name, service).orElseThrow(() -> new PageRefused(422, "new.no-address"));
        Person wanted = new Person(
                visit.form().given("matricule").map(Person.RegistrationNumber::new),
                name,
                address,
                visit.form().of("langue", Locale::of),
                Optional.of(service));
        boolean isThere = isThere(wanted);
        String serviceName = parts.register().entity(service).map(Entity::name).orElse(service.value());
        List<String> sentences = new ArrayList<>();
        if (!isThere) {
            sentences.add(visit.shell().text("new.person", name.display(), serviceName));
            sentences.add(visit.shell().text("new.address", address.toString()));
            wanted.registrationNumber()
                    .ifPresent(it -> sentences.add(visit.shell().text("new.number", it.value())));
            sentences.add(visit.shell()
                    .text(
                            "new.language",
                            visit.shell().text("language." + wanted.language().getLanguage())));
            sentences.add(visit.shell().text("new.letter"));
            sentences.addAll(homonyms(visit, name));
        }
        return new Planned(sentences, Map.of("adresse", address.toString()), provisioning -> {
            if (!isThere) {
                provisioning.person(wanted);
            }
            return after(visit, address, service);
        });
    }

    /** Warns of people whom the visitor may find and who are called so already. */
    private List<String> homonyms(Visit visit, PersonName name) {
        String sought = name.display();
        try {
            return parts.people().find(Optional.empty(), sought, Optional.empty(), HOMONYMS_MAX).people().stream()
                    .filter(it -> it.person().name().display().equalsIgnoreCase(sought))
                    .map(it -> visit.shell()
                            .text("new.homonym", sought, it.person().address().toString()))
                    .toList();
        } catch (ProvisioningRefused refused) {
            if (refused.reason() != Reason.NOTHING_SOUGHT) {
                throw refused;
            }
            return List.of(); // nobody is found by a name that long, or without a letter
        }
    }

    /**
     * Whether the person is there as wanted, because the form was sent twice.
     *
     * @throws PageRefused if the number is somebody's
     * @throws ProvisioningRefused if the address is somebody's
     */
    private boolean isThere(Person wanted) {
        Optional<Registered> same = parts.register().person(wanted.address());
        if (same.isPresent() && same.get().person().equals(wanted)) {
            return true;
        }
        if (wanted.registrationNumber().isPresent()
                && parts.register().person(wanted.registrationNumber().get()).isPresent()) {
            throw new PageRefused(
                    422, "new.number-taken", wanted.registrationNumber().get().value());
        }
        if (same.isPresent()) {
            throw new ProvisioningRefused(
                    Reason.ADDRESS_TAKEN,
                    wanted.address(),
                    same.get().person().name().display(),
                    same.get().person().address());
        }
        return false;
    }

    /** Where who made somebody goes: to the letter, if they may. */
    private String after(Visit visit, MailAddress address, EntityCode service) {
        Place place = new Place.OfEntity(service);
        AccountId who = visit.account();
        String person = ManagementPages.place(address);
        return (parts.rights().may(who, Right.CREDENTIALS, place)
                        ? person + "/lettre"
                        : parts.rights().may(who, Right.LOOK, place) ? person : "/gestion")
                + "?fait=made";
    }

    private Asked changeAsked(Visit visit) {
        Registered person = known.person(visit, Right.PEOPLE);
        Choices services = Choices.entities(visit, parts.structure(), Right.PEOPLE);
        String now = person.person().entity().map(EntityCode::value).orElse("");
        List<Choice> choices = new ArrayList<>(services.found());
        if (choices.stream().noneMatch(it -> it.value().equals(now))) {
            person.person().entity().flatMap(parts.register()::entity).ifPresent(it -> choices.addFirst(Choice.of(it)));
        }
        return new Asked(
                title(visit, "modifier", person),
                visit.shell().text("act.modifier.what"),
                ManagementPages.place(person) + "/modifier",
                ManagementPages.place(person),
                services,
                new Questions(visit)
                        .radios(
                                "langue",
                                languages(visit),
                                person.person().language().getLanguage())
                        .choice("service", choices, now)
                        .hidden("vu", visit.form().has("vu") ? visit.form().line("vu") : seen(person))
                        .sought(services)
                        .all());
    }

    /** What the form changes, as it was when it was shown. */
    private static String seen(Registered person) {
        return person.person().language().getLanguage() + " "
                + person.person().entity().map(EntityCode::value).orElse("");
    }

    private Planned changePlanned(Visit visit) {
        Registered person = known.person(visit, Right.PEOPLE);
        Person before = person.person();
        Person wanted = new Person(
                before.registrationNumber(),
                before.name(),
                before.address(),
                visit.form().of("langue", Locale::of),
                Optional.of(visit.form().of("service", EntityCode::new)));
        if (!wanted.equals(before) && !visit.form().line("vu").equals(seen(person))) {
            throw new ProvisioningRefused(Reason.CHANGED_MEANWHILE, before.address());
        }
        List<String> sentences = new ArrayList<>();
        if (!wanted.language().equals(before.language())) {
            sentences.add(visit.shell()
                    .text(
                            "new.language",
                            visit.shell().text("language." + wanted.language().getLanguage())));
        }
        if (!wanted.entity().equals(before.entity())) {
            sentences.add(visit.shell()
                    .text(
                            "change.entity",
                            before.name().display(),
                            wanted.entity()
                                    .flatMap(parts.register()::entity)
                                    .map(Entity::name)
                                    .orElse("")));
        }
        return new Planned(sentences, provisioning -> {
            provisioning.apply(State.of(wanted), State.of(before));
            return ManagementPages.place(person) + "?fait=changed";
        });
    }

    private Asked addressesAsked(Visit visit) {
        Registered person = known.person(visit, Right.PEOPLE);
        List<Choice> others = person.addresses().stream()
                .filter(it -> !it.equals(person.person().address()))
                .map(MailAddress::toString)
                .sorted()
                .map(it -> new Choice(it, it))
                .toList();
        return new Asked(
                title(visit, "adresses", person),
                visit.shell().text("act.adresses.what"),
                ManagementPages.place(person) + "/adresses",
                ManagementPages.place(person),
                new Questions(visit)
                        .optional(Kind.EMAIL, "ajouter", "")
                        .choice("retirer", others, "", visit.shell().text("empty.retirer"))
                        .all());
    }

    private Planned addressesPlanned(Visit visit) {
        Registered person = known.person(visit, Right.PEOPLE);
        Optional<MailAddress> more = visit.form().given("ajouter").isPresent()
                ? Optional.of(visit.form().of("ajouter", MailAddress::of))
                : Optional.empty();
        Optional<MailAddress> less = visit.form().given("retirer").isPresent()
                ? Optional.of(visit.form().of("retirer", MailAddress::of))
                : Optional.empty();
        if (more.isPresent() && less.isPresent()) {
            throw new PageRefused(422, "addresses.one");
        }
        String done = ManagementPages.place(person) + "?fait=changed";
        if (more.isPresent() && !person.addresses().contains(more.get())) {
            return new Planned(
                    List.of(visit.shell().text("addresses.more", more.get().toString())), provisioning -> {
                        provisioning.alias(person.account(), more.get());
                        return done;
                    });
        }
        if (less.isPresent() && person.addresses().contains(less.get())) {
            return new Planned(
                    List.of(visit.shell().text("addresses.less", less.get().toString())), provisioning -> {
                        provisioning.retire(person.account(), less.get());
                        return done;
                    });
        }
        return new Planned(List.of(), _ -> done);
    }

    private static String title(Visit visit, String act, Registered person) {
        return visit.shell().text("act." + act) + " – " + person.person().name().display();
    }
}
